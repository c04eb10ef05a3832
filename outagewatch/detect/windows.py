"""The last buckets of every signal: what was counted in them, and how that ran against the usual.

In: people by row and bucket, as time passes. Out: for rows, the counts of the last buckets, and how
the time before each of them ran. Remembers one column of counts a bucket of the longest window, and
cells of a quarter of that for windows three times as long.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from outagewatch.detect.baseline import RECENT_PRIOR, Floats, Rows

SLOW = 3  # times the longest window, that a slow burn is looked for in
CELLS_A_WINDOW = 4
_FORGET_WINDOWS = 20  # after so many windows of silence nothing of the time before matters


class Windows:
    """Counts of the last buckets.

    Parameters
    ----------
    length
        Buckets of the longest window, also the half-life of how it ran.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._cell = -(-length // CELLS_A_WINDOW)
        self.n_cells = SLOW * CELLS_A_WINDOW
        self._keep = 0.5 ** (1 / length)
        self._counts = np.zeros((length, 0), np.float32)
        self._cells = np.zeros((self.n_cells, 0), np.float32)
        self._full = [False] * length  # buckets in which anybody spoke
        self._full_cells = [False] * self.n_cells
        self._ran = np.zeros(0)  # people before the oldest bucket, fading
        self._usual = np.zeros(0)  # and those that were expected
        self._held = np.zeros(0)  # how it ran when an incident began; 0 where there is none
        self._any_held = False
        self._since = np.zeros(0, np.int64)  # bucket from which there is anything to count
        self._began = 0
        self.newest: int | None = None
        self._fade = self._keep ** np.arange(length + 1)[:, None]

    def _grow(self, rows: int) -> None:
        more = rows - self._counts.shape[1]
        if more > 0:
            self._counts = np.pad(self._counts, ((0, 0), (0, more)))
            self._cells = np.pad(self._cells, ((0, 0), (0, more)))
            self._ran, self._usual = np.pad(self._ran, (0, more)), np.pad(self._usual, (0, more))
            self._held = np.pad(self._held, (0, more))
            self._since = np.pad(self._since, (0, more), constant_values=self._began)

    def advance(self, bucket: int, rows: int, usual: Callable[[int], Floats]) -> None:
        """Let time pass up to a bucket, which is then the newest.

        Parameters
        ----------
        bucket
            The bucket.
        rows
            How many rows there are.
        usual
            Returns the people expected in a bucket, one a row.
        """
        if self.newest is None:
            self.newest = self._began = bucket
        self._grow(rows)
        last, self.newest = self.newest, max(bucket, self.newest)
        if self.newest == last:
            return
        held = self._any_held
        before = (self._ran.copy(), self._usual.copy()) if held else None
        self._pass(last - self.length + 1, self.newest - self.length + 1, last, usual)
        if before is not None:
            is_held = self._held > 0
            self._ran[is_held], self._usual[is_held] = before[0][is_held], before[1][is_held]
        first = last // self._cell + 1
        for cell in range(max(first, self.newest // self._cell - self.n_cells + 1),
                          self.newest // self._cell + 1):  # fmt: skip
            at = cell % self.n_cells
            if self._full_cells[at]:
                self._cells[at] = 0
                self._full_cells[at] = False

    def _pass(self, start: int, end: int, last: int, usual: Callable[[int], Floats]) -> None:
        """Let buckets leave: from the oldest to the first that stays."""
        keep, length = self._keep, self.length
        n = self._counts.shape[1]
        at = start
        if end - at > _FORGET_WINDOWS * length:
            self._counts[:] = 0
            self._full = [False] * length
            self._ran[:] = 0
            self._usual[:] = 0
            at = end - _FORGET_WINDOWS * length
        while at < end:
            if at <= last and self._full[at % length]:
                column = self._counts[at % length]
                self._ran = self._ran * keep + column
                self._usual = self._usual * keep + usual(at)[:n] * (at >= self._since)
                column[:] = 0
                self._full[at % length] = False
                at += 1
                continue
            # Up to so many empty buckets at once: their rhythm hardly changes in the meantime.
            stop = min(end, at + max(length // CELLS_A_WINDOW, 1))
            empty = at + 1
            while empty < stop and not (empty <= last and self._full[empty % length]):
                empty += 1
            faded = keep ** (empty - at)
            self._ran *= faded
            self._usual *= faded
            self._usual += usual(at)[:n] * ((1 - faded) / (1 - keep)) * (at >= self._since)
            at = empty

    def add(self, rows: Rows, people: Floats) -> None:
        """Count people in the newest bucket."""
        assert self.newest is not None
        at, cell = self.newest % self.length, self.newest // self._cell % self.n_cells
        self._counts[at, rows] += people
        self._cells[cell, rows] += people
        self._full[at] = self._full_cells[cell] = True

    def counts(self, rows: Rows) -> Floats:
        """Return the counts of rows in the last buckets, newest first: shape (length, rows)."""
        assert self.newest is not None
        order = (self.newest - np.arange(self.length)) % self.length
        return self._counts[order[:, None], rows[None, :]].astype(float)

    def cells(self, rows: Rows) -> tuple[Floats, Floats]:
        """Return the counts of rows by cell, newest first, and in how many buckets each ends."""
        assert self.newest is not None
        now = self.newest // self._cell
        order = (now - np.arange(self.n_cells)) % self.n_cells
        begin = (now - np.arange(self.n_cells)) * self._cell
        return (
            self._cells[order[:, None], rows[None, :]].astype(float),
            (self.newest - begin + 1).astype(float),
        )

    def ran(self, rows: Rows, counts: Floats, usual: Floats, day: Floats) -> Floats:
        """Return how the time before each of the last buckets ran against what was expected.

        Parameters
        ----------
        rows
            Rows.
        counts, usual
            Counts of the last buckets and what was expected in them, newest first, shape
            (length, rows).
        day
            How the day ran, shape (rows,): what it is shrunk to.

        Returns
        -------
        Shape (length, rows); 1 is as expected. While an incident is open, as before it.
        """
        assert self.newest is not None
        buckets = self.newest - np.arange(self.length)
        usual = np.where(buckets[:, None] >= self._since[rows], usual, 0.0)
        people = self._before(counts, self._ran[rows])
        expected = self._before(usual, self._usual[rows])
        ran = (people + RECENT_PRIOR * day) / (expected + RECENT_PRIOR)
        if self._any_held:
            held = self._held[rows]
            ran = np.where(held > 0, held, ran)
        return ran

    def _before(self, in_window: Floats, older: Floats) -> Floats:
        """Return what there was before each bucket, fading, with what is older than all."""
        weighed = in_window * self._fade[:-1]
        total = weighed.sum(0) + older * self._fade[-1]
        return np.asarray((total - weighed.cumsum(0)) / self._fade[1:])

    def hold(self, rows: Rows, ran: Floats) -> None:
        """Keep how rows ran before an incident, for as long as it is open."""
        self._held[rows] = np.where(self._held[rows] > 0, self._held[rows], ran)
        self._any_held = True

    def release(self, rows: Rows) -> None:
        """Go on from how rows ran before the incident that has ended."""
        held = self._held[rows] > 0
        rows = rows[held]
        self._ran[rows] = self._held[rows] * self._usual[rows]
        self._held[rows] = 0.0
        self._any_held = bool(self._held.any())

    def clear(self, rows: Rows) -> None:
        """Forget the counts of rows: their windows start anew with the next bucket."""
        if self.newest is None:
            return
        rows = rows[rows < len(self._since)]
        self._counts[:, rows] = 0
        self._cells[:, rows] = 0
        self._since[rows] = self.newest + 1

    def skip(self, bucket: int) -> None:
        """Go on at a bucket after a gap, of which nothing is known."""
        self._counts[:] = 0
        self._cells[:] = 0
        self._full = [False] * self.length
        self._full_cells = [False] * self.n_cells
        self._since[:] = self._began = bucket
        self.newest = bucket
