"""What is usual for each signal at each hour: how many people are expected.

In: people by signal and hour. Out: expected people by signal and bucket. Remembers a few numbers
a signal. A signal's rate is its own people over its own time, shrunk to what its parent makes
likely (a gamma prior), times the rhythm of the day and week, times how the last hours ran. An hour
is learned from once it is over, never more than its likely most, and not during an incident.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from outagewatch.detect.rhythm import Exposure, Rhythm
from outagewatch.records import ANY, Location, Signal
from outagewatch.settings import Detect

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]

LEVELS = ("country", "region", "department", "city")
SERVICE_SHARE, OPERATOR_SHARE = 0.3, 0.5  # of its parent's people, before a signal has its own
RECENT_HALF_LIFE = 2.0  # hours, of how the last hours ran against what was expected
RECENT_PRIOR = 15.0  # people, weight of "as expected" in it
RECENT_MOST_INHERITED = 2.0  # times that a signal follows its parent up or down in it
RECENT_MIN_RATE = 6.0  # people an hour below which a signal follows its parent in it
TALK_HALF_LIFE = 12.0  # hours, of what people still talk about
DISPERSION_PRIOR = 50.0  # people, weight of "Poisson" in a signal's dispersion
UPPER = 0.95  # of the posterior, taken as expected while a baseline is young
MIN_RATE = 1e-9  # people an hour
MAX_SIGNALS = 10_000  # with a baseline of their own; the rest borrow their parent's share


def parent_of(signal: Signal) -> Signal | None:
    """Return the signal that a signal's rate is shrunk to: the larger place, service, operator."""
    operator, service, location = signal
    if location.parent is not None:
        return Signal(operator, service, location.parent)
    if service != ANY:
        return Signal(operator, ANY, location)
    if operator != ANY:
        return Signal(ANY, ANY, location)
    return None


def level_of(location: Location) -> int:
    """Return a place's level: 0 countries and all, 1 regions, 2 départements, 3 cities."""
    return LEVELS.index(location.kind) if location.kind in LEVELS else 0


