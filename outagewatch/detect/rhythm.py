"""The rhythm of complaints: which hours of the day and days of the week have how many.

In: people by hour. Out: a factor for each hour, 1 on average over a week. Remembers a histogram
of hours and one of days for each signal that keeps its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from holidays import HolidayBase

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUNDAY = 6  # day of the week
OWN_POSTS = 500.0  # posts from which a signal's own rhythm is used
PRIOR_POSTS = 100.0  # weight of the rhythm it is shrunk to, in posts
# When people post in public, by local hour, before a stream has shown its own: few before dawn,
# most in the evening; the quiet hours are kept high, as to expect too little makes false alarms.
_HOURS = np.array(
    [
        0.6,
        0.45,
        0.35,
        0.3,
        0.3,
        0.35,
        0.55,
        0.8,
        1.0,
        1.1,
        1.15,
        1.2,
        1.2,
        1.15,
        1.15,
        1.15,
        1.2,
        1.3,
        1.4,
        1.45,
        1.45,
        1.4,
        1.2,
        0.9,
    ]
)
_HOURS /= _HOURS.mean()
_SMOOTHING = np.array([0.25, 0.5, 0.25])


class Zone(NamedTuple):
    """Whose clock and holidays count: a time zone and a country, if it has one."""

    timezone: str
    country: str | None = None


@lru_cache(maxsize=16)
def _holidays(country: str) -> HolidayBase | None:
    """Return the public holidays of a whole country; None where they are not known."""
    import holidays

    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


@lru_cache(maxsize=4096)
def local_hour(zone: Zone, hour: int) -> tuple[int, int]:
    """Return hour of the day and day of the week of an hour since the epoch, in a zone.

    A public holiday is as a Sunday.

    Examples
    --------
    >>> local_hour(Zone("Europe/Paris"), 0), local_hour(Zone("Europe/Paris", "FR"), 0)
    ((1, 3), (1, 6))
    """
    at = (EPOCH + timedelta(hours=hour)).astimezone(ZoneInfo(zone.timezone))
    free = _holidays(zone.country) if zone.country is not None else None
    return at.hour, SUNDAY if free is not None and at.date() in free else at.weekday()


class Exposure:
    """Hours watched, by hour of the day and day of the week: what people by hour are measured on.

    Parameters
    ----------
    zone
        Whose hours they are.
    """

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.hours = np.zeros(24)
        self.days = np.zeros(7)

    def watch(self, hour: int, keep: float) -> None:
        """Add an hour since the epoch; ``keep`` is what remains of the past after an hour."""
        of_day, of_week = local_hour(self.zone, hour)
        self.hours *= keep
        self.days *= keep
        self.hours[of_day] += 1.0
        self.days[of_week] += 1.0


class Rhythm:
    """Factors by hour of the day and day of the week.

    Parameters
    ----------
    exposure
        The hours watched.
    diurnal
        Whether the prior is that of one time zone's people; else it is flat.
    prior
        The rhythm this one is shrunk to, if any.
    number
        What it is known by.
    """

    def __init__(
        self, exposure: Exposure, *, diurnal: bool, prior: Rhythm | None = None, number: int = 0
    ) -> None:
        self.number = number
        self._exposure = exposure
        self._prior = prior
        self._base = _HOURS if diurnal else np.ones(24)
        self._hours = np.zeros(24)
        self._days = np.zeros(7)
        self._aged_to = 0  # hour since the epoch to which the histograms are aged
        self._factors: tuple[np.ndarray, np.ndarray] | None = None

    def in_use(self) -> Rhythm:
        """Return this rhythm, or the one before it while it has few posts behind it."""
        if self._prior is None or self.posts >= OWN_POSTS:
            return self
        return self._prior.in_use()

    @property
    def posts(self) -> float:
        """Posts behind it, aged."""
        return float(self._hours.sum())

    def learn(self, hour: int, people: float, keep: float) -> None:
        """Add an hour's people; ``keep`` is what remains of the past after an hour."""
        if self._aged_to and hour > self._aged_to:
            aged = keep ** (hour - self._aged_to)
            self._hours *= aged
            self._days *= aged
        self._aged_to = max(hour, self._aged_to)
        of_day, of_week = local_hour(self._exposure.zone, hour)
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
            watched = self._exposure.hours.sum()
            if not watched:
                return hours, days
            level = self.posts / watched
            hours = _shrunk(_smooth(self._hours), _smooth(self._exposure.hours) * level, hours)
            days = _shrunk(self._days, self._exposure.days * level, days)
            self._factors = hours / hours.mean(), days / days.mean()
        return self._factors

    def factor(self, hour: int, zone: Zone) -> float:
        """Return the factor of an hour since the epoch, where it is that zone's hour."""
        hours, days = self.factors()
        of_day, of_week = local_hour(zone, hour)
        return float(hours[of_day] * days[of_week])


def _smooth(by_hour: np.ndarray) -> np.ndarray:
    return np.convolve(np.concatenate((by_hour[-1:], by_hour, by_hour[:1])), _SMOOTHING, "valid")


def _shrunk(people: np.ndarray, expected: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return people over expected people, each bin shrunk to a prior by some posts."""
    weight = PRIOR_POSTS / len(people)
    return np.asarray((people + weight * prior) / (expected + weight))
