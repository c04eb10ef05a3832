import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.detect.glr import best_windows, poisson_llr


@pytest.mark.parametrize(
    ("observed", "score"),
    [pytest.param(12, 5.18, id="three times the usual"), pytest.param(2, 0.0, id="below the mean")],
)
def test_only_an_excess_scores(observed, score):
    assert poisson_llr(observed, 4.0) == pytest.approx(score, abs=0.005)


@given(
    st.dictionaries(st.integers(0, 59), st.integers(1, 9), min_size=1, max_size=30),
    st.floats(0.001, 3),
)
def test_the_best_window_is_the_best_of_all_starts(people, rate):
    counts = np.array([[float(people.get(59 - back, 0))] for back in range(60)])
    best = best_windows(counts, rate * np.arange(1.0, 61)[:, None], np.ones((60, 1)))
    every = [
        poisson_llr(sum(n for at, n in people.items() if at >= start), rate * (60 - start))
        for start in range(60)
    ]
    assert best.score[0] == pytest.approx(max(every))
    since = 59 - int(best.length[0])
    assert max(every) == 0 or best.observed[0] == sum(n for at, n in people.items() if at >= since)
