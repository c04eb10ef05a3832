"""How rare a score is on the whole board, and which level that makes it.

In: scores. Out: recurrence in hours, levels. Remembers how many signals there are at each level of
place. With no history, the number of independent windows a week of one signal is taken as 1,700.
"""

from __future__ import annotations

from math import exp, log

from outagewatch.records import Level

WINDOWS_A_WEEK = 1700.0  # independent windows of up to an hour in a week of one signal (measured)
WEEK_HOURS = 168.0
MAX_HOURS = 1e9  # a recurrence is never given as rarer


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
        self._signals = [0] * n_levels
        # Half of the budget goes to countries: few posts say where, so most are found there.
        self._weights = [0.5] + [0.5 / (n_levels - 1)] * (n_levels - 1) if n_levels > 1 else [1.0]

    def count(self, level: int) -> None:
        """Say that one more signal was seen at a level."""
        self._signals[level] += 1

    def recurrence(self, score: float, level: int) -> float:
        """Return how many hours pass, on the whole board, between scores so high by chance."""
        signals = self._signals[level] + 1  # and one for those not seen yet
        log_weeks = log(self._weights[level] / (WINDOWS_A_WEEK * signals)) + score
        return exp(min(log_weeks, log(MAX_HOURS / WEEK_HOURS))) * WEEK_HOURS

    def level(self, recurrence_hours: float) -> Level | None:
        """Return the level that a recurrence has, or None."""
        if recurrence_hours >= max(8760.0, 1680.0 / self._per_week):
            return "strong"
        if recurrence_hours >= WEEK_HOURS / self._per_week:
            return "probable"
        if recurrence_hours >= self.possible_hours:
            return "possible"
        return None

    @property
    def possible_hours(self) -> float:
        """The least recurrence of anything that is worth a look."""
        return min(24.0, 84.0 / self._per_week)
