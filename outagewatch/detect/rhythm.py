"""The rhythm of complaints: which hours of the day and days of the week have how many.

In: people by hour. Out: a factor for each hour, 1 on average over a week. Remembers a histogram
of hours and one of days for each signal that keeps its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OWN_POSTS = 500.0  # posts from which a signal's own rhythm is used
PRIOR_POSTS = 100.0  # weight of the rhythm it is shrunk to, in posts
# When people post in public, by local hour, before a stream has shown its own: few before dawn,
# most in the evening; the quiet hours are kept high, as to expect too little makes false alarms.
_HOURS = np.array(
    [0.6, 0.45, 0.35, 0.3, 0.3, 0.35, 0.55, 0.8, 1.0, 1.1, 1.15, 1.2]
    + [1.2, 1.15, 1.15, 1.15, 1.2, 1.3, 1.4, 1.45, 1.45, 1.4, 1.2, 0.9]
)
_HOURS /= _HOURS.mean()
_SMOOTHING = np.array([0.25, 0.5, 0.25])


@lru_cache(maxsize=4096)
def local_hour(timezone: str, hour: int) -> tuple[int, int]:
    """Return hour of the day and day of the week of an hour since the epoch, in a time zone.

    Examples
    --------
    >>> local_hour("Europe/Paris", 0)
    (1, 3)
    """
    at = (EPOCH + timedelta(hours=hour)).astimezone(ZoneInfo(timezone))
    return at.hour, at.weekday()


class Rhythm:
    """Factors by hour of the day and day of the week.

    Parameters
    ----------
    timezone
        Whose hours they are; None where the place has many: then the prior is flat.
    prior
        The rhythm this one is shrunk to, if any.
    """

    def __init__(self, timezone: str | None, prior: Rhythm | None = None) -> None:
        self._timezone = timezone or "UTC"
        self._prior = prior
        self._base = _HOURS if timezone else np.ones(24)
        self._hours = np.zeros(24)
        self._days = np.zeros(7)
        self._weight_hour = 0  # hour since the epoch to which the histograms are aged
        self._factors: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def posts(self) -> float:
        """Posts behind it, aged."""
        return float(self._hours.sum())

    def learn(self, hour: int, people: float, keep: float) -> None:
        """Add an hour's people; ``keep`` is what remains of the past after an hour."""
        if self._weight_hour and hour > self._weight_hour:
            aged = keep ** (hour - self._weight_hour)
            self._hours *= aged
            self._days *= aged
        self._weight_hour = max(hour, self._weight_hour)
        of_day, of_week = local_hour(self._timezone, hour)
        self._hours[of_day] += people
        self._days[of_week] += people
        self._factors = None

    def factors(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the factors of the hours, shape (24,), and of the days, shape (7,)."""
        if self._factors is None:
            if self._prior is not None:
                hours, days = self._prior.factors()
            else:
                hours, days = self._base, np.ones(7)
            if self._prior is not None and self.posts < OWN_POSTS:
                return hours, days  # not kept: the prior goes on learning
            around = np.concatenate((self._hours[-1:], self._hours, self._hours[:1]))
            smooth = np.convolve(around, _SMOOTHING, "valid")
            seen = self._hours.sum()
            hours = (smooth * 24 + PRIOR_POSTS * hours) / (seen + PRIOR_POSTS)
            days = (self._days * 7 + PRIOR_POSTS * days) / (seen + PRIOR_POSTS)
            self._factors = hours / hours.mean(), days / days.mean()
        return self._factors

    def factor(self, hour: int, timezone: str) -> float:
        """Return the factor of an hour since the epoch, where it is that time zone's hour."""
        hours, days = self.factors()
        of_day, of_week = local_hour(timezone, hour)
        return float(hours[of_day] * days[of_week])
