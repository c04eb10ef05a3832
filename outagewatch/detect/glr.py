"""Score counts against what is expected: the generalised likelihood ratio over all starts.

In: counts of the last buckets and the expected people of windows that end now. Out: the score of
the window that stands out most. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple


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


class Window(NamedTuple):
    """The window that stands out most: its first bucket, people, expected people and score."""

    first_bucket: int
    observed: float
    expected: float
    score: float


def best_window(
    events: Sequence[tuple[int, float]], bucket: int, rate: float, shape: Sequence[float]
) -> Window:
    """Return the window up to a bucket that stands out most.

    Only windows that begin with somebody speaking are looked at: any other has a shorter one of
    the same count in it, which is expected to have fewer.

    Parameters
    ----------
    events
        Buckets in which somebody spoke and how many, oldest first, none after ``bucket``.
    bucket
        The last bucket of all windows.
    rate
        Expected people in a bucket of factor 1, above 0.
    shape
        Sum of the factors of the last 1, 2, … buckets; events older than these are left out.

    References
    ----------
    Kulldorff (2001), Prospective time periodic geographical disease surveillance, JRSS A.

    Examples
    --------
    >>> best_window([(8, 1.0), (9, 2.0)], 9, 0.1, [1.0, 2.0, 3.0])
    Window(first_bucket=8, observed=3.0, expected=0.2, score=5.324...)
    """
    observed = 0.0
    best = Window(bucket, 0.0, rate * shape[0], 0.0)
    for at, count in reversed(events):
        length = bucket - at
        if length >= len(shape):
            break
        observed += count
        expected = rate * shape[length]
        if observed > expected:
            score = observed * log(observed / expected) - (observed - expected)
            if score > best.score:
                best = Window(at, observed, expected, score)
    return best
