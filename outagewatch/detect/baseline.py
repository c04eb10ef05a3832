"""What is usual for each signal at each hour: how many people are expected.

In: people by signal and hour. Out: expected people by signal and bucket. Remembers a few numbers
a signal. A signal's rate is its own people over its own time, shrunk to what its parent makes
likely (a gamma prior), times the rhythm of the day and week, times how the last hours ran. An hour
is learned from once it is over, never more than its likely most, and not during an incident.
"""

from __future__ import annotations

from collections import deque
from itertools import accumulate, chain, repeat
from math import sqrt

from scipy.special import gammaincinv

from outagewatch.detect.rhythm import Exposure, Rhythm
from outagewatch.records import ANY, Location, Signal
from outagewatch.settings import Detect

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
MAX_SIGNALS = 10_000  # with a baseline of their own; the rest are counted at their parents
_FADE = 0.5 ** (1 / RECENT_HALF_LIFE)
_STILL = 0.5 ** (1 / TALK_HALF_LIFE)
_NOT_YET = -1


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


class Track:
    """What is remembered of one signal: its last buckets, and what is usual for it."""

    __slots__ = (
        "all_this_hour", "dispersion", "events", "follow", "fresh_hour", "frozen_hour", "group",
        "hour", "level", "mean", "parent", "people", "recent", "recent_mean", "rhythm", "share",
        "signal", "square", "sum", "talk", "this_hour", "upper",
    )  # fmt: skip

    def __init__(self, signal: Signal, parent: Track | None) -> None:
        self.signal = signal
        self.parent = parent
        self.level = level_of(signal.location)
        self.share = _share_of(signal)
        self.events: deque[tuple[int, float]] = deque()  # bucket and people, oldest first
        self.group: tuple[int, str] = (0, "UTC")  # rhythm and time zone
        self.rhythm: Rhythm | None = None  # its own, of countries and all
        self.hour = _NOT_YET  # hour since the epoch that is being counted
        self.this_hour = 0.0  # people of it that are learned
        self.all_this_hour = 0.0  # and with those of incidents
        self.frozen_hour = _NOT_YET
        self.fresh_hour = _NOT_YET
        self.people = 0.0  # learned, aged to the beginning of hour
        self.square = self.sum = 0.0  # squared distance from what was expected, and that
        self.recent = self.recent_mean = 0.0
        self.talk = 0.0  # people of the last day, fading, those of incidents too
        self.mean = self.upper = MIN_RATE  # people an hour at factor 1
        self.follow = 1.0  # how the last hours ran
        self.dispersion = 1.0


