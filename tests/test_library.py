"""outagewatch as a library gives the tables that the command line tells."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import outagewatch
from outagewatch.errors import OutagewatchError

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def found():
    return outagewatch.replay(ROOT / "sample_data" / "france.jsonl", profile="telecom-fr")


def test_the_tables_hold_what_the_command_line_tells(found, run, sample):
    events = [json.loads(line)["data"] for line in run("replay", str(sample)).stdout.splitlines()]
    last = {event["incident_id"]: event for event in events}
    assert list(found.incidents.index) == list(last)
    for name, row in found.incidents.iterrows():
        assert row["people_total"] == last[name]["people_total"]
        assert row["location"] == last[name]["location"]["id"]
        assert row["detected_at"].isoformat()[:19] + "Z" == last[name]["detected_at"]


def test_complaints_carry_no_author_and_no_text_unless_asked(found, sample):
    assert not {"author", "text", "id"} & set(found.complaints.columns)
    assert len(found.complaints) == found.totals.complaints
    some = outagewatch.replay(sample, profile="telecom-fr", until="2026-01-06", texts=True)
    assert "text" in some.complaints.columns and "author" not in some.complaints.columns


def test_nothing_found_is_an_empty_table_with_all_columns(tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    none = outagewatch.replay(tmp_path / "none.jsonl", profile="telecom-fr")
    assert len(none.incidents) == 0 and len(none.complaints) == 0
    assert "created_at" in none.complaints.columns


def test_what_cannot_be_is_an_error_of_ours(tmp_path):
    with pytest.raises(OutagewatchError, match="no such file"):
        outagewatch.replay(tmp_path / "nothing.jsonl")
    with pytest.raises(OutagewatchError, match="telecom-fr"):
        outagewatch.replay([], profile="telecom-rf")
    with pytest.raises(AttributeError):
        _ = outagewatch.replays


def test_the_example_runs(sample):
    command = [sys.executable, str(ROOT / "examples" / "library.py"), str(sample)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert told.returncode == 0, told.stderr
    assert "free" in told.stdout and "complaints a day" in told.stdout


def test_importing_it_loads_nothing_heavy():
    code = "import sys, outagewatch; print({'numpy', 'pandas'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout.strip() == "set()"
