"""The counts of the last buckets of each signal.

In: counts by signal and bucket. Out: a row of buckets a signal, newest first. Remembers one ring
of buckets a signal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]


class Windows:
    """Rings of counts, one a signal.

    Parameters
    ----------
    length
        Buckets remembered.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._rings = np.zeros((256, length))
        self._newest = np.full(256, -1, np.int64)

    def add(self, slots: Slots, bucket: int, counts: Floats) -> None:
        """Put counts into a bucket, which is never older than a signal's newest."""
        needed = int(slots.max()) + 1
        if needed > len(self._newest):
            size = max(needed, 2 * len(self._newest))
            self._rings = np.concatenate(
                (self._rings, np.zeros((size - len(self._newest), self.length)))
            )
            self._newest = np.concatenate(
                (self._newest, np.full(size - len(self._newest), -1, np.int64))
            )
        self._forget(slots, bucket)
        self._rings[slots, bucket % self.length] += counts

    def _forget(self, slots: Slots, bucket: int) -> None:
        """Clear the buckets that have passed since each signal's newest."""
        passed = np.minimum(bucket - self._newest[slots], self.length)
        ages = (bucket - np.arange(self.length)) % self.length  # ring position, newest first
        stale = np.arange(self.length)[None, :] < passed[:, None]
        rings = self._rings[slots]
        rings[:, ages] = np.where(stale, 0.0, rings[:, ages])
        self._rings[slots] = rings
        self._newest[slots] = bucket

    def rows(self, slots: Slots, bucket: int) -> Floats:
        """Return counts up to a bucket, newest first, shape (n_signals, length)."""
        self._forget(slots, bucket)
        return self._rings[slots][:, (bucket - np.arange(self.length)) % self.length]

    def clear(self, slots: Slots) -> None:
        """Start signals anew."""
        self._rings[slots] = 0.0

    def clear_all(self) -> None:
        """Start all signals anew."""
        self._rings[:] = 0.0
