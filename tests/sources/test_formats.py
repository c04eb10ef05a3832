from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.records import Post
from outagewatch.sources.base import UnreadableError
from outagewatch.sources.formats import (
    decode_chunk,
    decode_line,
    derived_id,
    from_json,
)
from outagewatch.sources.times import read_time

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["data", "text", "created_at", "id", "geo", "includes", "meta", "author", "lat"]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
TIMES = st.datetimes(datetime(2006, 1, 2), datetime(2040, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
POSTS = st.builds(
    Post,
    text=TEXTS,
    created_at=TIMES,
    id=st.none() | TEXTS.filter(bool),
    author=st.none() | TEXTS.filter(bool),
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    repost=st.none() | st.booleans(),
    thread=st.none() | TEXTS.filter(bool),
)


@given(JSON)
def test_any_json_is_posts_or_one_clear_error(value):
    try:
        assert all(isinstance(post, Post) for post in from_json(value))
    except UnreadableError as error:
        assert str(error) and "\n" not in str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_posts_or_one_clear_error(line):
    try:
        list(decode_line(line))
    except UnreadableError as error:
        assert str(error)


@given(st.lists(POSTS, min_size=1, max_size=6))
def test_canonical_lines_come_back_as_they_went(posts):
    lines = [msgspec.json.encode(post) for post in posts]
    quick = decode_chunk(b"\n".join(lines) + b"\n")
    slow = [post for line in lines for post in decode_line(line)]
    names = Post.__struct_fields__
    for a, b, c in zip(posts, quick, slow, strict=True):
        assert [getattr(a, n) for n in names] == [getattr(b, n) for n in names]
        assert [getattr(a, n) for n in names] == [getattr(c, n) for n in names]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-05T07:12:31Z", "2026-01-05T07:12:31+00:00"),
        ("2026-01-05T08:12:31+01:00", "2026-01-05T07:12:31+00:00"),
        ("2026-01-05T07:12:31", "2026-01-05T07:12:31+00:00"),
        (1767597151, "2026-01-05T07:12:31+00:00"),
        (1767597151000, "2026-01-05T07:12:31+00:00"),
        ("1767597151", "2026-01-05T07:12:31+00:00"),
        ("Mon Jan 05 07:12:31 +0000 2026", "2026-01-05T07:12:31+00:00"),
    ],
)
def test_times_are_read_in_every_form(written, at):
    assert read_time(written) == datetime.fromisoformat(at)


def test_a_derived_id_is_the_same_wherever_the_post_is_read():
    one = Post(text="x", created_at=datetime(2026, 1, 5, tzinfo=UTC), author="a")
    assert derived_id(one, 0) == derived_id(msgspec.structs.replace(one, lang="fr"), 0)
    assert derived_id(one, 0) != derived_id(one, 1)
