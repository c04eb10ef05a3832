"""Which time it is: the wall clock for live sources, event time for recordings.

The only module that looks at a clock. Event time is settled per post in arrival order, so that
neither the size of a batch nor the hour of a replay can change what is late.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray


def wall_clock() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


class EventClock:
    """The frontier of each source: its highest time so far, less the lateness allowed.

    Parameters
    ----------
    allowed_lateness
        Seconds that a post may come behind the newest one of its source.
    bucket_seconds
        Length of a bucket in seconds.
    """

    def __init__(self, allowed_lateness: float, bucket_seconds: float) -> None:
        self._allowed = allowed_lateness
        self._step = bucket_seconds
        self._highest: dict[str, float] = {}

    def advance(
        self, source: str, created: NDArray[np.float64], clock: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Move a source's frontier over a run of its posts, and say which of them are late.

        Parameters
        ----------
        source
            Name of the source.
        created
            Creation times in arrival order, seconds since the epoch, shape (n_posts,).
        clock
            What moves the clock at each post: the creation time, or the time of receipt where
            it is later, shape (n_posts,).

        Returns
        -------
        Whether each post is late: its bucket had ended at or before the frontier that the
        posts before it had set, shape (n_posts,).
        """
        before = self._highest.get(source, -np.inf)
        highest = np.maximum.accumulate(np.concatenate(([before], clock)))
        self._highest[source] = float(highest[-1])
        ends = (np.floor(created / self._step) + 1) * self._step
        return np.asarray(ends <= highest[:-1] - self._allowed)

    @property
    def watermark(self) -> float:
        """Event time before which no more posts are awaited, seconds; the least of all sources."""
        return min(self._highest.values(), default=-np.inf) - self._allowed

    @property
    def newest(self) -> float:
        """The highest time seen in any source, seconds."""
        return max(self._highest.values(), default=-np.inf)
