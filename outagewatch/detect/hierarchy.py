"""Say which of many signals that stand out at once is the one to name.

In: excesses of one bucket. Out: one excess a cause: the smallest place, service and operator that
explain it. Remembers nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from outagewatch.records import ANY, Excess

MOST_CAUSES = 100  # named in a bucket: more at once is one cause that nothing here explains
SMALLEST_SHARE = 0.9  # of the best score that a smaller signal must have to be named instead


def _size(excess: Excess) -> tuple[int, int, int]:
    """Order from small to large: deep places first, then a named operator, then a service."""
    signal = excess.signal
    return (-len(signal.location.path), signal.operator == ANY, signal.service == ANY)


def explain(excesses: Sequence[Excess]) -> list[Excess]:
    """Return one excess a cause, best first.

    Around the best score, the smallest related signal that reaches most of it is named; all that
    are related to it are explained by it.
    """
    left = sorted(excesses, key=lambda e: (-e.score, e.signal.key))
    named: list[Excess] = []
    while left and len(named) < MOST_CAUSES:
        best = left[0]
        bar = SMALLEST_SHARE * best.score
        n_near = bisect_right(left, -bar, key=lambda e: -e.score)
        near = [e for e in left[:n_near] if e.signal.related(best.signal)]
        smallest = min(near, key=lambda e: (*_size(e), -e.score, e.signal.key))
        named.append(smallest)
        left = [
            e
            for e in left
            if not e.signal.related(smallest.signal) and not e.signal.related(best.signal)
        ]
    return named
