import json

import pytest


def opened(found):
    events = [json.loads(line) for line in found.stdout.splitlines()]
    return [e["data"]["incident_id"] for e in events if e["type"].endswith(".opened")]


def test_text_is_for_people_and_json_for_programs(run, sample):
    text = run("replay", str(sample), "--output", "text").stdout.decode()
    assert text.startswith("-- 2026-01-14 Wed\n20:14 CET NEW ")
    assert json.loads(run("replay", str(sample)).stdout.splitlines()[0])["specversion"] == "1.0"


def test_the_summary_goes_to_stderr_and_quiet_keeps_it(run, sample):
    assert b"4,099 posts" in run("replay", str(sample)).stderr
    assert run("replay", str(sample), "--quiet").stderr == b""


def test_since_and_until_cut_the_stream(run, sample):
    assert len(opened(run("replay", str(sample), "--until", "2026-01-20T00:00Z"))) == 2
    assert b"no posts" in run("replay", str(sample), "--since", "2027-01-01").stderr


def test_only_an_operator_or_a_place(run, sample):
    assert opened(run("replay", str(sample), "--operator", "orange")) == []
    assert len(opened(run("replay", str(sample), "--operator", "sfr"))) == 1
    assert len(opened(run("replay", str(sample), "--location", "Bretagne"))) == 1
    assert len(opened(run("replay", str(sample), "--location", "FR-34"))) == 1
    assert opened(run("replay", str(sample), "--location", "FR-59")) == []


def test_warm_up_teaches_and_tells_nothing(run, sample, tmp_path):
    rows = sample.read_bytes().splitlines(keepends=True)
    (tmp_path / "past.jsonl").write_bytes(b"".join(rows[:2000]))
    (tmp_path / "now.jsonl").write_bytes(b"".join(rows[2000:]))
    found = run("replay", "now.jsonl", "--warm-up", "past.jsonl")
    assert b"2,099 posts" in found.stderr
    first = json.loads(found.stdout.splitlines()[0])["data"]
    whole = json.loads(run("replay", str(sample)).stdout.splitlines()[0])["data"]
    assert first == whole
    alone = run("replay", "now.jsonl", "--level", "possible").stdout.splitlines()
    assert not alone or json.loads(alone[0])["data"]["expected"] > whole["expected"]


def test_as_arrived_leaves_out_late_posts(run, sample):
    rows = sample.read_bytes().splitlines(keepends=True)
    mixed = b"".join([*rows[200:300], *rows[:100]])
    assert b" 100 late" in run("replay", "-", "--as-arrived", stdin=mixed).stderr
    assert b" 0 late" in run("replay", "-", stdin=mixed).stderr


def test_a_table_with_columns_of_its_own(run, tmp_path):
    (tmp_path / "care.csv").write_text(
        "Date,Message,Client\n"
        "2026-10-25 02:30:00,plus d'internet @free depuis 10 min,a\n"
        "2026-10-25 03:30:00,plus de box @free là,b\n"
    )
    found = run(
        "replay", "care.csv", "--map", "text=Message,created_at=Date,author=Client",
        "--timezone", "Europe/Paris",
    )  # fmt: skip
    assert found.returncode == 0
    assert b"2 posts" in found.stderr and b"1 in the doubled hour" in found.stderr


def test_x_pages_and_lines_are_read(run):
    page = {
        "data": [
            {"id": "1", "text": "plus d'internet @free à l'instant", "created_at": "2026-01-05T07:00:00.000Z",
             "author_id": "9", "conversation_id": "1", "geo": {"place_id": "p"}},
            {"id": "2", "text": "RT @x: plus d'internet @free", "created_at": "2026-01-05T07:01:00.000Z",
             "author_id": "8", "referenced_tweets": [{"type": "retweeted", "id": "1"}]},
        ],
        "includes": {"places": [{"id": "p", "full_name": "Brest, France"}]},
        "meta": {"result_count": 2},
    }  # fmt: skip
    one = {"data": {"id": "3", "text": "idem plus de box @free", "created_at": "2026-01-05T07:02:00.000Z",
                    "author_id": "7", "referenced_tweets": [{"type": "replied_to", "id": "1"}]}}  # fmt: skip
    for text in (json.dumps(page), json.dumps(page, indent=2)):
        found = run("replay", "-", stdin=text.encode())
        assert b"2 posts" in found.stderr and b"1 complaints, 1 with a place" in found.stderr
    both = (json.dumps(page) + "\n" + json.dumps(one) + "\n").encode()
    assert b"3 posts" in run("replay", "-", stdin=both).stderr


