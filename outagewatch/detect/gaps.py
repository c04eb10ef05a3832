"""Tell a stretch in which nothing was recorded from one in which nobody spoke.

In: times of all posts of a recording. Out: gaps. Remembers how many posts the stream has by hour;
those of one second are one, so that a post that comes twice makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from outagewatch.detect.rhythm import Exposure, Rhythm, Zone
from outagewatch.records import Gap

MISSING = 20.0  # posts that a stretch without any must have made expected, to be a gap
MIN_SECONDS = 600.0  # a shorter stretch is none
YOUNG_HOURS = 6.0  # a stream is taken to have been watched for at least so long
MOST_TIMES = 5.0  # the usual, that an hour is learned as at most: a storm is not the usual
RECENT_HALF_LIFE = 12.0  # hours, of how busy the stream has just been
RECENT_PRIOR = 20.0  # posts, weight of "as usual" in it
_HOUR = 3600
_FADE = 0.5 ** (1 / RECENT_HALF_LIFE)
_KEEP = 0.5 ** (1 / (8 * 168))


class Gaps:
    """Finds gaps in a recording.

    Parameters
    ----------
    timezone
        Whose rhythm the stream has; None for none.
    step_seconds
        Length of a bucket.
    """

    def __init__(self, timezone: str | None, step_seconds: float) -> None:
        self._zone = Zone(timezone or "UTC")
        self._exposure = Exposure(self._zone)
        self._rhythm = Rhythm(self._exposure, diurnal=timezone is not None)
        self._step = step_seconds
        self._newest: float | None = None
        self._hour = 0
        self._posts_this_hour = 0
        self._posts = 0.0
        self._watched = 0.0
        self._watched_to: int | None = None
        self._recent = self._recent_mean = 0.0

    def observe(self, times: NDArray[np.float64]) -> Iterator[Gap]:
        """Take the times of posts, in arrival order, in seconds; return the gaps they end."""
        if not len(times):
            return
        first = times[0] - 1 if self._newest is None else self._newest
        times = np.maximum.accumulate(np.maximum(times, first))
        steps = np.diff(times, prepend=first)
        times, steps = times[steps > 0], steps[steps > 0]
        if not len(times):
            return
        pauses = np.flatnonzero(steps > MIN_SECONDS)
        done = 0
        for at in pauses.tolist():
            self._count(times[done:at])
            done = at
            start, end = float(times[at] - steps[at]), float(times[at])
            if self._missing(start, end) >= MISSING:
                self._finish_hour(int(start // _HOUR) + 1)
                self._watched_to = int(end // _HOUR)
                self._hour = int(end // _HOUR)
                yield Gap(int(start // self._step) + 1, int(end // self._step))
        self._count(times[done:])
        self._newest = float(times[-1])

    def _count(self, times: NDArray[np.float64]) -> None:
        hours, counts = np.unique((times // _HOUR).astype(np.int64), return_counts=True)
        for hour, count in zip(hours.tolist(), counts.tolist(), strict=True):
            if hour != self._hour:
                self._finish_hour(hour)
                self._hour = hour
            self._posts_this_hour += count

    def _finish_hour(self, now: int) -> None:
        """Learn the hour that was counted, and that time passed up to now."""
        if self._watched_to is None:
            self._watched_to = now
        if self._posts_this_hour:
            rate = self._posts / max(self._watched, YOUNG_HOURS)
            learned = min(float(self._posts_this_hour), MOST_TIMES * rate + RECENT_PRIOR)
            self._rhythm.learn(self._hour, learned, _KEEP)
            self._posts += learned
            self._recent += learned
            self._posts_this_hour = 0
        passed = now - self._watched_to
        self._follow(now)
        if passed > 0:
            aged = _KEEP**passed
            self._posts *= aged
            self._watched = self._watched * aged + passed
            self._watched_to = now

    def _follow(self, now: int) -> None:
        """Take in how busy the hours up to now were, against what was usual."""
        assert self._watched_to is not None
        rate = self._posts / max(self._watched, YOUNG_HOURS)
        for hour in range(self._watched_to, now):
            self._exposure.watch(hour, _KEEP)
            usual = rate * self._rhythm.factor(hour, self._zone)
            self._recent_mean = self._recent_mean * _FADE + usual
            self._recent *= _FADE

    def _missing(self, start: float, end: float) -> float:
        """Return how many posts the stretch made expected."""
        busy = (self._recent + RECENT_PRIOR) / (self._recent_mean + RECENT_PRIOR)
        rate = self._posts / max(self._watched, YOUNG_HOURS) * min(busy, 1.0)
        first, last = int(start // _HOUR), int(end // _HOUR)
        if last - first > 1000:
            return rate * (end - start) / _HOUR
        total = 0.0
        for hour in range(first, last + 1):
            part = min(end, (hour + 1) * _HOUR) - max(start, hour * _HOUR)
            total += rate * self._rhythm.factor(hour, self._zone) * part / _HOUR
        return total
