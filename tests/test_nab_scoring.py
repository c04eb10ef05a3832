"""Scores of a detector by NAB's standard profile, worked out by hand on a hundred rows."""

import importlib.util
import math
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[1] / "benchmarks" / "nab.py"
TIMES = 300.0 * np.arange(100)  # the first 15 are the probation
WINDOW = (300.0 * 40, 300.0 * 49)  # ten rows


@pytest.fixture(scope="module")
def nab():
    spec = importlib.util.spec_from_file_location("nab", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["nab"] = module
    spec.loader.exec_module(module)
    return module


def scored(nab, *rows, windows=(WINDOW,), height=1.0):
    scores = np.zeros(len(TIMES))
    scores[list(rows)] = height
    return nab.score_rows({"a": scores}, {"a": TIMES}, {"a": windows})


@pytest.mark.parametrize(
    ("rows", "raw"),
    [
        pytest.param([40], 1.0, id="at the left edge"),
        pytest.param([45], 0.848284 / 0.986614, id="in the middle: position -0.5"),
        pytest.param([49], 0.244919 / 0.986614, id="at the right edge: position -0.1"),
        pytest.param([40, 45, 49], 1.0, id="only the earliest in a window counts"),
        pytest.param([40, 50], 1 - 0.11 * 0.270841, id="just after: position 1/9"),
        pytest.param([40, 58], 1 - 0.11 * 0.986614, id="a width after: position 1"),
        pytest.param([40, 90], 1 - 0.11, id="far away"),
        pytest.param([20, 40], 1 - 0.11, id="before any window"),
        pytest.param([20, 21, 40], 1 - 0.22, id="each false point costs"),
        pytest.param([0, 14, 40], 1.0, id="in the probation nothing counts"),
        pytest.param([15, 40], 1 - 0.11, id="the first row after the probation does"),
    ],
)
def test_worth_of_detections(nab, rows, raw):
    assert scored(nab, *rows).score == pytest.approx(100 * (raw + 1) / 2, abs=1e-4)


def test_the_perfect_detector_has_100_and_one_that_says_nothing_0(nab):
    windows = [WINDOW, (300.0 * 70, 300.0 * 79)]
    perfect = scored(nab, 40, 70, windows=windows)
    assert (perfect.score, perfect.found, perfect.windows) == (pytest.approx(100.0), 2, 2)
    nothing = scored(nab, windows=windows)
    assert (nothing.score, nothing.threshold, nothing.found) == (0.0, math.inf, 0)


def test_a_detector_that_is_only_wrong_is_best_kept_silent(nab):
    wrong = scored(nab, 20, 90)
    assert (wrong.score, wrong.threshold, wrong.false_points) == (0.0, math.inf, 0)


def test_false_points_after_a_second_window_are_measured_from_it(nab):
    windows = [(300.0 * 20, 300.0 * 29), WINDOW]
    found = scored(nab, 20, 40, 50, windows=windows)
    assert found.score == pytest.approx(100 * (4 - 0.11 * 0.270841) / 4, abs=1e-4)


def test_one_threshold_is_chosen_for_all_files(nab):
    low, high = np.zeros(100), np.zeros(100)
    low[40] = 0.3  # found only at a threshold at which the other file has 20 false points
    high[40], high[60:80] = 0.9, 0.5
    result = nab.score_rows(
        {"low": low, "high": high},
        {"low": TIMES, "high": TIMES},
        {"low": [WINDOW], "high": [WINDOW]},
    )
    assert (result.threshold, result.found, result.windows, result.false_points) == (0.9, 1, 2, 0)
    assert result.score == pytest.approx(50.0)
    assert result.by_file == {"low": pytest.approx(0.0), "high": pytest.approx(100.0)}


def test_what_the_sweep_finds_is_what_each_threshold_has_alone(nab):
    rng = np.random.default_rng(0)
    windows = [WINDOW, (300.0 * 70, 300.0 * 79)]
    for scores in rng.integers(0, 30, (40, 100)).astype(float):
        best = max(
            scored(nab, *np.flatnonzero(scores >= threshold), windows=windows).score
            for threshold in range(1, 31)
        )
        found = nab.score_rows({"a": scores}, {"a": TIMES}, {"a": windows})
        assert found.score == pytest.approx(best)


def test_a_window_in_the_probation_counts_for_nothing(nab):
    windows = [(300.0 * 2, 300.0 * 9), WINDOW]
    assert scored(nab, 40, windows=windows).windows == 1


def test_a_file_without_windows_has_false_points_only(nab):
    scores = np.zeros(100)
    scores[40] = 1.0
    result = nab.score_rows({"a": scores, "b": scores}, {"a": TIMES, "b": TIMES}, {"a": [WINDOW]})
    assert result.score == pytest.approx(100 * (2 - 0.11) / 2)
    assert math.isnan(result.by_file["b"])


def test_the_probation_is_15_percent_of_at_most_5000_rows(nab):
    assert [nab.probation(n) for n in (100, 101, 5000, 15902)] == [15, 15, 750, 750]


def test_scores_that_are_no_numbers_and_no_windows_are_refused(nab):
    with pytest.raises(ValueError, match="not a number"):
        scored(nab, 40, height=math.nan)
    with pytest.raises(ValueError, match="no window"):
        scored(nab, 40, windows=())


def test_the_bare_rule_looks_two_days_back(nab):
    values = np.full(1200, 5.0)
    values[[10, 20, 700]] = 9.0, 9.0, 8.0
    assert np.flatnonzero(nab.highest_of_two_days(values)).tolist() == [10, 700]
    assert nab.times_the_highest(values)[700] == pytest.approx(8 / 5)


def test_each_row_of_a_series_has_the_score_of_its_bucket(nab):
    times = 1425000173.0 + 300 * np.arange(600)  # off the grid of five minutes, as NAB's are
    values = np.full(600, 20.0)
    values[500:512] = 90.0
    scores, recurrence = nab.replay(times, values)
    assert len(scores) == len(recurrence) == 600
    assert scores[499] < scores[500]  # later rows only tell what is half as high again


def test_a_folder_without_series_is_told_in_one_line(nab, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nab.py", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as stop:
        nab._command()
    assert stop.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
