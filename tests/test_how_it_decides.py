"""The example worked by hand in docs/how-it-decides.md comes out as it says."""

import re
from datetime import UTC, datetime
from math import exp, log
from pathlib import Path

import pytest

from outagewatch.detect.glr import poisson_llr
from outagewatch.session import ReplayOptions, Session

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-it-decides.md").read_text("utf-8")


def number(pattern):
    return float(re.search(pattern, PAGE)[1].replace(",", ""))


@pytest.fixture(scope="module")
def night():
    from outagewatch.assets import profiles
    from outagewatch.config import load

    settings = load(None, "telecom-fr", environment={}, shipped=profiles())
    path = str(ROOT / "sample_data" / "france.jsonl")
    rows = []
    with Session(settings, ReplayOptions([path], until="2026-01-20T02:11Z")) as session:
        changes = list(session.posts(rows.extend))
    bucket = int(datetime(2026, 1, 20, 2, 9, tzinfo=UTC).timestamp() // 60)
    [row] = [
        r for r in rows
        if r.bucket == bucket and r.signal.subject == "free/mobile_data/FR"
    ]  # fmt: skip
    return changes[-1], row


def test_people_expected_and_score(night):
    incident = night[0].incident
    people, expected = number(r"\*\*N = (\d+)\*\*"), number(r"\*\*M = ([\d.]+)\*\*")
    assert incident.people == people == 3 and incident.window_minutes == 10
    assert incident.expected == pytest.approx(expected, abs=0.0001)
    by_hand = 3 * log(3 / expected) - (3 - expected)
    assert by_hand == pytest.approx(number(r"= 3 × 7.206 − 2.998 = ([\d.]+)"), abs=0.05)
    assert night[1].score == pytest.approx(by_hand / number(r"\*\*φ = ([\d.]+)\*\*"), abs=0.05)
    assert poisson_llr(3, expected) == pytest.approx(by_hand)


def test_recurrence_on_the_whole_board(night):
    windows = number(r"\*\*W = ([\d,]+)\*\*")
    weeks = 0.5 * exp(night[1].score) / windows
    assert weeks * 168 == pytest.approx(night[0].incident.recurrence_hours, rel=0.01)
    assert weeks == pytest.approx(number(r"= (\d+) weeks"), rel=0.01)


def test_the_alert_and_what_a_busier_signal_would_have_made_of_it(night, french):
    from outagewatch.alert.message import title

    assert title(night[0], french) in PAGE
    assert poisson_llr(3, 0.5) == pytest.approx(number(r"three people have S = ([\d.]+)"), abs=0.05)


def test_each_post_counts_or_not_as_the_table_says(run):
    for text, counts in re.findall(r"\| 03:\d\d:\d\d \| (.+?) \| (yes|no)", PAGE):
        told = run("explain", text, "--output", "text").stdout.decode()
        assert ("counts as a person" in told) == (counts == "yes"), text
