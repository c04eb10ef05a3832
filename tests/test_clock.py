import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.clock import EventClock


def late(created, cuts=()):
    clock = EventClock(60, 60)
    times = np.array(created, float)
    parts = np.split(times, list(cuts))
    return [bool(x) for part in parts for x in clock.advance("x", part, part)]


def test_a_post_is_late_when_its_bucket_ended_at_the_frontier():
    assert late([600, 720, 600]) == [False, False, True]
    assert late([600, 719, 600]) == [False, False, False]


@given(st.lists(st.integers(0, 3000), min_size=2, max_size=40), st.data())
def test_lateness_does_not_depend_on_how_posts_are_cut(created, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(created) - 1), max_size=5)))
    assert late(created, cuts) == late(created)


def test_the_watermark_is_that_of_the_slowest_source():
    clock = EventClock(60, 60)
    for source, at in (("a", 1000.0), ("b", 500.0)):
        clock.advance(source, np.array([at]), np.array([at]))
    assert clock.watermark == 440