class Baseline:
    """Expected people by signal.

    Parameters
    ----------
    settings
        How fast it forgets and how long it is young.
    step_hours
        Length of a bucket in hours.
    length
        Buckets of the longest window.
    """

    def __init__(self, settings: Detect, step_hours: float, length: int) -> None:
        self._settings = settings
        self._step = step_hours
        self._length = length
        self._keep = 0.5 ** (1 / (settings.forget_weeks * 168))
        self._kappa = settings.prior_days * 24.0
        self.tracks: dict[Signal, Track] = {}
        self._root: Track | None = None
        self._rhythms: list[Rhythm] = []
        self._exposures: dict[str, Exposure] = {}
        self._factors: dict[tuple[tuple[int, str], int], float] = {}
        self._shapes: dict[tuple[int, str], tuple[int, list[float]]] = {}
        self.watched = 0.0  # hours, aged, in the rhythm of all
        self._watched_to: int | None = None
        self._named = [1.0] * len(LEVELS)  # posts that name a place at least so deep, and 1

    def track(self, signal: Signal) -> Track | None:
        """Return what is remembered of a signal; None where there are too many to begin it."""
        known = self.tracks.get(signal)
        if known is not None or len(self.tracks) >= MAX_SIGNALS:
            return known
        above = parent_of(signal)
        parent = None if above is None else self.track(above)
        track = Track(signal, parent)
        if track.level == 0:
            prior = parent.rhythm if parent is not None else None
            timezone = signal.location.timezone
            exposure = self._exposure(timezone or "UTC")
            track.rhythm = Rhythm(
                exposure, diurnal=timezone is not None, prior=prior, number=len(self._rhythms)
            )
            track.group = (track.rhythm.in_use().number, timezone or "UTC")
            self._rhythms.append(track.rhythm)
        elif parent is not None:
            track.group = (parent.group[0], signal.location.timezone or parent.group[1])
        self._root = self._root or track
        self.tracks[signal] = track
        return track

    def _exposure(self, timezone: str) -> Exposure:
        """Return the hours watched in a zone; those of a zone seen late begin as seen so far."""
        known = self._exposures.get(timezone)
        if known is None:
            known = Exposure(timezone)
            for other in self._exposures.values():
                known.hours += other.hours.mean()
                known.days += other.days.mean()
                break
            self._exposures[timezone] = known
        return known

    def factor(self, group: tuple[int, str], hour: int) -> float:
        """Return the rhythm's factor of an hour since the epoch for a group of signals."""
        key = (group, hour)
        known = self._factors.get(key)
        if known is None:
            if len(self._factors) > 20_000:
                self._factors.clear()
            known = self._factors[key] = self._rhythms[group[0]].factor(hour, group[1])
        return known

    def shape(self, group: tuple[int, str], bucket: int) -> list[float]:
        """Return the sum of the factors of the last 1, 2, … buckets, up to a bucket."""
        known = self._shapes.get(group)
        if known is not None and known[0] == bucket:
            return known[1]
        runs, at, left = [], bucket, self._length
        while left > 0:
            hour = int(at * self._step)
            first = max(-int(-hour // self._step), at - left + 1)  # of the hour, in the window
            run = max(at - first + 1, 1)
            runs.append(repeat(self.factor(group, hour), run))
            at, left = at - run, left - run
        shape = list(accumulate(chain.from_iterable(runs)))
        self._shapes[group] = (bucket, shape)
        return shape

    def watch(self, hour: int) -> None:
        """Say that time has passed up to the beginning of an hour, all of it watched."""
        if self._watched_to is None:
            self._watched_to = hour
        for past in range(self._watched_to, hour):
            factor = self.factor(self._root.group, past) if self._root is not None else 1.0
            self.watched = self.watched * self._keep + factor
            for exposure in self._exposures.values():
                exposure.watch(past, self._keep)
        self._watched_to = max(hour, self._watched_to)

    def skip(self, hour: int) -> None:
        """Say that nothing was recorded up to an hour: no time of it was watched."""
        if self._watched_to is not None:
            self._watched_to = max(hour, self._watched_to)

    def refresh(self, track: Track, hour: int) -> None:
        """Bring a signal's rate up to an hour since the epoch; learn its past hours."""
        if track.fresh_hour >= hour:
            return
        if track.parent is not None:
            self.refresh(track.parent, hour)
        if _NOT_YET < track.hour < hour:
            self._finish_hour(track, hour)
        if track.rhythm is not None:
            track.group = (track.rhythm.in_use().number, track.group[1])
        elif track.parent is not None:
            track.group = (track.parent.group[0], track.group[1])
        track.fresh_hour = hour
        self._rate(track)

    def _rate(self, track: Track) -> None:
        parent = track.parent
        if parent is None:  # all: nothing above it says how many to expect
            shape, time = track.people + 0.5, max(self.watched, 1.0)
            above = 1.0
        else:
            share = track.share
            if track.level > parent.level:
                deep = self._named[track.level] / (self._named[parent.level] + 1)
                share *= min(max(deep, 1e-3), 1.0)
            shape = track.people + self._kappa * parent.mean * share
            time = self.watched + self._kappa
            most = RECENT_MOST_INHERITED
            above = min(max(parent.follow, 1 / most), most)
        track.mean = max(shape / time, MIN_RATE)
        track.upper = track.mean
        if self._is_young(shape):
            track.upper = max(track.mean, float(gammaincinv(max(shape, 1e-12), UPPER)) / time)
        busy = track.mean >= RECENT_MIN_RATE
        recent = (track.recent + RECENT_PRIOR) / (track.recent_mean + RECENT_PRIOR)
        track.follow = recent if busy else above
        spread = (track.square + DISPERSION_PRIOR) / (track.sum + DISPERSION_PRIOR)
        track.dispersion = max(1.0, spread)

    def _is_young(self, people: float) -> bool:
        """Whether a baseline with so many people behind it is taken at its upper bound."""
        settings = self._settings
        return self.watched < settings.young_hours or people < settings.young_posts

    @property
    def warming_up(self) -> bool:
        """Whether the whole stream is too young to say what is usual."""
        return self._is_young(self._root.people if self._root is not None else 0.0)

    def _finish_hour(self, track: Track, hour: int) -> None:
        """Learn the hour that a signal was counting, and the empty ones since."""
        counted = track.hour
        factor = self.factor(track.group, counted)
        expected = track.mean * factor * track.follow
        most = track.upper * factor
        most += 3.1 * sqrt(1.3 * most) + 1.5  # about the 99.9th percentile
        learned = expected if track.frozen_hour >= counted else min(track.this_hour, most)
        if track.rhythm is not None:
            track.rhythm.learn(counted, learned, self._keep)
        idle = hour - counted - 1
        track.square += (learned - expected) ** 2 + idle * track.mean**2
        track.sum += expected + idle * track.mean
        faded = _FADE**idle
        track.recent = (track.recent * _FADE + learned) * faded
        quiet = track.mean * _FADE * (1 - faded) / (1 - _FADE)
        track.recent_mean = (track.recent_mean * _FADE + expected) * faded + quiet
        track.talk = (track.talk * _STILL + track.all_this_hour) * _STILL**idle
        track.people = (track.people + learned) * self._keep ** (hour - counted)
        track.this_hour = track.all_this_hour = 0.0
        track.hour = hour

    def rate(self, track: Track) -> float:
        """Return the people expected in a bucket of factor 1, of a refreshed signal.

        Never fewer than the last day had, people of incidents among them: after an incident people
        go on talking for days, and a place that had much to say today is not compared with its
        quiet past.
        """
        today = track.talk * (1 - _STILL)
        return float(max(track.upper * track.follow, today) * self._step)

    def learn(self, track: Track, people: float, hour: int, *, frozen: bool) -> None:
        """Count people of an hour, to be learned when it is over; not those of a frozen signal."""
        if track.hour == _NOT_YET:
            track.hour = hour
        track.all_this_hour += people
        if frozen:
            track.frozen_hour = hour
        else:
            track.this_hour += people

    def unlearn(self, track: Track, people: float, expected: float) -> None:
        """Take back what the window of an incident had taught before it was seen."""
        extra = max(people - expected - track.this_hour, 0.0)
        track.people = max(track.people - extra, 0.0)
        track.frozen_hour = max(track.frozen_hour, track.hour)

    def learn_depth(self, level: int) -> None:
        """Count a post by the level of the place it names, 0 for none."""
        for i in range(level + 1):
            self._named[i] += 1
