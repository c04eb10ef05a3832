import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.detect.glr import best_window, poisson_llr


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
    shape = [float(n + 1) for n in range(60)]
    window = best_window(sorted(people.items()), 59, rate, shape)
    every = [
        poisson_llr(sum(n for at, n in people.items() if at >= start), rate * (60 - start))
        for start in range(60)
    ]
    assert window.score == pytest.approx(max(every))
