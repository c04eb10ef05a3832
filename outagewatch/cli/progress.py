"""How far a long replay has come: one line on stderr, on a terminal only, gone at the end.

In: batches on their way. Out: the same batches, and a line with posts, rate and time left.
Remembers when it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TextIO

from outagewatch.clock import wall_clock
from outagewatch.records import Batch
from outagewatch.sources.base import Tally

QUIET_SECONDS = 2.0  # before a line is shown
EVERY_SECONDS = 0.5


class Progress:
    """Watches batches go by.

    Parameters
    ----------
    stream
        Where the line goes.
    wanted
        Whether it is shown at all.
    """

    def __init__(self, stream: TextIO, *, wanted: bool) -> None:
        self._stream = stream
        self._wanted = wanted and stream.isatty()
        self._begun = self._told = wall_clock()
        self._shown = False
        self._n_posts = 0
        self.tally: Tally | None = None

    def watch(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Hand batches on, and say from time to time how far they have come."""
        for batch in batches:
            yield batch
            self._n_posts += len(batch.posts)
            if self._wanted and batch.times:
                self._tell(batch.times[-1])
        self.clear()

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False

    def _tell(self, at: float) -> None:
        now = wall_clock()
        if (now - self._begun).total_seconds() < QUIET_SECONDS:
            return
        if self._shown and (now - self._told).total_seconds() < EVERY_SECONDS:
            return
        self._told = now
        self._stream.write(f"\r\x1b[K{self.line(at, now)}")
        self._stream.flush()
        self._shown = True

    def line(self, at: float, now: datetime) -> str:
        """Return the line for a post of a time, seconds since the epoch, at a wall-clock time."""
        spent = max((now - self._begun).total_seconds(), 1e-6)
        parts = [f"{self._n_posts:,} posts", f"{self._n_posts / spent:,.0f} a second"]
        tally = self.tally
        if tally is not None and tally.first is not None and tally.last is not None:
            done = (at - tally.first) / max(tally.last - tally.first, 1.0)
            if 0 < done <= 1:
                left = timedelta(seconds=round(spent * (1 - done) / done))
                parts = [f"{done:.0%}", *parts, f"{left} left"]
        return ", ".join(parts)
