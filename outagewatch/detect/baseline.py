"""What is usual for each signal at each hour: how many people are expected, and how they scatter.

In: people by signal and hour. Out: expected people by signal. Remembers a row of numbers a signal,
all rows as columns, so that thousands of signals are worked on at once. A signal's rate is its own
people over its own time, shrunk to what its parent makes likely (a gamma prior), times the rhythm
of the day and week. An hour is learned from once it is over, never more than its likely most, and
not during an incident.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from outagewatch.detect.rhythm import Exposure, Rhythm, Zone
from outagewatch.detect.scatter import MOST, Scatter
from outagewatch.records import ANY, Location, Signal
from outagewatch.settings import Detect

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

LEVELS = ("country", "region", "department", "city")
SERVICE_SHARE, OPERATOR_SHARE = 0.3, 0.5  # of its parent's people, before a signal has its own
FOLLOW_HALF_LIFE = 2.0  # hours, of how the last hours ran against what was expected
DAY_HALF_LIFE = 12.0  # hours, of how the day ran
RECENT_PRIOR = 15.0  # people, weight of "as expected" in both
MOST_INHERITED = 2.0  # times that a signal follows its parent up or down
CELLS = 4.0  # of an hour, whose scatter within it is learned
BUSY_RATE = 3.0  # people an hour below which a signal follows its parent
TALK_HALF_LIFE = 12.0  # hours, of what people still talk about
MOST_PRIOR = 50.0  # people that what a parent makes likely is worth, at most
UPPER = 0.95  # of the posterior, taken as expected while a baseline is young
MIN_RATE = 1e-9  # people an hour
MAX_SIGNALS = 10_000  # with a baseline of their own; the rest are counted at their parents
_FOLLOW = 0.5 ** (1 / FOLLOW_HALF_LIFE)
_DAY = 0.5 ** (1 / DAY_HALF_LIFE)
_TALK = 0.5 ** (1 / TALK_HALF_LIFE)
_NOT_YET = -1
_WHOLE = (
    "parent", "depth", "level", "group", "hour", "frozen_hour", "fresh_hour", "counted", "cell",
)  # fmt: skip
_REAL = (
    "share", "this_hour", "all_this_hour", "this_cell", "squares", "people", "square", "hours",
    "recent", "recent_mean", "day", "day_mean", "talk", "mean", "upper", "follow", "whole_day",
    "spread",
)  # fmt: skip


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


def _share_of(signal: Signal) -> float:
    """Return the share of its parent's people that a signal is likely to have."""
    location = signal.location
    if location.parent is not None:
        whole = max(location.parent.population, location.population, 1)
        return max(location.population / whole, 1e-6) if location.population else 1e-3
    return SERVICE_SHARE if signal.service != ANY else OPERATOR_SHARE


