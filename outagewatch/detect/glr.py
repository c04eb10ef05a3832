"""Score counts against what is expected: the generalised likelihood ratio over all starts.

In: counts of the last buckets and the expected people of windows that end now. Out: the score of
the window that stands out most. Remembers nothing.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def poisson_llr(observed: float, expected: float) -> float:
    """Score a count by the expectation-based Poisson log-likelihood ratio.

    Parameters
    ----------
    observed
        People in the window.
    expected
        Baseline mean over the same window, in people, above 0.

    Returns
    -------
    o log(o / e) - (o - e) where o exceeds e, else 0; in nats.

    References
    ----------
    Neill et al. (2005), Detection of emerging space-time clusters, KDD.

    Examples
    --------
    >>> round(poisson_llr(12, 4.0), 2), poisson_llr(2, 4.0)
    (5.18, 0.0)
    """
    if observed <= expected:
        return 0.0
    return observed * log(observed / expected) - (observed - expected)


class Best(NamedTuple):
    """The window of each row that stands out most: arrays of shape (rows,)."""

    length: NDArray[np.int64]  # index of its start, from the newest bucket back
    observed: Floats  # people in it
    expected: Floats
    score: Floats  # nats, over how much such counts scatter


def best_windows(
    counts: Floats, expected: Floats, scatter: Floats, starts: NDArray[np.bool_] | None = None
) -> Best:
    """Return the window up to now that stands out most, of each row.

    Only windows that begin with somebody speaking are looked at: any other has a shorter one of
    the same count in it, which is expected to have fewer.

    Parameters
    ----------
    counts
        People by bucket, newest first, shape (length, rows).
    expected
        People expected in the window that starts at each bucket, above 0, same shape.
    scatter
        Variance of such a window's count over its mean: 1 for chance alone. Same shape, or one
        that it can be broadcast from.
    starts
        Where windows may begin, same shape; None for wherever somebody spoke.

    References
    ----------
    Kulldorff (2001), Prospective time periodic geographical disease surveillance, JRSS A.

    Examples
    --------
    >>> counts, expected = np.array([[2.0], [1.0], [0.0]]), np.array([[0.1], [0.2], [0.3]])
    >>> best_windows(counts, expected, np.ones((3, 1)))
    Best(length=array([1]), observed=array([3.]), expected=array([0.2]), score=array([5.324...]))
    """
    observed = counts.cumsum(0)
    stands_out = (counts > 0 if starts is None else starts) & (observed > expected)
    score = np.zeros(counts.shape)  # nearly all of them: a logarithm is asked for only elsewhere
    n, e = observed[stands_out], expected[stands_out]
    divisor = np.broadcast_to(scatter, counts.shape)[stands_out]
    score[stands_out] = (n * np.log(n / e) - (n - e)) / divisor
    best = score.argmax(0)
    at = (best, np.arange(counts.shape[1]))
    found = stands_out[at]
    return Best(
        np.where(found, best, 0),
        np.where(found, observed[at], 0.0),
        np.where(found, expected[at], expected[0]),
        score[at],
    )