class Baseline:
    """Expected people by signal.

    Parameters
    ----------
    settings
        How fast it forgets and how long it is young.
    step_hours
        Length of a bucket in hours.
    """

    def __init__(self, settings: Detect, step_hours: float) -> None:
        self._settings = settings
        self._step = step_hours
        self._keep = 0.5 ** (1 / (settings.forget_weeks * 168))
        self._kappa = settings.prior_days * 24.0
        self.signals: list[Signal] = []
        self._slots: dict[Signal, int] = {}
        self._rhythms: list[Rhythm] = []
        self._exposures: dict[str, Exposure] = {}
        self._factors: dict[tuple[int, int], float] = {}
        self._groups: dict[tuple[int, str], int] = {}
        self._group_list: list[tuple[int, str]] = []
        self.watched = 0.0  # hours, aged, in the rhythm of all
        self._watched_to: int | None = None
        self._named = np.ones(len(LEVELS) + 1)  # posts that name a place so deep, and 1
        self._allocate(256)

    def _allocate(self, size: int) -> None:
        """Make room for signals: one number each of what is kept."""
        old = len(self.signals)

        def grown(name: str, dtype: type, fill: float = 0) -> NDArray[np.float64]:
            array = np.full(size, fill, dtype)
            if old:
                array[:old] = getattr(self, name)[:old]
            return array

        self.parent = grown("parent", np.intp, -1).astype(np.intp)
        self.depth = grown("depth", np.intp).astype(np.intp)
        self.level = grown("level", np.intp).astype(np.intp)
        self._group = grown("_group", np.intp).astype(np.intp)
        self._own_rhythm = grown("_own_rhythm", np.intp, -1).astype(np.intp)
        self._share = grown("_share", float, 1.0)
        self._people = grown("_people", float)  # learned, aged to _hour
        self._hour = grown("_hour", np.int64, -1).astype(np.int64)  # being counted
        self._this_hour = grown("_this_hour", float)
        self._frozen_hour = grown("_frozen_hour", np.int64, -1).astype(np.int64)
        self._square, self._sum = grown("_square", float), grown("_sum", float)
        self._all_this_hour = grown("_all_this_hour", float)  # of incidents too
        self._talk = grown("_talk", float)  # people of the last day, fading
        self._recent, self._recent_mean = grown("_recent", float), grown("_recent_mean", float)
        self.mean, self.upper = grown("mean", float), grown("upper", float)
        self._recent_factor = grown("_recent_factor", float, 1.0)
        self.dispersion = grown("dispersion", float, 1.0)
        self._fresh_hour = grown("_fresh_hour", np.int64, -1).astype(np.int64)
        self._size = size

    def slot(self, signal: Signal) -> int:
        """Return a signal's number; -1 where there are too many to give it one."""
        known = self._slots.get(signal)
        if known is not None:
            return known
        if len(self.signals) >= MAX_SIGNALS:
            return -1
        above = parent_of(signal)
        parent = -1 if above is None else self.slot(above)
        if len(self.signals) >= self._size:
            self._allocate(self._size * 2)
        slot = len(self.signals)
        self.signals.append(signal)
        self._slots[signal] = slot
        location = signal.location
        self.parent[slot] = parent
        self.depth[slot] = self.depth[parent] + 1 if parent >= 0 else 0
        self.level[slot] = level_of(location)
        self._share[slot] = self._share_of(signal)
        if self.level[slot] == 0:
            prior = self._rhythms[self._group_list[self._group[parent]][0]] if parent >= 0 else None
            self._own_rhythm[slot] = len(self._rhythms)
            exposure = self._exposure(location.timezone or "UTC")
            diurnal = location.timezone is not None
            self._rhythms.append(Rhythm(exposure, diurnal=diurnal, prior=prior))
            rhythm = int(self._own_rhythm[slot])
        else:
            rhythm = self._group_list[self._group[parent]][0]
        self._group[slot] = self._group_of(rhythm, location.timezone or "UTC")
        return slot

    def _exposure(self, timezone: str) -> Exposure:
        """Return the hours watched in a zone; those of a zone seen late begin as seen so far."""
        known = self._exposures.get(timezone)
        if known is None:
            known = self._exposures[timezone] = Exposure(timezone)
            for other in self._exposures.values():
                if other is not known:
                    known.hours += other.hours.mean()
                    known.days += other.days.mean()
                    break
        return known

    def _group_of(self, rhythm: int, timezone: str) -> int:
        key = (rhythm, timezone)
        if key not in self._groups:
            self._groups[key] = len(self._group_list)
            self._group_list.append(key)
        return self._groups[key]

    @staticmethod
    def _share_of(signal: Signal) -> float:
        location = signal.location
        if location.parent is not None:
            whole = max(location.parent.population, location.population, 1)
            return max(location.population / whole, 1e-6) if location.population else 1e-3
        if signal.service != ANY:
            return SERVICE_SHARE
        return OPERATOR_SHARE

    def seen(self, signal: Signal) -> int | None:
        """Return a signal's number if it has one."""
        return self._slots.get(signal)

    def factor(self, group: int, hour: int) -> float:
        """Return the rhythm's factor of an hour since the epoch for a group of signals."""
        key = (group, hour)
        known = self._factors.get(key)
        if known is None:
            if len(self._factors) > 50_000:
                self._factors.clear()
            rhythm, timezone = self._group_list[group]
            known = self._factors[key] = self._rhythms[rhythm].factor(hour, timezone)
        return known

    def watch(self, hour: int) -> None:
        """Say that time has passed up to the beginning of an hour, all of it watched."""
        if self._watched_to is None:
            self._watched_to = hour
        for past in range(self._watched_to, hour):
            factor = self.factor(0, past) if self.signals else 1.0
            self.watched = self.watched * self._keep + factor
            for exposure in self._exposures.values():
                exposure.watch(past, self._keep)
        self._watched_to = max(hour, self._watched_to)

    def skip(self, hour: int) -> None:
        """Say that nothing was recorded up to an hour: no time of it was watched."""
        if self._watched_to is not None:
            self._watched_to = max(hour, self._watched_to)

    def refresh(self, slots: Slots, hour: int) -> None:
        """Bring the rates of signals up to an hour since the epoch; learn their past hours."""
        stale = slots[self._fresh_hour[slots] < hour]
        if not len(stale):
            return
        self._finish_hours(stale[(self._hour[stale] < hour) & (self._hour[stale] >= 0)], hour)
        self._fresh_hour[stale] = hour
        deep = np.maximum(self._named[1:] / (self._named[:-1] + 1), 1e-3)
        for depth in range(int(self.depth[stale].max()) + 1):
            self._rate(stale[self.depth[stale] == depth], hour, np.minimum(deep, 1.0))

    def _rate(self, slots: Slots, hour: int, deep: Floats) -> None:
        """Set mean and upper rates, in people an hour at factor 1."""
        if not len(slots):
            return
        parent = self.parent[slots]
        aged = np.where(self._hour[slots] >= 0, self._keep ** (hour - self._hour[slots]), 1.0)
        shape = self._people[slots] * aged
        if parent[0] < 0:  # all: of no parent, so of no prior but that there is some complaint
            shape, time = shape + 0.5, np.full(len(slots), max(self.watched, 1.0))
        else:
            inner = self.level[slots] > self.level[parent]
            share = self._share[slots] * np.where(inner, deep[self.level[slots]], 1.0)
            shape = shape + self._kappa * self.mean[parent] * share
            time = np.full(len(slots), self.watched + self._kappa)
        mean = np.maximum(shape / time, MIN_RATE)
        young = self.is_young(shape)
        upper = np.where(young, gammaincinv(np.maximum(shape, 1e-12), UPPER) / time, mean)
        self.mean[slots] = mean
        self.upper[slots] = np.maximum(mean, upper)
        recent = (self._recent[slots] + RECENT_PRIOR) / (self._recent_mean[slots] + RECENT_PRIOR)
        above = np.where(parent >= 0, self._recent_factor[parent], 1.0)
        above = np.clip(above, 1 / RECENT_MOST_INHERITED, RECENT_MOST_INHERITED)
        # What is busy follows its own last hours; what is sparse its parent's.
        self._recent_factor[slots] = np.where(mean >= RECENT_MIN_RATE, recent, above)
        self.dispersion[slots] = np.maximum(
            1.0,
            (self._square[slots] + DISPERSION_PRIOR) / (self._sum[slots] + DISPERSION_PRIOR),
        )

    def is_young(self, people: Floats) -> NDArray[np.bool_]:
        """Whether baselines with so many people behind them are taken at their upper bound."""
        settings = self._settings
        return (self.watched < settings.young_hours) | (people < settings.young_posts)

    @property
    def warming_up(self) -> bool:
        """Whether the whole stream is too young to say what is usual."""
        settings = self._settings
        people = self._people[0] if self.signals else 0.0
        return bool(self.watched < settings.young_hours or people < settings.young_posts)

    def _finish_hours(self, slots: Slots, hour: int) -> None:
        """Learn the hours that signals were counting, and the empty ones since."""
        if not len(slots):
            return
        counted = self._hour[slots]
        factors = np.array(
            [
                self.factor(g, h)
                for g, h in zip(self._group[slots].tolist(), counted.tolist(), strict=True)
            ]
        )
        expected = self.mean[slots] * factors * self._recent_factor[slots]
        people = self._this_hour[slots]
        most = self.upper[slots] * factors
        most = most + 3.1 * np.sqrt(1.3 * most) + 1.5  # about the 99.9th percentile
        learned = np.where(self._frozen_hour[slots] >= counted, expected, np.minimum(people, most))
        for slot, at, value in zip(slots.tolist(), counted.tolist(), learned.tolist(), strict=True):
            if self._own_rhythm[slot] >= 0:
                self._rhythms[int(self._own_rhythm[slot])].learn(at, value, self._keep)
        idle = np.maximum(hour - counted - 1, 0).astype(float)
        usual = self.mean[slots]
        self._square[slots] += (learned - expected) ** 2 + idle * usual**2
        self._sum[slots] += expected + idle * usual
        fade = 0.5 ** (1 / RECENT_HALF_LIFE)
        faded = fade**idle
        self._recent[slots] = (self._recent[slots] * fade + learned) * faded
        still = 0.5 ** (1 / TALK_HALF_LIFE)
        self._talk[slots] = self._talk[slots] * still + self._all_this_hour[slots]
        self._talk[slots] *= still**idle
        self._recent_mean[slots] = (self._recent_mean[slots] * fade + expected) * faded + (
            usual * fade * (1 - faded) / (1 - fade)
        )
        self._people[slots] = (self._people[slots] + learned) * self._keep ** (hour - counted)
        self._this_hour[slots] = 0.0
        self._all_this_hour[slots] = 0.0
        self._hour[slots] = hour

    def learn(self, slots: Slots, people: Floats, hour: int, frozen: NDArray[np.bool_]) -> None:
        """Count people of an hour, to be learned when it is over; not those of frozen signals."""
        new = slots[self._hour[slots] < 0]
        self._hour[new] = hour
        self._this_hour[slots] += np.where(frozen, 0.0, people)
        self._all_this_hour[slots] += people
        self._frozen_hour[slots[frozen]] = hour

    def unlearn(self, slots: Slots, people: Floats, expected: Floats) -> None:
        """Take back what the windows of an incident had taught before it was seen."""
        extra = np.maximum(people - expected - self._this_hour[slots], 0.0)
        self._people[slots] = np.maximum(self._people[slots] - extra, 0.0)
        self._frozen_hour[slots] = np.maximum(self._frozen_hour[slots], self._hour[slots])

    def _today(self, slots: Slots, hours: NDArray[np.int64]) -> Floats:
        """Return how many people an hour the last day had, those of incidents among them.

        After an incident people go on talking for days; a place that had much to say today is
        not compared with its quiet past.
        """
        aged = 0.5 ** ((hours.max() - self._hour[slots]) / TALK_HALF_LIFE)
        return np.asarray(self._talk[slots] * aged * (1 - 0.5 ** (1 / TALK_HALF_LIFE)))

    def learn_depth(self, located: dict[int, int]) -> None:
        """Count posts by the level of the place they name, 0 for none."""
        for level, posts in located.items():
            self._named[: level + 1] += posts

    def expected(self, slots: Slots, hours: NDArray[np.int64]) -> Floats:
        """Return expected people in buckets that lie in given hours, newest first.

        Parameters
        ----------
        slots
            Signals, refreshed, shape (n_signals,).
        hours
            Hour since the epoch of each bucket, shape (n_buckets,).

        Returns
        -------
        Shape (n_signals, n_buckets), above 0.
        """
        groups, of_slot = np.unique(self._group[slots], return_inverse=True)
        distinct, of_bucket = np.unique(hours, return_inverse=True)
        factors = np.array(
            [[self.factor(g, h) for h in distinct.tolist()] for g in groups.tolist()]
        )
        rate = np.maximum(self.upper[slots] * self._recent_factor[slots], self._today(slots, hours))
        rate *= self._step
        return np.asarray(rate[:, None] * factors[of_slot][:, of_bucket])
