import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outagewatch.sources import order
from outagewatch.sources.base import Tally
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.testing import lines, post

OPTIONS = ReadOptions(4e9)


def read(files, folder, size=100):
    inputs = []
    for number, posts in enumerate(files):
        path = folder / f"{number}.jsonl"
        path.write_bytes(lines(posts))
        inputs.append(Input(path, path.name))
    batches = list(order.in_order(inputs, OPTIONS, Tally(), folder, size))
    assert all(len(batch.posts) == len(batch.times) <= size for batch in batches)
    return [p for batch in batches for p in batch.posts]


def numbered(minutes):
    return [post(n, f"text {i}", id=str(i)) for i, n in enumerate(minutes)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 500), max_size=30), min_size=1, max_size=4))
def test_posts_of_all_files_come_in_order(tmp_path, files):
    found = read([numbered(minutes) for minutes in files], tmp_path)
    times = [p.created_at for p in found]
    assert times == sorted(times)
    assert len(found) == sum(map(len, files))


def test_what_does_not_fit_in_memory_is_sorted_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "RUN", 50)
    minutes = list(range(1000))
    random.Random(1).shuffle(minutes)
    found = read([numbered(minutes)], tmp_path)
    assert [p.created_at for p in found] == sorted(p.created_at for p in found)
    assert len({p.id for p in found}) == 1000


def test_a_file_in_order_is_read_in_one_pass(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "_sorted_on_disk", lambda *_: pytest.fail("sorted in vain"))
    assert len(read([numbered(range(300)), numbered(range(100, 400))], tmp_path)) == 600


def test_equal_lines_without_ids_are_numbered_by_file(tmp_path):
    same = [post(0, "idem", author=None) for _ in range(3)]
    found = read([same, same[:2]], tmp_path)
    assert len(found) == 5 and len({p.id for p in found}) == 3