def test_counts_are_scored_and_raise_incidents(run, tmp_path):
    rows = ["time,count"]
    for hour in range(24 * 21):
        day, of_day = divmod(hour, 24)
        rows.append(f"2026-01-{day + 1:02}T{of_day:02}:00:00Z,{2 + of_day % 3}")
    rows.append("2026-01-22T00:00:00Z,60")
    (tmp_path / "calls.csv").write_text("\n".join(rows) + "\n")
    found = run("replay", "--format", "counts", "calls.csv", "--scores", "scores.csv")
    assert len(opened(found)) == 1
    table = (tmp_path / "scores.csv").read_text().splitlines()
    assert table[0] == "time,operator,service,location,observed,expected,score,recurrence_hours"
    assert len(table) == len(rows)
    last = table[-1].split(",")
    assert last[0] == "2026-01-22T00:00:00Z" and float(last[4]) == 60
    assert float(last[6]) == max(float(line.split(",")[6]) for line in table[1:])


def test_scores_use_nothing_later(run, tmp_path):
    rows = [
        f"2026-01-05T{h:02}:{m:02}:00Z,{(h * 7 + m) % 5}"
        for h in range(24)
        for m in range(0, 60, 5)
    ]
    (tmp_path / "whole.csv").write_text("\n".join(["time,count", *rows]) + "\n")
    (tmp_path / "half.csv").write_text("\n".join(["time,count", *rows[:150]]) + "\n")
    for name in ("whole", "half"):
        run(
            "replay",
            "--format",
            "counts",
            f"{name}.csv",
            "--scores",
            f"{name}.scores",
            "--scores-all",
        )
    half = (tmp_path / "half.scores").read_text().splitlines()
    assert len(half) == 151
    assert (tmp_path / "whole.scores").read_text().splitlines()[:151] == half


def test_rolled_up_counts_are_scored_at_every_level(run, tmp_path):
    (tmp_path / "c.csv").write_text(
        "time,operator,service,location,count\n2026-01-05T07:00:00Z,free,tv,FR-29019,4\n"
    )
    run("replay", "--format", "counts", "c.csv", "--roll-up", "--scores", "s.csv")
    subjects = {
        tuple(line.split(",")[1:4]) for line in (tmp_path / "s.csv").read_text().splitlines()[1:]
    }
    assert {("free", "tv", "FR-29019"), ("any", "any", "FR"), ("free", "any", "FR-BRE")} <= subjects
    assert len(subjects) == 16


@pytest.mark.parametrize("level", ["possible", "probable", "strong"])
def test_levels_are_nested(run, sample, level):
    everything = set(opened(run("replay", str(sample), "--level", "possible")))
    assert set(opened(run("replay", str(sample), "--level", level))) <= everything


def test_scores_never_overwrite_what_is_read(run, tmp_path, sample):
    copy = tmp_path / "posts.jsonl"
    copy.write_bytes(sample.read_bytes())
    found = run("replay", "posts.jsonl", "--scores", "posts.jsonl")
    assert found.returncode == 2 and b"is read in this run" in found.stderr
    assert copy.read_bytes() == sample.read_bytes()


def test_a_stream_that_begins_busy_is_not_an_outage(run):
    import random

    rng = random.Random(4)
    rows, at = [], 0.0
    for i in range(700):
        at += rng.expovariate(12 / 3600)
        day, rest = divmod(int(at), 86400)
        when = f"2026-01-{5 + day:02}T{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}Z"
        post = {
            "id": str(i),
            "author": f"a{i}",
            "created_at": when,
            "text": "plus d'internet @free là",
        }
        rows.append(json.dumps(post).encode() + b"\n")
    assert len(opened(run("replay", "-", stdin=b"".join(rows)))) <= 1


def test_an_output_that_cannot_be_written_is_one_line(run, sample, monkeypatch):
    from outagewatch.alert.stdout import Stdout

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Stdout, "tell", full)
    found = run("replay", str(sample))
    assert found.returncode == 1
    assert found.stderr == b"outagewatch: cannot write: No space left on device\n"
