import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.detect.gaps import Gaps

HOUR = 3600.0
RNG = np.random.default_rng(5)


def steady(start, hours, per_hour):
    return np.sort(start + RNG.random(int(hours * per_hour)) * hours * HOUR)


def found(times, cuts=()):
    gaps = Gaps(None, 60)
    return [gap for part in np.split(times, list(cuts)) for gap in gaps.observe(part)]


def test_a_hole_in_a_dense_recording_is_a_gap():
    times = np.concatenate([steady(0, 72, 40), steady(90 * HOUR, 24, 40)])
    [gap] = found(times)
    assert abs(gap.start * 60 - 72 * HOUR) < 600 and abs(gap.end * 60 - 90 * HOUR) < 600


def test_a_sparse_stream_has_silent_nights():
    times = np.concatenate([steady(day * 24 * HOUR + 8 * HOUR, 14, 1.0) for day in range(30)])
    assert found(times) == []


def test_the_calm_after_a_storm_is_no_gap():
    assert (
        found(
            np.concatenate([steady(0, 24, 5), steady(24 * HOUR, 3, 90), steady(27 * HOUR, 48, 5)])
        )
        == []
    )


@given(st.sets(st.integers(1, 3000), max_size=6))
def test_gaps_do_not_depend_on_how_times_are_cut(cuts):
    times = np.concatenate([steady(0, 72, 40), steady(90 * HOUR, 24, 40)])
    assert found(times, sorted(c for c in cuts if c < len(times))) == found(times)


def test_posts_that_come_twice_make_no_difference():
    times = np.concatenate([steady(0, 72, 4), steady(77 * HOUR, 24, 4)])
    assert found(np.sort(np.concatenate([times] * 3))) == found(times)