class Baseline:
    """Expected people by signal.

    Attributes hold a number a signal, shape (capacity,), of which the first ``len(signals)`` are
    in use: ``mean`` people an hour at factor 1, ``upper`` the same while a baseline is young,
    ``follow`` how the last hours ran and ``whole_day`` how the day ran (1: as expected),
    ``spread`` how much more a signal scatters than the board, ``talk`` people of the last day,
    ``counted`` whether anybody was ever counted in it.

    Parameters
    ----------
    settings
        How fast it forgets and how long it is young.
    step_hours
        Length of a bucket in hours.
    """

    parent: Rows
    depth: Rows
    level: Rows
    group: Rows
    hour: Rows
    frozen_hour: Rows
    fresh_hour: Rows
    counted: Rows
    cell: Rows
    share: Floats
    this_hour: Floats
    all_this_hour: Floats
    squares: Floats
    this_cell: Floats
    people: Floats
    square: Floats
    hours: Floats
    recent: Floats
    recent_mean: Floats
    day: Floats
    day_mean: Floats
    talk: Floats
    mean: Floats
    upper: Floats
    follow: Floats
    whole_day: Floats
    spread: Floats

    def __init__(self, settings: Detect, step_hours: float) -> None:
        self._settings = settings
        self.cells = min(1 / step_hours, CELLS)  # of an hour, in which people are counted
        self._keep = 0.5 ** (1 / (settings.forget_weeks * 168))
        self._kappa = settings.prior_days * 24.0
        self.rows: dict[Signal, int] = {}
        self.signals: list[Signal] = []
        self.scatter = Scatter(self._keep)
        for name in _WHOLE:
            setattr(self, name, np.full(0, _NOT_YET, np.int64))
        for name in _REAL:
            setattr(self, name, np.zeros(0))
        self._rhythms: dict[int, Rhythm] = {}  # of rows of countries and all
        self._by_number: list[Rhythm] = []
        self._exposures: dict[Zone, Exposure] = {}
        self._keys: list[tuple[int, Zone]] = []  # of groups: a rhythm in a time zone
        self._groups: dict[tuple[int, Zone], int] = {}
        self._factors: dict[int, Floats] = {}  # by hour: of all groups
        self.watched = 0.0  # hours, aged, in the rhythm of all
        self._watched_to: int | None = None
        self._named = np.ones(len(LEVELS))  # posts that name a place at least so deep, and 1

    def row(self, signal: Signal) -> int:
        """Return the row of a signal; -1 where there are too many to begin it."""
        known = self.rows.get(signal)
        if known is not None:
            return known
        if len(self.rows) >= MAX_SIGNALS:
            return -1
        above = parent_of(signal)
        parent = -1 if above is None else self.row(above)
        if above is not None and parent < 0:
            return -1
        row = len(self.signals)
        if row >= MAX_SIGNALS:
            return -1
        if row == len(self.mean):
            self._grow()
        self.rows[signal] = row
        self.signals.append(signal)
        self.parent[row] = parent
        self.depth[row] = 0 if parent < 0 else self.depth[parent] + 1
        self.level[row] = level_of(signal.location)
        self.share[row] = _share_of(signal)
        self.mean[row] = self.upper[row] = MIN_RATE
        self.follow[row] = self.whole_day[row] = self.spread[row] = 1.0
        timezone, country = signal.location.timezone, signal.location.country
        if self.level[row] == 0:
            zone = Zone(timezone or "UTC", country)
            rhythm = Rhythm(
                self._exposure(zone),
                diurnal=timezone is not None,
                prior=self._rhythms.get(parent),
                number=len(self._by_number),
            )
            self._rhythms[row] = rhythm
            self._by_number.append(rhythm)
            self.group[row] = self._group(rhythm.in_use().number, zone)
        else:
            number, above_zone = self._keys[self.group[parent]]
            zone = Zone(timezone, country) if timezone else above_zone
            self.group[row] = self._group(number, zone)
        return row

    def _grow(self) -> None:
        more = max(len(self.mean), 64)
        for name in _WHOLE:
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.full(more, _NOT_YET, np.int64)]))
        for name in _REAL:
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(more)]))

    def _group(self, number: int, zone: Zone) -> int:
        known = self._groups.get((number, zone))
        if known is None:
            known = self._groups[number, zone] = len(self._keys)
            self._keys.append((number, zone))
        return known

    def _exposure(self, zone: Zone) -> Exposure:
        """Return the hours watched in a zone; those of a zone seen late begin as seen so far."""
        known = self._exposures.get(zone)
        if known is None:
            known = Exposure(zone)
            for other in self._exposures.values():
                known.hours += other.hours.mean()
                known.days += other.days.mean()
                break
            self._exposures[zone] = known
        return known

    def factors(self, hour: int) -> Floats:
        """Return the rhythm's factors of an hour since the epoch, one a group."""
        known = self._factors.get(hour)
        if known is None or len(known) < len(self._keys):
            begun = [] if known is None else known.tolist()
            for number, zone in self._keys[len(begun) :]:
                begun.append(self._by_number[number].factor(hour, zone))
            if len(self._factors) > 48:
                del self._factors[min(self._factors)]
            known = self._factors[hour] = np.array(begun)
        return known

    def watch(self, hour: int) -> None:
        """Say that time has passed up to the beginning of an hour, all of it watched."""
        if self._watched_to is None:
            self._watched_to = hour
        if hour > self._watched_to:
            self.scatter.age(hour - self._watched_to)
        for past in range(self._watched_to, hour):
            factor = 1.0
            if self.signals:
                number, zone = self._keys[self.group[0]]
                factor = self._by_number[number].factor(past, zone)
            self.watched = self.watched * self._keep + factor
            for exposure in self._exposures.values():
                exposure.watch(past, self._keep)
        self._watched_to = max(hour, self._watched_to)

    def skip(self, hour: int) -> None:
        """Say that nothing was recorded up to an hour: no time of it was watched."""
        if self._watched_to is not None:
            self._watched_to = max(hour, self._watched_to)

    def refresh(self, rows: Rows, hour: int) -> None:
        """Bring the rates of rows up to an hour since the epoch; learn their past hours."""
        due = rows[self.fresh_hour[rows] < hour]
        if not due.size:
            return
        found = [due]
        while due.size:
            due = self.parent[due]
            due = due[due >= 0]
            due = due[self.fresh_hour[due] < hour]
            found.append(due)
        stale = np.unique(np.concatenate(found))
        depths = self.depth[stale]
        for depth in np.unique(depths):  # what is above first: the rest is shrunk to it
            here = stale[depths == depth]
            counted = self.hour[here]
            self._finish(here[(counted != _NOT_YET) & (counted < hour)], hour)
            self._regroup(here)
            self._rate(here)
        self.fresh_hour[stale] = hour

    def _regroup(self, rows: Rows) -> None:
        """Take the rhythm that a country's rows use by now; the others that of their parent."""
        for row in rows.tolist():
            rhythm = self._rhythms.get(row)
            number, zone = self._keys[int(self.group[row])]
            if rhythm is not None:
                used = rhythm.in_use().number
            else:
                used = self._keys[int(self.group[self.parent[row]])][0]
            if used != number:
                self.group[row] = self._group(used, zone)

    def _rate(self, rows: Rows) -> None:
        parents = self.parent[rows]
        has = parents >= 0
        above = np.where(has, parents, 0)
        has &= self.counted[above] != _NOT_YET  # where nobody is counted above, it says nothing
        share = self.share[rows].copy()
        level, level_above = self.level[rows], self.level[above]
        deep = self._named[level] / (self._named[level_above] + 1)
        share *= np.where(level > level_above, np.clip(deep, 1e-3, 1.0), 1.0)
        likely = np.maximum(self.mean[above] * share, MIN_RATE)
        kappa = np.minimum(self._kappa, MOST_PRIOR / likely)  # hours
        prior = np.where(has, kappa * likely, 0.5)
        time = np.where(has, self.watched + kappa, max(self.watched, 1.0))
        shape = self.people[rows] + prior
        mean = np.maximum(shape / time, MIN_RATE)
        upper = mean.copy()
        young = self._are_young(shape)
        if young.any():
            bound = gammaincinv(np.maximum(shape[young], 1e-12), UPPER) / time[young]
            upper[young] = np.maximum(mean[young], bound)
        self.mean[rows], self.upper[rows] = mean, upper
        busy = mean >= BUSY_RATE
        for ran, recent, expected in (
            (self.follow, self.recent, self.recent_mean),
            (self.whole_day, self.day, self.day_mean),
        ):
            own = (recent[rows] + RECENT_PRIOR) / (expected[rows] + RECENT_PRIOR)
            inherited = np.where(has, np.clip(ran[above], 1 / MOST_INHERITED, MOST_INHERITED), 1.0)
            ran[rows] = np.where(busy, own, inherited)
        self.spread[rows] = self.scatter.spread(self.square[rows], self.hours[rows])

    def _are_young(self, people: Floats) -> NDArray[np.bool_]:
        """Whether baselines with so many people behind them are taken at their upper bound."""
        settings = self._settings
        if self.watched < settings.young_hours:
            return np.ones(people.shape, bool)
        return people < settings.young_posts

    @property
    def warming_up(self) -> bool:
        """Whether the whole stream is too young to say what is usual."""
        busiest = self.people.max(initial=0.0)  # counts may lack what holds them all
        return bool(self._are_young(np.array([busiest]))[0])

    def _finish(self, rows: Rows, hour: int) -> None:
        """Learn the hour that rows were counting, and the empty ones since."""
        if not rows.size:
            return
        counted = self.hour[rows]
        factor = np.empty(rows.size)
        groups = self.group[rows]
        for past in np.unique(counted):
            at = counted == past
            factor[at] = self.factors(int(past))[groups[at]]
        expected = self.mean[rows] * factor * self.follow[rows]
        likely = np.maximum(self.upper[rows] * factor, expected)
        scatter = self.scatter
        most = likely + 3.5 * np.sqrt(self.spread[rows] * scatter.variance(likely)) + 1.5
        frozen = self.frozen_hour[rows] >= counted
        if self.watched < self._settings.young_hours:
            most[:] = np.inf  # nothing says yet what is likely
        learned = np.where(frozen, expected, np.minimum(self.this_hour[rows], most))
        for row, past, people in zip(
            rows.tolist(), counted.tolist(), learned.tolist(), strict=True
        ):
            rhythm = self._rhythms.get(row)
            if rhythm is not None:
                rhythm.learn(past, people, self._keep)
        idle = (hour - counted - 1).astype(float)
        mean = self.mean[rows]
        # Bursts and incidents scatter too: what comes now and then is not beyond belief.
        square = np.minimum(
            (self.all_this_hour[rows] - expected) ** 2, MOST * scatter.variance(expected)
        )
        aged = self._keep ** (idle + 1)
        once, since = scatter.weight(expected), idle * scatter.weight(mean)
        distance = once * square / np.maximum(scatter.variance(expected), 1e-12)
        distance += since * mean**2 / np.maximum(scatter.variance(mean), 1e-12)
        self.square[rows] = (self.square[rows] + distance) * aged
        self.hours[rows] = (self.hours[rows] + once + since) * aged
        known = self.upper[rows] <= mean  # else what is usual is not yet known
        scatter.learn(expected[known], square[known])
        for keep, recent, expectation in (
            (_FOLLOW, self.recent, self.recent_mean),
            (_DAY, self.day, self.day_mean),
        ):
            faded = keep**idle
            recent[rows] = (recent[rows] * keep + learned) * faded
            quiet = mean * keep * (1 - faded) / (1 - keep)
            # against what was expected with nothing taken from the last hours
            plain = mean * factor
            expectation[rows] = (expectation[rows] * keep + plain) * faded + quiet
        self.talk[rows] = (self.talk[rows] * _TALK + self.all_this_hour[rows]) * _TALK**idle
        self.people[rows] = (self.people[rows] + learned) * aged
        squares = self.squares[rows] + self.this_cell[rows] ** 2
        scatter.learn_within(expected, self.all_this_hour[rows], squares, self.cells)
        for column in (self.this_hour, self.all_this_hour, self.squares, self.this_cell):
            column[rows] = 0.0
        self.hour[rows] = hour

    def of_last_day(self, rows: Rows) -> Floats:
        """Return how many people an hour the last day had, those of incidents among them.

        Never fewer are expected: after an incident people go on talking for days, and a place that
        had much to say today is not compared with its quiet past.
        """
        return np.asarray(self.talk[rows] * (1 - _TALK))

    def learn(
        self, rows: Rows, people: Floats, hour: float, *, frozen: NDArray[np.bool_] | None = None
    ) -> None:
        """Count people at a time in hours, to be learned when its hour is over; not frozen rows."""
        cell, hour = int(hour * self.cells), int(hour)
        passed = self.cell[rows] != cell
        self.squares[rows] += np.where(passed, self.this_cell[rows] ** 2, 0.0)
        self.this_cell[rows] = np.where(passed, 0.0, self.this_cell[rows]) + people
        self.cell[rows] = cell
        self.hour[rows] = np.where(self.hour[rows] == _NOT_YET, hour, self.hour[rows])
        self.all_this_hour[rows] += people
        if frozen is None:
            self.this_hour[rows] += people
        else:
            self.frozen_hour[rows[frozen]] = hour
            self.this_hour[rows] += np.where(frozen, 0.0, people)

    def unlearn(self, rows: Rows, people: Floats, expected: Floats) -> None:
        """Take back what the window of an incident had taught before it was seen."""
        extra = np.maximum(people - expected - self.this_hour[rows], 0.0)
        self.people[rows] = np.maximum(self.people[rows] - extra, 0.0)
        self.frozen_hour[rows] = np.maximum(self.frozen_hour[rows], self.hour[rows])

    def learn_depth(self, level: int) -> None:
        """Count a post by the level of the place it names, 0 for none."""
        self._named[: level + 1] += 1

    @property
    def placed(self) -> float:
        """The share of posts that name a place below the country."""
        return float(self._named[1] / self._named[0])

    def sources(self, rows: Rows) -> Rows:
        """Return the busy row whose last minutes each row follows: its own or one above; -1."""
        found = rows.copy()
        for _ in range(16):
            quiet = (found >= 0) & (self.mean[found] < BUSY_RATE)
            if not quiet.any():
                break
            found[quiet] = self.parent[found[quiet]]
        return found
