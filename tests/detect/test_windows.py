import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.detect.baseline import RECENT_PRIOR
from outagewatch.detect.highs import Highs
from outagewatch.detect.rhythm import Zone, local_hour
from outagewatch.detect.scatter import LEAST_EXCESS, Scatter
from outagewatch.detect.windows import Windows

LENGTH, RATE = 12, 0.5
ROW = np.array([0])


def fed(people, until):
    windows = Windows(LENGTH)
    for bucket in sorted({*people, until}):
        windows.advance(bucket, 1, lambda _: np.array([RATE]))
        if bucket in people:
            windows.add(ROW, np.array([float(people[bucket])]))
    return windows


@given(st.dictionaries(st.integers(1, 150), st.integers(1, 9), max_size=40))
def test_the_last_buckets_are_those_that_were_counted(people):
    people = {0: 1, **people}
    windows = fed(people, 151)
    expected = [people.get(151 - back, 0) for back in range(LENGTH)]
    assert windows.counts(ROW)[:, 0].tolist() == expected


@given(st.dictionaries(st.integers(1, 150), st.integers(1, 9), max_size=40))
def test_how_it_ran_is_that_of_all_the_time_before_each_bucket(people):
    people = {0: 1, **people}
    windows = fed(people, 151)
    usual = np.full((LENGTH, 1), RATE)
    ran = windows.ran(ROW, windows.counts(ROW), usual, np.ones(1))[:, 0]
    keep = 0.5 ** (1 / LENGTH)
    for back in range(LENGTH):
        start = 151 - back
        before = sum(n * keep ** (start - 1 - at) for at, n in people.items() if at < start)
        due = sum(RATE * keep ** (start - 1 - at) for at in range(start))
        by_hand = (before + RECENT_PRIOR) / (due + RECENT_PRIOR)
        assert ran[back] == pytest.approx(by_hand, rel=1e-6)


def test_after_an_incident_its_windows_start_anew_and_it_runs_as_before():
    windows = fed({0: 1, 100: 40}, 101)
    windows.hold(ROW, np.array([1.0]))
    usual = np.full((LENGTH, 1), RATE)
    assert windows.ran(ROW, windows.counts(ROW), usual, np.ones(1))[0, 0] == 1.0
    windows.clear(ROW)
    windows.release(ROW)
    windows.advance(102, 1, lambda _: np.array([RATE]))
    assert not windows.counts(ROW).any()
    ran = windows.ran(ROW, windows.counts(ROW), usual, np.ones(1))[0, 0]
    assert ran == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("answers", "more"), [(0.0, False), (0.5, True)])
def test_people_who_answer_one_another_are_told_by_the_quarters_of_hours(answers, more):
    rng = np.random.default_rng(1)
    scatter = Scatter(1.0)
    first = rng.poisson(2.0, (4000, 4))
    cells = first + rng.binomial(first, answers) * 2
    mean = np.full(4000, 8.0 * (1 + 2 * answers))
    scatter.learn_within(mean, cells.sum(1).astype(float), (cells**2).sum(1).astype(float), 4.0)
    assert (scatter.excess > 1.5) == more
    assert more or scatter.excess == pytest.approx(LEAST_EXCESS, abs=0.05)


def test_a_level_that_moves_is_drift():
    rng = np.random.default_rng(2)
    scatter = Scatter(1.0)
    mean = np.full(20_000, 40.0)
    people = rng.poisson(mean * rng.gamma(20.0, 1 / 20.0, 20_000))
    scatter.learn(mean, (people - mean) ** 2)
    assert scatter.drift == pytest.approx(0.05, abs=0.01)


def test_an_episode_is_told_once_and_again_as_it_grows():
    highs = Highs()
    told = []
    for hour, score in enumerate([5.0, 40.0, 41.0, 70.0, 8.0, *[0.0] * 30, 41.0]):
        highs.advance(hour, 1)
        new = highs.new(ROW, np.array([score]), np.array([20.0]))
        highs.add(ROW, new)
        told.append(float(new[0]))
    assert told[:5] == [5.0, 40.0, 0.0, 70.0, 0.0] and told[-1] == 41.0


def test_a_public_holiday_is_as_a_sunday():
    bastille = int(np.datetime64("2026-07-14T12").astype("datetime64[h]").astype(int))
    assert local_hour(Zone("Europe/Paris", "FR"), bastille)[1] == 6
    assert local_hour(Zone("Europe/London", "GB"), bastille)[1] == 1
