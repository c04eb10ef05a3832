"""What each signal's score has told in the last day: an episode tells again only as it grows.

In: scores by row and hour. Out: the same scores, 0 where a high one was told already in the last
day and this one is not half as high again. Remembers one number an hour of the last day, a row.
"""

from __future__ import annotations

import numpy as np

from outagewatch.detect.baseline import Floats, Rows

HOURS = 24
MARGIN = 1.5  # times the highest of the last day that tells something new


class Highs:
    """The highest scores of the last day."""

    def __init__(self) -> None:
        self._by_hour = np.zeros((HOURS, 0))
        self._newest = 0

    def advance(self, hour: int, rows: int) -> None:
        """Let time pass up to an hour since the epoch; ``rows`` is how many rows there are."""
        more = rows - self._by_hour.shape[1]
        if more > 0:
            self._by_hour = np.pad(self._by_hour, ((0, 0), (0, more)))
        for past in range(max(self._newest + 1, hour - HOURS + 1), hour + 1):
            self._by_hour[past % HOURS] = 0.0
        self._newest = max(hour, self._newest)

    def new(self, rows: Rows, score: Floats, high: Floats) -> Floats:
        """Return scores that tell something new, else 0.

        Parameters
        ----------
        rows, score
            Rows with their scores.
        high
            Scores below which nothing keeps anything from being told, one a row.
        """
        told = self._by_hour[:, rows].max(0)
        return np.where((told < high) | (score > MARGIN * told), score, 0.0)

    def add(self, rows: Rows, told: Floats) -> None:
        """Remember scores of the newest hour that were told."""
        at = self._newest % HOURS
        self._by_hour[at, rows] = np.maximum(self._by_hour[at, rows], told)
