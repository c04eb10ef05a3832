"""How rare a score is on the whole board, and which level that makes it.

In: scores. Out: recurrence in hours, levels. Remembers how many windows a week there are at each
level of place, and what a history has shown of how often scores are reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from outagewatch.detect.peaks import Tail
from outagewatch.records import Level

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST_WINDOWS = 1700.0  # independent windows of up to an hour in a week of a busy signal (measured)
WEEK_HOURS = 168.0
MAX_HOURS = 1e9  # a recurrence is never given as rarer
SLOW_WINDOWS = 1 / 3  # windows of three hours, for each of an hour


def windows_a_week(mean: Floats) -> Floats:
    """Return how many independent windows a week of signals has, by people an hour.

    Every window begins with somebody who speaks: where few do, there are few; but one an hour at
    least, as a score says already how unlikely the first one was.

    Examples
    --------
    >>> windows_a_week(np.array([0.01, 1.0, 60.0])).round().tolist()
    [183.0, 1680.0, 1700.0]
    """
    return np.minimum(WEEK_HOURS * (1 + 9 * mean), MOST_WINDOWS)


class Budget:
    """The false alarms that are asked for, shared out over levels of place.

    Parameters
    ----------
    per_week
        False alarms a week on the whole board.
    n_levels
        Levels of place in use: 1 where places are not read, else 4.
    """

    def __init__(self, per_week: float, n_levels: int) -> None:
        self._per_week = per_week
        self._windows = np.zeros(n_levels)  # a week, of the signals seen
        self._tails: list[Tail | None] = []
        # Half of the budget goes to countries: few posts say where, so most are found there.
        self._weights = np.full(n_levels, 0.5 / max(n_levels - 1, 1))
        self._weights[0] = 0.5 if n_levels > 1 else 1.0

    def tune(self, tails: Sequence[Tail | None]) -> None:
        """Take how often scores are reached from a history, where it tells; one tail a level.

        Levels in which next to nothing was reached leave their share to the others.
        """
        self._tails = list(tails)[: len(self._windows)]
        told = np.array([tail is not None for tail in self._tails])
        if told.any():
            self._weights = self._weights / self._weights[told].sum()

    @property
    def shares(self) -> Floats:
        """False alarms a week that each level may have."""
        return self._weights * self._per_week

    def count(self, level: int) -> None:
        """Say that one more signal was seen at a level."""
        self._windows[level] += WEEK_HOURS

    def learn(self, level: Rows, mean: Floats) -> None:
        """Take in how many people an hour all signals have by now, with their levels of place."""
        windows = windows_a_week(mean)
        self._windows = np.bincount(level, windows, len(self._windows)).astype(float)

    @property
    def windows(self) -> Floats:
        """Windows a week by level, with those of one signal that is not seen yet."""
        return self._windows + WEEK_HOURS

    def recurrence(self, score: Floats, level: Rows, *, slow: bool = False) -> Floats:
        """Return how many hours pass, on the whole board, between scores so high by chance.

        Parameters
        ----------
        score
            Scores in nats, shape (rows,).
        level
            Levels of place, same shape.
        slow
            Whether they are of windows SLOW times as long, of which a week has fewer.
        """
        windows = self.windows[level] * (SLOW_WINDOWS if slow else 1.0)
        log_weeks = np.log(self._weights[level] / windows) + score
        for tuned, tail in enumerate(() if slow else self._tails):
            if tail is not None:
                there = level == tuned
                rarer = (score[there] - tail.start) / tail.scale - log(tail.per_week)
                log_weeks[there] = log(self._weights[tuned]) + rarer
        return np.asarray(np.exp(np.minimum(log_weeks, log(MAX_HOURS / WEEK_HOURS))) * WEEK_HOURS)

    def score_of(self, hours: float, level: Rows, *, slow: bool = False) -> Floats:
        """Return the scores that have a recurrence of so many hours at levels of place."""
        log_weeks = log(hours / WEEK_HOURS) - np.log(self._weights[level])
        scores = log_weeks + np.log(self.windows[level] * (SLOW_WINDOWS if slow else 1.0))
        for tuned, tail in enumerate(() if slow else self._tails):
            if tail is not None:
                there = level == tuned
                rarer = log_weeks[there] + log(tail.per_week)
                scores[there] = tail.start + tail.scale * rarer
        return np.asarray(scores)

    def level(self, recurrence_hours: float) -> Level | None:
        """Return the level that a recurrence has, or None."""
        if recurrence_hours >= self.strong_hours:
            return "strong"
        if recurrence_hours >= self.probable_hours:
            return "probable"
        if recurrence_hours >= self.possible_hours:
            return "possible"
        return None

    @property
    def strong_hours(self) -> float:
        """The recurrence that leaves next to no doubt."""
        return max(8760.0, 1680.0 / self._per_week)

    @property
    def probable_hours(self) -> float:
        """The recurrence that the budget asks for."""
        return WEEK_HOURS / self._per_week

    @property
    def possible_hours(self) -> float:
        """The least recurrence of anything that is worth a look."""
        return min(24.0, 84.0 / self._per_week)
