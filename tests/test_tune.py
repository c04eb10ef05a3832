"""Thresholds are fitted to a history, kept in a state file, used by replay, and true elsewhere."""

import json
import sqlite3

import numpy as np
import pytest

from outagewatch.detect.budget import Budget
from outagewatch.detect.peaks import FEWEST, Peaks, Tail


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tune")
    rng = np.random.default_rng(5)
    path = folder / "calls.csv"
    rows = ["time,operator,count"]
    for minute in range(0, 70 * 1440, 5):
        for operator, rate in (("free", 0.2), ("sfr", 0.1)):
            n = rng.poisson(rate * 5 * (0.4 if (minute // 60) % 24 < 7 else 1.2))
            if n:
                at = np.datetime64("2025-01-06T00:00") + np.timedelta64(minute, "m")
                rows.append(f"{at}:00Z,{operator},{n}")
    path.write_text("\n".join(rows) + "\n")
    return path


def opened(finished):
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    return sum(event["type"].endswith(".opened") for event in events)


def test_tune_keeps_thresholds_that_replay_uses(run, history, tmp_path):
    path = history
    state = str(tmp_path / "state" / "kept.sqlite")
    env = {"OUTAGEWATCH_DETECT__FALSE_ALARMS_PER_WEEK": "2"}
    told = run(
        "tune", str(path), "--format", "counts", "--state", state, "--output", "json", env=env
    )
    found = json.loads(told.stdout)
    assert found["false_alarms_per_week"] == 2 and found["levels"][0]["scale"] > 0
    assert any("at 03:00" in line and "at 18:00" in line for line in found["floors"])
    with_state = run("replay", str(path), "--format", "counts", "--state", state, env=env)
    weeks = found["weeks"]
    assert weeks == pytest.approx(10, abs=0.3)
    assert 2 * weeks / 2.5 < opened(with_state) < 2 * weeks * 2.5


def test_thresholds_of_another_profile_are_refused(run, history, tmp_path):
    path = history
    state = str(tmp_path / "kept.sqlite")
    run("tune", str(path), "--format", "counts", "--state", state)
    refused = run("replay", str(path), "--state", state, "--profile", "services")
    assert refused.returncode == 1
    assert b"thresholds are of profile telecom-fr, not services" in refused.stderr


def test_a_missing_or_foreign_state_file_is_told_in_one_line(run, sample, tmp_path):
    missing = run("replay", str(sample), "--state", str(tmp_path / "none.sqlite"))
    assert missing.returncode == 1
    assert b"no such state file" in missing.stderr and missing.stderr.count(b"\n") == 1
    (tmp_path / "text.sqlite").write_text("no database at all, but long enough to be read as one")
    foreign = run("replay", str(sample), "--state", str(tmp_path / "text.sqlite"))
    assert foreign.returncode == 1
    assert b"is no state file" in foreign.stderr


def test_a_state_file_without_thresholds_changes_nothing(run, sample, tmp_path):
    path = tmp_path / "empty.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    with_state = run("replay", str(sample), "--state", str(path), "--quiet")
    assert with_state.stdout == run("replay", str(sample), "--quiet").stdout


def test_too_short_a_history_is_refused(run, tmp_path):
    (tmp_path / "short.csv").write_text("time,count\n2026-01-05T07:00:00Z,4\n")
    refused = run("tune", str(tmp_path / "short.csv"), "--format", "counts")
    assert refused.returncode == 1
    assert b"too little to fit thresholds to" in refused.stderr


def test_a_tail_is_that_of_what_was_drawn():
    rng = np.random.default_rng(3)
    peaks = Peaks()
    weeks, scale = 200.0, 1.7
    for hour in range(0, int(weeks * 168), 4):
        peaks.add(hour, "free", float(rng.exponential(scale)), 0)
    [tail] = peaks.tails(weeks, np.array([1.0]))
    assert tail.scale == pytest.approx(scale, rel=0.1)
    further = rng.exponential(scale, int(weeks * 42))
    threshold = tail.start + tail.scale * np.log(tail.per_week)  # once a week
    assert (further > threshold).sum() == pytest.approx(weeks, rel=0.25)


def test_peaks_of_one_episode_are_one():
    peaks = Peaks()
    for episode in range(FEWEST * 2):
        for hour in range(3):
            peaks.add(episode * 24 + hour, "free", 10.0 + episode + hour, 0)
    [tail] = peaks.tails(10.0, np.array([1.0]))
    assert tail.per_week * 10.0 <= FEWEST * 2


def test_recurrence_and_score_are_each_others_inverse():
    budget = Budget(1.0, 4)
    for level in range(4):
        budget.count(level)
    levels = np.arange(4)
    for tails in ([], [Tail(6.0, 1.5, 4.0), None, None, None]):
        budget.tune(tails)
        scores = budget.score_of(168.0, levels)
        assert budget.recurrence(scores, levels) == pytest.approx(168.0)
