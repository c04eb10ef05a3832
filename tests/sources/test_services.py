"""Posts of X, Bluesky and Mastodon, as their services write them."""

import html
import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.records import Post
from outagewatch.sources.base import UnreadableError
from outagewatch.sources.formats import decode_line, from_json

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
NAMES = st.text("abcdefghij_0123456789", min_size=1, max_size=12)
TIMES = st.datetimes(datetime(2007, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)


def read(value):
    return list(decode_line(json.dumps(value).encode()))


@given(TEXTS, NAMES, TIMES, st.booleans(), st.sampled_from(["text", "full_text", "extended_tweet"]))
def test_x_v11(text, author, at, repost, where):
    value = {
        "created_at": at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "id": 1050118621198921728,
        "id_str": "1050118621198921728",
        "user": {"id_str": "7", "screen_name": author, "location": "Brest, France"},
        "in_reply_to_status_id_str": "105",
        "coordinates": {"type": "Point", "coordinates": [-4.49, 48.39]},
        "place": {"full_name": "Brest, France"},
        "lang": "fr",
        "text": "cut short…",
    }
    value[where] = {"full_text": text} if where == "extended_tweet" else text
    if repost:
        value["retweeted_status"] = {"id": 1}
    (post,) = read(value)
    if text or where == "text":
        assert post.text == text
    assert (post.id, post.author, post.created_at) == ("1050118621198921728", author, at)
    assert (post.lat, post.lon, post.place, post.author_place) == (
        48.39,
        -4.49,
        "Brest, France",
        "Brest, France",
    )
    assert (post.reply_to, post.lang, post.source, post.repost) == ("105", "fr", "x", repost)
    assert read({"statuses": [value, value], "search_metadata": {}}) == [post, post]


def jetstream(text="plus rien", created="2026-01-05T07:12:31.123Z", operation="create", **commit):
    return {
        "did": "did:plc:abc",
        "time_us": 1767597152000000,
        "kind": "commit",
        "commit": {
            "operation": operation,
            "collection": "app.bsky.feed.post",
            "rkey": "3lf",
            "record": {
                "$type": "app.bsky.feed.post",
                "text": text,
                "langs": ["fr", "en"],
                "createdAt": created,
                "reply": {"root": {"uri": "at://r"}, "parent": {"uri": "at://p"}},
            },
            **commit,
        },
    }


@given(TEXTS)
def test_bluesky_jetstream(text):
    (post,) = read(jetstream(text))
    assert post == Post(
        text=text,
        created_at=datetime(2026, 1, 5, 7, 12, 31, 123000, UTC),
        received_at=datetime(2026, 1, 5, 7, 12, 32, tzinfo=UTC),
        id="at://did:plc:abc/app.bsky.feed.post/3lf",
        author="did:plc:abc",
        lang="fr",
        thread="at://r",
        reply_to="at://p",
        source="bluesky",
    )


@pytest.mark.parametrize("created", ["2031-01-01T00:00:00Z", "yesterday", None])
def test_a_bluesky_post_is_never_from_later_than_the_network_had_it(created):
    (post,) = read(jetstream(created=created))
    assert post.created_at == post.received_at


@pytest.mark.parametrize(
    "event",
    [
        jetstream(operation="delete"),
        jetstream(collection="app.bsky.feed.like"),
        {"did": "did:plc:abc", "time_us": 1, "kind": "identity", "identity": {}},
        {"did": "did:plc:abc", "time_us": 1, "kind": "account", "account": {"active": True}},
        {"event": "delete", "payload": "1"},
        {"delete": {"status": {"id": 1}}},
    ],
)
def test_events_about_something_else_are_no_posts_and_no_errors(event):
    assert read(event) == []


@given(TEXTS, NAMES, TIMES, st.booleans())
def test_mastodon(text, author, at, shared):
    status = {
        "id": "103",
        "uri": f"https://mastodon.example/users/{author}/statuses/103",
        "created_at": at.isoformat().replace("+00:00", "Z"),
        "content": f"<p>{html.escape(text)}<br />fin</p>",
        "spoiler_text": "",
        "language": "fr",
        "in_reply_to_id": "102",
        "reblog": None,
        "account": {"id": "1", "acct": author},
    }
    value = {**status, "content": "", "reblog": status} if shared else status
    (post,) = read(value)
    assert post.text == f"{text}\nfin"
    assert (post.author, post.created_at, post.reply_to) == (author, at, "102")
    assert (post.repost, post.lang, post.source) == (shared, "fr", "mastodon")
    streamed = {"stream": ["public"], "event": "update", "payload": json.dumps(value)}
    assert read(streamed) == [post]


def test_what_a_reader_of_mastodon_sees_is_its_text():
    value = {
        "created_at": "2026-01-05T07:00:00Z",
        "content": '<p>Plus d&#39;internet <span class="h-card"><a href="https://x.y/@free">'
        "@<span>free</span></a></span></p><p>pareil ?</p>",
        "account": {"acct": "a"},
    }
    assert read(value)[0].text == "Plus d'internet @free\npareil ?"


SHAPES = st.sampled_from(
    [
        "did", "kind", "commit", "record", "operation", "collection", "time_us", "content", "account",
        "event", "payload", "statuses", "user", "full_text", "reblog", "coordinates", "place", "reply",
        "create", "app.bsky.feed.post", "update", "{}", "extended_tweet", "created_at", "text",
    ]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | SHAPES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHAPES, inner, max_size=7),
    max_leaves=24,
)


@given(ANYTHING)
def test_any_shape_is_posts_or_one_clear_error(value):
    try:
        assert all(isinstance(post, Post) for post in from_json(value))
    except UnreadableError as error:
        assert str(error) and "\n" not in str(error)


def test_a_page_of_the_x_api_carries_the_places_it_includes():
    page = {
        "data": [{
            "id": "1", "text": "plus rien", "created_at": "2026-01-05T07:00:00.000Z", "author_id": "9",
            "conversation_id": "0", "geo": {"place_id": "p"},
            "referenced_tweets": [{"type": "replied_to", "id": "0"}],
        }],
        "includes": {"places": [{"id": "p", "full_name": "Lyon, France"}]},
        "meta": {"result_count": 1},
    }  # fmt: skip
    (post,) = list(decode_line(msgspec.json.encode(page)))
    assert (post.place, post.thread, post.reply_to, post.author) == ("Lyon, France", "0", "0", "9")
