"""Bad input is one clear line or a count, the right exit code, never a traceback."""

import gzip
import json

import pytest

GOOD = {
    "id": "1",
    "text": "plus d'internet @free depuis 10 min",
    "created_at": "2026-01-05T07:00:00Z",
    "author": "a",
}


def row(**fields) -> bytes:
    return json.dumps({**GOOD, **fields}).encode() + b"\n"


def clean(found) -> str:
    text = found.stderr.decode()
    assert "Traceback" not in text and b"Traceback" not in found.stdout
    assert "\x1b" not in text
    return text


LATER = row(id="2", created_at="2026-01-05T07:05:00Z", author="b")
BAD_LINES = {
    "not JSON": b"bonjour\n",
    "half a line": b'{"text":"plus d\n',
    "NaN": b'{"text":"x","created_at":NaN}\n',
    "a number": b"42\n",
    "a list of numbers": b"[1,2]\n",
    "null": b"null\n",
    "deep nesting": b"[" * 100_000 + b"]" * 100_000 + b"\n",
    "deep in a field": b'{"text":"x","created_at":"2026-01-05T07:00:00Z","geo":'
    + b'{"a":' * 50_000
    + b"1"
    + b"}" * 50_001
    + b"\n",
    "wrong encoding": '{"text":"réseau","created_at":"2026-01-05T07:00:00Z"}\n'.encode("latin-1"),
    "NUL bytes": b"\x00\x00\x00\n",
    "year 1": row(created_at="0001-01-01T00:00:00Z"),
    "year 1970": row(created_at="1970-01-01T00:00:00Z"),
    "epoch 0": row(created_at=0),
    "year 2090": row(created_at="2090-01-01T00:00:00Z"),
    "year 9999": row(created_at="9999-12-31T23:59:59Z"),
    "before the first year": row(created_at="0001-01-01T00:00:00+14:00"),
    "after the last year": row(created_at="9999-12-31T23:59:59-23:00"),
    "huge epoch": row(created_at=1e300),
    "negative epoch": row(created_at=-5e9),
    "a date that is none": row(created_at="2026-02-31T00:00:00Z"),
    "true for a date": row(created_at=True),
    "a number for text": row(text=5),
    "no text": b'{"created_at":"2026-01-05T07:00:00Z"}\n',
    "no date": b'{"text":"x"}\n',
    "an object for a text field": row(author={"id": 1}),
    "text of 17 MB": row(text="x" * (17 << 20)),
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_counted_and_shown_and_the_good_ones_still_count(run, bad):
    found = run("replay", "-", stdin=row() + bad + LATER)
    text = clean(found)
    assert found.returncode == 0
    assert "<stdin>:2: " in text
    assert "2 posts" in text and "2 complaints" in text and "1 bad lines" in text


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_strict_stops_at_the_first_bad_line(run, bad):
    found = run("replay", "-", "--strict", stdin=row() + bad + LATER)
    assert found.returncode == 1
    assert clean(found).startswith("outagewatch: <stdin>:2: ")


LENIENT = {
    "a number for an id": row(id=17),
    "a text for a coordinate": row(lat="48.39", lon="-4.49"),
    "coordinates that are none": row(lat="north", lon=999),
    "milliseconds": row(created_at=1767596400000),
    "a space in the date": row(created_at="2026-01-05 07:00:00+00:00"),
    "no zone": row(created_at="2026-01-05T07:00:00"),
    "a text of 5 MB": row(text="plus d'internet @free depuis 10 min " * 150_000),
    "empty fields": row(author=None, lang=None, place="", source=None),
    "unknown fields": row(anything={"deep": [1, 2]}),
}


@pytest.mark.parametrize("line", LENIENT.values(), ids=LENIENT.keys())
def test_what_can_be_read_is_read(run, line):
    text = clean(run("replay", "-", stdin=line))
    assert "1 posts" in text and "1 complaints" in text and "0 bad lines" in text


def test_an_empty_file_is_no_failure(run):
    found = run("replay", "-", stdin=b"")
    assert found.returncode == 0 and found.stdout == b""
    assert "no posts were read" in clean(found)


def test_a_file_without_one_post_is_a_failure(run, tmp_path):
    (tmp_path / "notes.txt").write_text("bonjour\nau revoir\n")
    found = run("replay", "notes.txt")
    assert found.returncode == 1
    assert "notes.txt: none of 2 lines is a post; notes.txt:1: " in clean(found)


def test_a_packed_file_cut_short_says_so(run, tmp_path):
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(row() * 5000)[:-20])
    found = run("replay", "cut.jsonl.gz")
    assert found.returncode == 1 and "cut.jsonl.gz: cannot be read on" in clean(found)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["replay", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["replay", "."], ".: expected a file, got a folder"),
        (["replay", "-", "--profile", "telecom-rf"], "did you mean telecom-fr?"),
        (["replay", "-", "--profile", "x.toml"], "profile x.toml: no such file"),
        (["replay", "-", "--operator", "fre"], "did you mean free?"),
        (["replay", "-", "--location", "Atlantis"], "--location: no place 'Atlantis'"),
        (["replay", "-", "--since", "yesterday"], "--since: expected a time such as"),
        (["replay", "-", "--level", "sure"], "--level: expected possible, probable, strong"),
        (["replay", "-", "--output", "xml"], "--output: expected text or json"),
        (["replay", "-", "--timezone", "Mars"], "--timezone: expected a zone such as Europe/Paris"),
        (["replay", "-", "--map", "text"], "--map: expected text=COLUMN"),
        (["replay", "-", "--step", "5 hours"], "--step: expected 1min to 1h"),
        (["replay", "-", "--format", "table"], "--format: expected posts, counts"),
        (["replay", "-", "--config", "none.toml"], "none.toml: no such file"),
        (["explain"], "explain: expected either a text or --input PATH"),
        (["train", "none.csv"], "none.csv: cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_exit_code_2(run, args, message):
    found = run(*args)
    text = clean(found)
    assert message in text and text.count("\n") == 1
    assert found.returncode == (1 if args[0] == "train" else 2)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[detect\n", "outagewatch.toml: not TOML"),
        (
            "[detect]\nfalse_alarm_per_week = 1\n",
            "detect.false_alarm_per_week: no such setting. did you mean false_alarms_per_week?",
        ),
        (
            '[detect]\nfalse_alarms_per_week = "one"\n',
            'detect.false_alarms_per_week: expected a number above 0, got "one"',
        ),
        (
            "[detect]\nfalse_alarms_per_week = 0\n",
            "detect.false_alarms_per_week: expected a number above 0, got 0",
        ),
        ("detekt = 1\n", "detekt: no such setting. did you mean detect?"),
        ('[operators.free]\nname = ["x"]\n', "name: no such setting. did you mean names?"),
        ('timezone = "Paris"\n', "timezone: expected a zone such as Europe/Paris"),
        ("places = 3\n", "places: expected true or false, got 3"),
        ('counting = "guess"\n', 'counting: expected model, keywords, got "guess"'),
        ('profile = "telecom-frr"\n', "did you mean telecom-fr?"),
    ],
)
def test_a_wrong_configuration_names_what_would_be_right(run, tmp_path, toml, message):
    (tmp_path / "outagewatch.toml").write_text(toml)
    found = run("replay", "-")
    assert found.returncode == 2
    assert message in clean(found)


