"""How much more people scatter around what is expected than chance alone would have it.

In: what hours had and what was expected of them. Out: the variance of a count. Remembers a few
sums of the whole board, aged: one signal is too little to tell it by, and a noisy estimate would
blur every score. Variance is ``excess x mean + drift x mean²``: the first part is people who answer
one another, told by the quarters of hours, the second a level that moves unforeseen. Hours of which
less than a person is expected hardly count: several people in one of those are rather what is
looked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OWN_HOURS = 1000.0  # of a person or more, from which a signal's own scatter counts
LEAST_EXCESS = 1.05  # people are never quite strangers to one another
MOST = 30.0  # times its variance that a squared distance is believed
PRIOR_HOURS = 50.0  # people, and hours: weight of "as chance has it"
PRIOR_DRIFT = 0.01  # (share of the mean)², before there is anything to tell it by
PRIOR_MEAN = 50.0  # people an hour at which that is believed
UNFORESEEN = 1 / 3  # of an hour's drift: windows know how it ran until they began
REPLY_MINUTES = 5.0  # those who answer one another do so within minutes: short windows have more


class Scatter:
    """The variance of counts on the whole board.

    Parameters
    ----------
    keep
        What remains of the past after an hour of one signal.
    """

    def __init__(self, keep: float) -> None:
        self._keep = keep
        self._within = np.zeros(2)  # squared distances within hours, and those chance would have
        self._hours = np.zeros(3)  # sums of w m, w m², w z m: z is squared distance over mean m
        self.excess = LEAST_EXCESS
        self.drift = PRIOR_DRIFT

    def weight(self, mean: Floats) -> Floats:
        """Return how much an hour with this mean tells, in hours with many people."""
        return np.asarray((mean / (1 + mean)) ** 2)

    def learn(self, mean: Floats, square: Floats) -> None:
        """Take in hours: what was expected of them, and the squared distance from that."""
        m = np.maximum(mean, 1e-9)
        w = self.weight(m) / (self.excess + self.drift * m) ** 2
        self._hours += [(w * m).sum(), (w * m * m).sum(), (w * square).sum()]
        people = PRIOR_HOURS * PRIOR_MEAN
        prior = np.array([1.0, PRIOR_MEAN, 1 + PRIOR_DRIFT * PRIOR_MEAN]) * people
        s1, s2, t1 = self._hours + prior
        self.drift = float(min(max((t1 - self.excess * s1) / s2, 0.0), 1.0))

    def learn_within(self, mean: Floats, people: Floats, squares: Floats, cells: float) -> None:
        """Take in how people were spread over the cells of hours: sums of counts and squares."""
        if cells <= 1:
            return
        w = self.weight(mean)
        likely = people * (1 - 1 / cells)
        within = np.minimum(squares - people**2 / cells, MOST * self.excess * likely)
        self._within += [(w * within).sum(), (w * likely).sum()]
        observed, expected = self._within + PRIOR_HOURS
        self.excess = float(max(observed / expected, LEAST_EXCESS))

    def age(self, hours: float) -> None:
        """Let hours pass."""
        self._hours *= self._keep**hours
        self._within *= self._keep**hours

    def variance(self, mean: Floats) -> Floats:
        """Return the variance of counts of one hour with these means."""
        return np.asarray(self.excess * mean + self.drift * mean * mean)

    def spread(self, square: Floats, hours: Floats) -> Floats:
        """Return how many times the board's variance rows have, shrunk to 1; at least chance's.

        Parameters
        ----------
        square
            Squared distance over the board's variance, summed over hours by their weight.
        hours
            Sum of those weights.
        """
        return np.maximum((square + OWN_HOURS) / (hours + OWN_HOURS), 1 / self.excess)

    def of_windows(self, expected: Floats, minutes: Floats, bucket: float) -> Floats:
        """Return the variance of windows' counts over their means.

        Parameters
        ----------
        expected
            People expected in each window, shape (length, rows).
        minutes
            Lengths of the windows in minutes, shape (length,).
        bucket
            Length of a bucket in minutes. Where it is as long as people take to answer, it holds
            their answers already; else a short window has more of them for its people.
        """
        replies = max(REPLY_MINUTES - bucket, 0.0)
        excess = 1 + (self.excess - 1) * (1 + replies / minutes) / (1 + replies / 60)
        return np.asarray(excess[:, None] + UNFORESEEN * self.drift * expected)
