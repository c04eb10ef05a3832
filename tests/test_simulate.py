"""Simulated streams: the same for the same seed, as asked for, and what each story must raise."""

import csv
import json
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_data"
OUTAGE = "operator=free,service=fixed_internet,location=FR-84,people=60,start=2026-01-08T18:40Z,minutes=90"


def table(path):
    return list(csv.DictReader(Path(path).read_text("utf-8").splitlines()))


def simulated(run, *args):
    found = run("simulate", "-o", "s.jsonl", "--quiet", *args)
    assert found.returncode == 0, found.stderr
    return [json.loads(line) for line in Path("s.jsonl").read_bytes().splitlines()]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(run, tmp_path):
    simulated(run, "--days", "2")
    first = Path("s.jsonl").read_bytes()
    simulated(run, "--days", "2")
    assert Path("s.jsonl").read_bytes() == first
    simulated(run, "--days", "2", "--seed", "2")
    assert Path("s.jsonl").read_bytes() != first


def test_an_outage_changes_nothing_else(run):
    quiet = {(p["created_at"], p["text"]) for p in simulated(run, "--days", "5")}
    both = {(p["created_at"], p["text"]) for p in simulated(run, "--days", "5", "--outage", OUTAGE)}
    assert quiet <= both and 60 <= len(both - quiet) < 160


def test_posts_are_in_order_as_many_as_asked_and_the_operators_answer(run):
    posts = simulated(run, "--days", "10", "--per-minute", "0.5")
    assert len(posts) == pytest.approx(10 * 1440 * 0.5, rel=0.1)
    assert [p["created_at"] for p in posts] == sorted(p["created_at"] for p in posts)
    assert len({p["id"] for p in posts}) == len(posts)
    by_id = {p["id"]: p for p in posts}
    replies = [p for p in posts if "reply_to" in p]
    assert 0.25 < len(replies) / len(posts) < 0.5
    assert all(p["thread"] == by_id[p["reply_to"]]["thread"] for p in replies)


def test_an_outage_is_where_when_and_of_what_was_asked(run, tmp_path):
    posts = simulated(
        run, "--days", "5", "--per-minute", "0", "--outage", OUTAGE + ",placed=1,id=x",
        "--truth", "t.csv", "--supervision", "a.csv",
    )  # fmt: skip
    start = datetime(2026, 1, 8, 18, 40)
    people = [p for p in posts if p["author"].startswith("v")]
    at = [datetime.fromisoformat(p["created_at"][:-1]) for p in people]
    during = [a for a in at if a < start + timedelta(minutes=90)]
    assert min(at) >= start and len({p["author"] for p in people}) in (59, 60)
    assert sum(a < start + timedelta(minutes=45) for a in during) > 0.6 * len(during)
    [row] = table("t.csv")
    assert row["id"] == "x" and row["location"] == "FR-84" and row["kind"] == "outage"
    assert row["raised_at"] == "2026-01-08T19:10:00Z"
    assert any(a["start"] == row["raised_at"] for a in table("a.csv"))
    places = Counter()
    for line in run("explain", "--input", "s.jsonl").stdout.splitlines():
        found = json.loads(line)
        if found["counts"] and found["location"]:
            places[found["location"][:5]] += 1
    assert places["FR-84"] > 0.8 * places.total() > 20


def test_a_gap_is_a_hole_and_works_are_written(run):
    gap = "kind=gap,start=2026-01-07T06:00Z,minutes=600"
    works = "kind=planned,operator=free,location=FR-59,people=5,start=2026-01-09T01:00Z,minutes=120"
    posts = simulated(run, "--days", "5", "--outage", gap, "--outage", works, "--works", "w.csv")
    assert not [p for p in posts if "2026-01-07T06:00" <= p["created_at"] < "2026-01-07T16:00"]
    [row] = table("w.csv")
    assert row["location"] == "FR-59" and row["start"] == "2026-01-09T01:00:00Z"


@pytest.mark.parametrize("profile", ["telecom-fr", "telecom-uk", "telecom-us", "power", "services"])
def test_every_profile_that_ships_has_people_who_write(run, profile):
    assert len(simulated(run, "--days", "3", "--profile", profile)) > 200


@pytest.mark.parametrize(
    "kind", ["boycott", "football", "billing", "giveaway", "foreign", "scheme"]
)
def test_every_trap_has_as_many_people_as_asked(run, kind):
    trap = f"kind={kind},people=20,start=2026-01-05T10:00Z"
    assert len(simulated(run, "--days", "1", "--per-minute", "0", "--trap", trap)) == 20


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--outage", "operator=fre,start=2026-01-06"], "did you mean free?"),
        (["--outage", "start=now"], "start: expected a time"),
        (["--outage", "people=1"], "start: expected a time"),
        (["--outage", "start=2026-01-06,peple=1"], "did you mean people?"),
        (["--outage", "start=2026-01-06,people=x"], "people: expected a number"),
        (["--outage", "start=2026-01-06,placed=3"], "placed: expected a share"),
        (["--outage", "start=2026-01-06,location=Nowhere"], "no place 'Nowhere'"),
        (["--outage", "start=2030-01-06"], "outside of the stream"),
        (["--trap", "kind=boycot,start=2026-01-06"], "did you mean boycott?"),
        (["--start", "soon"], "--start: expected a time"),
    ],
)
def test_what_cannot_be_is_one_clear_line(run, args, says):
    found = run("simulate", "-o", "s.jsonl", *args)
    assert found.returncode == 2 and says in found.stderr.decode()
    assert found.stderr.count(b"\n") == 1


def test_the_samples_are_what_the_script_makes(tmp_path, run_process):
    """One of the three, made again by the command that the script holds."""
    script = (ROOT / "scripts" / "make_samples.sh").read_text()
    story = script[script.index("story uk ") :].split("\n\n")[0].replace("\\\n", " ").split()[2:]
    found = run_process("simulate", "-o", str(tmp_path / "uk.jsonl"), *story)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "uk.jsonl").read_bytes() == (SAMPLES / "uk.jsonl").read_bytes()
    assert subprocess.run(["bash", "-n", str(ROOT / "scripts/make_samples.sh")]).returncode == 0


@pytest.mark.parametrize(
    ("story", "profile"),
    [("france", "telecom-fr"), ("uk", "telecom-uk"), ("quiet", "telecom-fr")],
)
def test_a_story_raises_its_outages_and_nothing_else(run, story, profile):
    found = run("replay", str(SAMPLES / f"{story}.jsonl"), "--profile", profile, "--output", "json")
    events = [json.loads(line) for line in found.stdout.splitlines()]
    opened = [e for e in events if e["type"].endswith("opened")]
    truth = [r for r in table(SAMPLES / f"{story}.truth.csv") if r["kind"] == "outage"]
    assert len(opened) == len(truth) == {"france": 3, "uk": 2, "quiet": 0}[story]
    for event, row in zip(opened, sorted(truth, key=lambda row: row["start"]), strict=True):
        assert row["start"] <= event["time"] <= row["raised_at"], "before supervision"
        assert event["data"]["operator"] in (row["operator"], "unknown")
    ended = [e for e in events if e["type"].endswith("resolved")]
    assert len(ended) == len(opened)


def test_files_are_not_written_over_each_other_and_time_ends(run):
    found = run("simulate", "-o", "a", "--truth", "a")
    assert found.returncode == 2 and b"are the same" in found.stderr
    assert run("simulate", "-o", "a", "--start", "9999-12-25").returncode == 2
