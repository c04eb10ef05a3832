"""Planned works from a file, as a user meets them: replay, and what the configuration says of them."""

import json
from pathlib import Path

import pytest

STREAM = [
    "simulate", "-o", "s.jsonl", "--works", "w.csv", "--days", "4", "--per-minute", "0.1", "--quiet",
    "--outage", "kind=planned,operator=free,service=fixed_internet,location=FR-59,people=40,placed=1,"
    "start=2026-01-08T01:00Z,minutes=120,alarm=never,notice=never,id=12",
]  # fmt: skip
CONFIGURATION = '[planned]\nfile = "{file}"\naction = "{action}"\n'


@pytest.fixture
def replayed(run):
    """Replay a night of works that people notice, under a configuration."""
    assert run(*STREAM).returncode == 0
    works = Path("w.csv").read_text()
    Path("early.csv").write_text(works.replace("T03:00", "T01:30"))
    Path("elsewhere.csv").write_text(works.replace("FR-59", "FR-34"))
    Path("tv.csv").write_text(works.replace("fixed_internet", "tv"))

    def replay(file, action, **env):
        Path("outagewatch.toml").write_text(CONFIGURATION.format(file=file, action=action))
        found = run("replay", "s.jsonl", "--output", "json", "--quiet", env=env)
        assert found.returncode == 0, found.stderr
        events = [json.loads(line) for line in found.stdout.splitlines()]
        return [(event["type"].rpartition(".")[2], event["data"]) for event in events]

    return replay


def test_works_are_named_held_back_or_muted_and_overrun_is_told(replayed):
    annotated = replayed("w.csv", "annotate")
    assert {data["planned"]["state"] for _, data in annotated} == {"matching"}
    assert "planned works W-12 until 04:00" in annotated[0][1]["title"]
    assert annotated[-1][0] == "resolved"

    _, first = replayed("w.csv", "lower")[0]
    assert (annotated[0][1]["severity"], first["severity"]) == ("minor", "warning")
    assert replayed("w.csv", "mute") == []

    [overrun] = [
        d
        for _, d in replayed("early.csv", "annotate")
        if d["changed"][:1] == ["planned matching -> overrun"]
    ]
    assert overrun["title"].startswith("03:00 CET UPDATE")
    assert "planned works W-12 overrun by 30 min" in overrun["title"]
    late = replayed("early.csv", "mute")
    assert late == replayed("early.csv", "mute", OUTAGEWATCH_PIPELINE__BATCH_SIZE="3")
    assert [kind for kind, _ in late][:1] == ["opened"]
    assert late[0][1]["planned"] == {"state": "overrun", "reference": "W-12"}
    assert late[0][1]["detected_at"] == "2026-01-08T02:00:00Z"

    for elsewhere in ("elsewhere.csv", "tv.csv"):
        told = replayed(elsewhere, "mute")
        assert [kind for kind, _ in told] == [kind for kind, _ in annotated]
        assert {data["planned"]["state"] for _, data in told} == {"none"}
        assert "no planned works" in told[0][1]["title"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[planned]\nfile = "none.csv"', "planned.file: none.csv: No such file"),
        ('[planned]\nfile = "bad.csv"', "planned.file: bad.csv:2: no operator 'fre'. did you mean free?"),
        ('[planned]\naction = "silence"', "planned.action: expected annotate, lower, mute"),
        ('[planned]\ntimezone = "Mars"', "planned.timezone: expected a zone"),
        ('[planned]\noverrun_minutes = -1', "of at least 0, got -1"),
        ('[planned]\nfiel = "w.csv"', "did you mean file?"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [["config", "check"], ["replay", "-"]])
def test_what_is_wrong_with_works_is_one_line(run, command, text, says):
    Path("bad.csv").write_text(
        "start,end,operator,service,location,reference\n2026-01-08T01:00Z,2026-01-08T02:00Z,fre,,,\n"
    )
    Path("outagewatch.toml").write_text(text)
    found = run(*command)
    assert found.returncode == 2 and says in found.stderr.decode()
    assert found.stderr.count(b"\n") == 1


def test_check_says_how_many_works_were_read_by_id_or_name(run):
    Path("w.csv").write_text(
        "start;end;operator;service;location;reference\n"
        "2026-01-08 01:00;2026-01-08 05:00;free;;FR-59;W-1\n"
        "2026-01-08 01:00;2099-01-08 05:00;;tv;Finistère;W-2\n"
    )
    Path("outagewatch.toml").write_text('[planned]\nfile = "w.csv"\ntimezone = "Europe/Paris"\n')
    found = run("config", "check").stdout.decode()
    assert "planned works: 2 read from w.csv, 1 not over yet; action annotate" in found
    assert b'planned.file = "w.csv"' in run("config", "show", "--output", "text").stdout
    assert b"overrun_minutes" in run("config", "schema", "config").stdout
