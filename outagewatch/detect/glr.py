"""Score counts against what is expected: the generalised likelihood ratio over all starts.

In: counts and expected counts of the last buckets. Out: the score of the start that stands out
most. Remembers nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def poisson_llr(observed: Floats, expected: Floats) -> Floats:
    """Score counts by the expectation-based Poisson log-likelihood ratio.

    Parameters
    ----------
    observed
        People in the window, any shape.
    expected
        Baseline mean over the same window, in people, same shape, above 0.

    Returns
    -------
    o log(o / e) - (o - e) where o exceeds e, else 0; in nats, same shape.

    References
    ----------
    Neill et al. (2005), Detection of emerging space-time clusters, KDD.

    Examples
    --------
    >>> poisson_llr(np.array([12.0, 2.0]), np.array([4.0, 4.0])).round(2)
    array([5.18, 0.  ])
    """
    above = observed > expected
    ratio = np.log(np.divide(observed, expected, out=np.ones_like(expected), where=above))
    return np.asarray(np.where(above, observed * ratio - (observed - expected), 0.0))


def best_start(counts: Floats, expected: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the highest score over all windows that end now, and how long its window is.

    Parameters
    ----------
    counts
        People by bucket, newest first, shape (n_signals, n_buckets).
    expected
        Baseline means, as counts, above 0.

    Returns
    -------
    Scores in nats and lengths in buckets, each of shape (n_signals,).

    References
    ----------
    Kulldorff (2001), Prospective time periodic geographical disease surveillance, JRSS A.

    Examples
    --------
    >>> best_start(np.array([[2.0, 1.0, 0.0]]), np.array([[0.1, 0.1, 0.1]]))
    (array([5.324...]), array([2]))
    """
    observed, mean = counts.cumsum(axis=1), expected.cumsum(axis=1)
    scores = poisson_llr(observed, mean)
    best = scores.argmax(axis=1)
    return scores[np.arange(len(scores)), best], best + 1
