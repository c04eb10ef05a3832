"""Say why a signal stands out or does not: what was seen, and how many people it would have taken.

In: the window of a signal that stands out most. Out: people needed for each level. Remembers
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from outagewatch.detect.glr import poisson_llr
from outagewatch.records import Complaint, Excess, Level

MOST_RELATED = 3  # signals named beside the one that was asked for
MOST_POSTS = 5  # the last of those counted in its window


@dataclass(frozen=True, slots=True)
class Needed:
    """What a level takes in the window that was looked at, as what is expected stands by now.

    People of an hour that is over would have been learned from, and raise what is expected.
    """

    score: float  # nats
    people: int
    missing: int  # of them, all in threads of their own; 0: reached


@dataclass(frozen=True, slots=True)
class Why:
    """What the detector sees in one signal after a bucket."""

    excess: Excess  # its window that stands out most, whether it is worth a look or not
    stands_out: bool  # False: none does, and the excess is of the whole of the longest window
    heard: bool  # False: nobody ever spoke in it, and what is expected is its parents' share
    needed: dict[Level, Needed]
    next_hour: float  # people usual in the hour that follows
    related: tuple[Excess, ...]  # what stands out most of all that may share people with it
    counted: tuple[Complaint, ...]  # the last in its window, oldest first


def people_needed(
    score: float, expected: float, scatter: float, *, least: int = 1, in_one_thread: int = 0
) -> int:
    """Return how many people it takes in a window for a score.

    Parameters
    ----------
    score
        The score that is to be reached, in nats.
    expected
        People expected in the window, above 0.
    scatter
        Variance of the window's count over its mean: what scores are divided by.
    least
        Fewer are never enough.
    in_one_thread
        People of the largest thread, who count as at most half; 0 to count all alike.

    Examples
    --------
    >>> people_needed(5.18, 4.0, 1.0), people_needed(5.18, 4.0, 2.0)
    (12, 17)
    >>> people_needed(3.0, 0.1, 1.0), people_needed(3.0, 0.1, 1.0, in_one_thread=2)
    (2, 3)
    """

    def is_enough(people: int) -> bool:
        worth = min(people, 2 * (people - in_one_thread)) if in_one_thread else people
        return poisson_llr(worth, expected) >= score * scatter and worth > expected

    low = max(least, ceil(expected), 1)
    high = low
    while not is_enough(high):
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle + 1
    return high
