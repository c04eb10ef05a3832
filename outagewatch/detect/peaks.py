"""How often a history reached which scores: what thresholds are fitted to.

In: scores of buckets, oldest first. Out: the tail of scores at each level of place. Remembers the
highest of each hour at each level, by operator: related signals are one alert.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MERGE_HOURS = 3  # peaks so near one another are of one episode
TIMES_THE_RATE = 10.0  # of the asked rate, at which the tail begins
FEWEST = 20  # peaks that a tail is fitted to, at least
CENSORED = 0.05  # share of peaks, the highest, that are only counted: some are true outages


class Tail(NamedTuple):
    """How often scores of a level are reached by chance, from a score on."""

    start: float  # nats
    scale: float  # nats in which they become e times rarer
    per_week: float  # peaks over start, in a week of the whole board

    def weeks(self, score: Floats) -> Floats:
        """Return how many weeks pass between scores so high."""
        return np.asarray(np.exp((score - self.start) / self.scale) / self.per_week)


class Peaks:
    """The highest score of each hour, by level of place."""

    def __init__(self) -> None:
        self._best: dict[int, dict[tuple[str, int], float]] = {}  # by level: by operator, hour

    def __len__(self) -> int:
        """Return in how many hours anything was reached, at the level that had the most."""
        return max((len(hours) for hours in self._best.values()), default=0)

    def add(self, hour: int, operator: str, score: float, level: int) -> None:
        """Take in an excess of a bucket, and of whom the alert would be."""
        best = self._best.setdefault(level, {})
        best[operator, hour] = max(score, best.get((operator, hour), 0.0))

    def tails(self, weeks: float, per_week: Floats) -> list[Tail | None]:
        """Return the tail of each level of place.

        Parameters
        ----------
        weeks
            How long the history is.
        per_week
            False alarms a week that are asked for, one a level.

        Returns
        -------
        None where a level has too few peaks to tell.
        """
        found: list[Tail | None] = []
        for level, asked in enumerate(per_week.tolist()):
            own = sorted(self._best.get(level, {}).items())
            most = int(max(TIMES_THE_RATE * asked * weeks, FEWEST))
            found.append(_tail(own, weeks, most))
        return found


def _tail(peaks: list[tuple[tuple[str, int], float]], weeks: float, most: int) -> Tail | None:
    if len(peaks) < FEWEST:
        return None
    scores = np.sort([score for _, score in peaks])[::-1]
    start = float(scores[min(most, len(scores) - 1)])
    over: list[float] = []
    last = ("", -MERGE_HOURS - 1)
    for (operator, hour), score in peaks:
        if score <= start:
            continue
        if operator == last[0] and hour - last[1] <= MERGE_HOURS:
            over[-1] = max(over[-1], score)
        else:
            over.append(score)
        last = (operator, hour)
    if len(over) < FEWEST // 2:
        return None
    excess = np.sort(np.array(over)) - start
    known = len(excess) - int(CENSORED * len(excess))
    scale = (excess[:known].sum() + (len(excess) - known) * excess[known - 1]) / known
    return Tail(start, max(float(scale), 0.1), len(over) / max(weeks, 1e-9))
