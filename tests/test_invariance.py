"""The same posts give the same alert lines, however they come."""

import gzip
import json
import random

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outagewatch.alert.message import event, line
from outagewatch.pipeline import Pipeline
from outagewatch.records import Batch
from outagewatch.sources.base import Tally
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.sources.order import in_order

LATEST = 4e9


@pytest.fixture
def replayed(run, sample):
    return run("replay", str(sample), "--quiet").stdout


def test_the_sample_raises_its_three_failures(replayed):
    opened = [e for e in map(json.loads, replayed.splitlines()) if e["type"].endswith(".opened")]
    assert [e["data"]["location"]["id"] for e in opened] == ["FR-OCC", "FR-BRE", "FR"]
    assert [e["data"]["operator"] for e in opened] == ["sfr", "free", "free"]
    times = ["2026-01-14T19:14:00Z", "2026-01-19T18:46:00Z", "2026-01-20T02:10:00Z"]
    assert [e["time"] for e in opened] == times


@pytest.mark.parametrize("size", ["1", "7", "4096"])
def test_the_batch_size_makes_no_difference(run, sample, replayed, size):
    env = {"OUTAGEWATCH_PIPELINE__BATCH_SIZE": size}
    assert run("replay", str(sample), "--quiet", env=env).stdout == replayed


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_hash_seed_makes_no_difference(run_process, sample, replayed, seed):
    found = run_process("replay", str(sample), "--quiet", env={"PYTHONHASHSEED": seed})
    assert found.stdout == replayed


def test_standard_input_is_read_as_a_file(run, sample, replayed):
    assert run("replay", "-", "--quiet", stdin=sample.read_bytes()).stdout == replayed


def test_packed_files_are_read_as_they_are(run, sample, replayed, tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(sample.read_bytes()))
    (tmp_path / "b.jsonl.zst").write_bytes(zstandard.compress(sample.read_bytes()))
    for name in ("a.jsonl.gz", "b.jsonl.zst"):
        assert run("replay", name, "--quiet").stdout == replayed


def test_a_file_split_in_two_by_turns_is_merged_by_time(run, sample, replayed, tmp_path):
    rows = sample.read_bytes().splitlines(keepends=True)
    (tmp_path / "odd.jsonl").write_bytes(b"".join(rows[1::2]))
    (tmp_path / "even.jsonl").write_bytes(b"".join(rows[::2]))
    assert run("replay", "odd.jsonl", "even.jsonl", "--quiet").stdout == replayed


def test_shuffled_and_newest_first_files_are_put_in_order(run, sample, replayed, tmp_path):
    rows = sample.read_bytes().splitlines(keepends=True)
    (tmp_path / "reversed.jsonl").write_bytes(b"".join(reversed(rows)))
    random.Random(3).shuffle(rows)
    (tmp_path / "shuffled.jsonl").write_bytes(b"".join(rows))
    for name in ("reversed.jsonl", "shuffled.jsonl"):
        assert run("replay", name, "--quiet").stdout == replayed


def test_duplicates_count_once(run, sample, replayed):
    doubled = sample.read_bytes() * 2
    found = run("replay", "-", stdin=doubled)
    assert found.stdout == replayed
    assert b"duplicates" in found.stderr


def test_without_ids_equal_lines_of_one_file_are_different_posts(run):
    row = b'{"text":"plus internet @free","created_at":"2026-01-05T07:00:00Z"}\n'
    assert b"2 complaints, 0 with a place, 0 duplicates" in run("replay", "-", stdin=row * 2).stderr


def test_without_ids_the_same_line_in_two_files_is_the_same_post(run, tmp_path):
    row = b'{"text":"plus internet @free","created_at":"2026-01-05T07:00:00Z"}\n'
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(row)
    assert b"1 duplicates" in run("replay", "a.jsonl", "b.jsonl").stderr


def told(rows, size, french, gazetteer, model, folder) -> list[str]:
    path = folder / "posts.jsonl"
    path.write_bytes(b"".join(rows))
    pipeline = Pipeline(french, gazetteer=gazetteer, model=model)
    batches = in_order([Input(path, "posts")], ReadOptions(LATEST), Tally(), folder, size)
    changes = [*pipeline.run(batches), *pipeline.finish()]
    return [line(event(c, french, host="h", evidence="ids")) for c in changes]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 300), doubled=st.integers(0, 60))
def test_disorder_and_duplicates_make_no_difference(
    seed, size, doubled, french, gazetteer, model, sample, tmp_path
):
    rows = sample.read_bytes().splitlines(keepends=True)[-700:]
    expected = told(rows, 4096, french, gazetteer, model, tmp_path)
    assert expected
    rng = random.Random(seed)
    mixed = rows + rng.choices(rows, k=doubled)
    rng.shuffle(mixed)
    assert told(mixed, size, french, gazetteer, model, tmp_path) == expected


def as_arrived(posts, cuts, french, gazetteer, model):
    pipeline = Pipeline(french, gazetteer=gazetteer, model=model)
    batches = []
    for start, end in zip([0, *cuts], [*cuts, len(posts)], strict=True):
        part = posts[start:end]
        batches.append(Batch(part, [p.created_at.timestamp() for p in part]))
    changes = [*pipeline.run(batches, as_arrived=True), *pipeline.finish()]
    return [line(event(c, french, host="h", evidence="ids")) for c in changes], pipeline.totals.late


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_posts_as_they_arrived_do_not_depend_on_how_they_are_cut(
    data, french, gazetteer, model, sample, tmp_path
):
    path = tmp_path / "tail.jsonl"
    path.write_bytes(b"".join(sample.read_bytes().splitlines(keepends=True)[-150:]))
    batches = in_order([Input(path, "p")], ReadOptions(LATEST), Tally(), tmp_path, 4096)
    posts = [post for batch in batches for post in batch.posts]
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    order = sorted(
        range(len(posts)), key=lambda i: posts[i].created_at.timestamp() + rng.random() * 400
    )
    posts = [posts[i] for i in order]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(posts) - 1), max_size=30)))
    one = as_arrived(posts, [], french, gazetteer, model)
    assert as_arrived(posts, cuts, french, gazetteer, model) == one