def test_a_wrong_environment_variable_is_named(run):
    found = run("replay", "-", env={"OUTAGEWATCH_DETECT__FALSE_ALARMS_PER_WEEK": "many"})
    assert found.returncode == 2 and "OUTAGEWATCH_DETECT__FALSE_ALARMS_PER_WEEK: detect." in clean(
        found
    )


@pytest.mark.parametrize(
    ("table", "code", "message"),
    [
        ("text,when\nx,2026-01-05T07:00:00Z\n", 2, "no column 'created_at'; it has text, when"),
        ("text,created_at\nx,2026-01-05 07:00:00\n", 2, "see --timezone"),
        (
            "text,created_at\nx,hier\nplus d'internet @free là,2026-01-05T07:00:00Z\n",
            0,
            "posts.csv:2: expected a time",
        ),
    ],
)
def test_tables_of_posts_say_what_is_missing(run, tmp_path, table, code, message):
    (tmp_path / "posts.csv").write_text(table)
    found = run("replay", "posts.csv")
    assert found.returncode == code and message in clean(found)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("time,n\n", "no column 'count'"),
        ("time,count\n2026-01-05T07:00:00Z,1\n2026-01-05T07:00:30Z,1\n", "irregular"),
        ("time,count\n2026-01-05T07:00:00Z,many\n", "none of 1 rows is a count"),
        (
            "time,location,count\n2026-01-05T07:00:00Z,Atlantis,1\n",
            "expected a place in 'location'",
        ),
    ],
)
def test_tables_of_counts_say_what_is_missing(run, tmp_path, table, message):
    (tmp_path / "counts.csv").write_text(table)
    found = run("replay", "--format", "counts", "counts.csv")
    assert found.returncode in (1, 2) and message in clean(found)


def test_hostile_text_is_harmless_on_screen_and_in_files(run, tmp_path):
    evil = "plus d'internet @free \x1b[2J\x1b]0;owned\x07 [bold red]x[/] \u202eabc =cmd()"
    rows = b"".join(
        row(
            id=str(i),
            author=f"p{i}",
            text=f"{evil} {i}",
            operator="=1+1",
            created_at=f"2026-01-05T07:{i:02}:00Z",
        )
        for i in range(12)
    )
    for output in ("text", "json"):
        found = run(
            "replay",
            "-",
            "--output",
            output,
            "--evidence",
            "redacted",
            "--level",
            "possible",
            stdin=rows,
        )
        assert b"\x1b" not in found.stdout and "\u202e".encode() not in found.stdout
        assert b"\x07" not in found.stdout
    counts = tmp_path / "c.csv"
    counts.write_text("time,operator,service,location,count\n2026-01-05T07:00:00Z,=cmd(),+x,,3\n")
    assert run("replay", "--format", "counts", "c.csv", "--scores", "s.csv").returncode == 0
    assert "'=cmd(),'+x" in (tmp_path / "s.csv").read_text()


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_zstandard_file_cut_short_is_an_error(run, sample, tmp_path, keep):
    import zstandard

    packed = zstandard.compress(sample.read_bytes())
    (tmp_path / "cut.jsonl.zst").write_bytes(packed[: int(len(packed) * keep)])
    found = run("replay", "cut.jsonl.zst")
    assert found.returncode == 1 and "cut.jsonl.zst: cannot be read on" in clean(found)
    two = zstandard.compress(row()) + zstandard.compress(LATER)
    (tmp_path / "two.jsonl.zst").write_bytes(two)
    assert b"2 posts" in run("replay", "two.jsonl.zst").stderr
