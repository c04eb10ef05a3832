"""Know a post of X, Bluesky or Mastodon by its shape, and name its fields as ours.

In: decoded JSON objects. Out: mappings with canonical names. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec

from outagewatch.sources.base import UnreadableError
from outagewatch.sources.times import read_time, short

Fields = Mapping[str, Any]
_BLUESKY_POST = "app.bsky.feed.post"


def unpack(value: Fields) -> Iterator[Fields]:
    """Return the posts of a decoded object; none of what is an event about something else.

    Raises
    ------
    UnreadableError
        If it looks like a page of posts and holds something else.
    """
    if "text" not in value and "full_text" not in value:
        if "did" in value and "kind" in value:
            yield from _jetstream(value)
            return
        if "content" in value and "account" in value:
            yield _mastodon(value)
            return
        if "event" in value and "payload" in value:
            yield from _mastodon_event(value)
            return
        if isinstance(value.get("statuses"), list):
            for post in value["statuses"]:
                yield _x_old(_object(post))
            return
        if "data" in value:
            yield from _x_page(value)
            return
        if "meta" in value or "errors" in value or "delete" in value:
            return  # a page without a post, or a notice of the stream
    if isinstance(value.get("user"), dict):
        yield _x_old(value)
    elif "referenced_tweets" in value or "conversation_id" in value or "geo" in value:
        yield _x_post(value, {}, {})
    else:
        yield value


def _table(value: Any) -> Fields:
    """Return a field that may hold an object; an empty one where it holds none."""
    return value if isinstance(value, dict) else {}


def _object(value: Any) -> Fields:
    if not isinstance(value, dict):
        raise UnreadableError(f"expected a post as a JSON object, got {type(value).__name__}")
    return value


def _x_page(page: Fields) -> Iterator[Fields]:
    """Return the posts of an X API v2 response, with what ``includes`` says of their places."""
    data = page["data"]
    includes = _table(page.get("includes"))
    places = {p.get("id"): p for p in includes.get("places", ()) if isinstance(p, dict)}
    users = {u.get("id"): u for u in includes.get("users", ()) if isinstance(u, dict)}
    for post in data if isinstance(data, list) else [data]:
        if not isinstance(post, dict):
            raise UnreadableError(f"expected posts in 'data', got {short(repr(post))}")
        yield _x_post(post, places, users)


def _x_post(post: Fields, places: Mapping[Any, Any], users: Mapping[Any, Any]) -> Fields:
    links = [link for link in post.get("referenced_tweets") or () if isinstance(link, dict)]
    user = users.get(post.get("author_id")) or {}
    values: dict[str, Any] = {
        "id": post.get("id"),
        "text": post.get("text"),
        "created_at": post.get("created_at"),
        "lang": post.get("lang"),
        "author": user.get("username") or post.get("author") or post.get("author_id"),
        "author_place": user.get("location"),
        "thread": post.get("conversation_id"),
        "repost": any(link.get("type") == "retweeted" for link in links),
        "reply_to": next((x.get("id") for x in links if x.get("type") == "replied_to"), None),
        "source": post.get("source") if post.get("source") == "x" else "x",
    }
    geo = post.get("geo")
    if isinstance(geo, dict):
        point = geo.get("coordinates")
        lonlat = point.get("coordinates") if isinstance(point, dict) else None
        if isinstance(lonlat, list) and len(lonlat) == 2:
            values["lon"], values["lat"] = lonlat
        place = places.get(geo.get("place_id"))
        if place is not None:
            values["place"] = place.get("full_name")
    return values


def _x_old(post: Fields) -> Fields:
    """Return a post of X API v1.1: long texts stand in ``full_text`` or ``extended_tweet``."""
    text = _table(post.get("extended_tweet")).get("full_text")
    user = _table(post.get("user"))
    lonlat = _table(post.get("coordinates")).get("coordinates")
    reply = post.get("in_reply_to_status_id_str") or post.get("in_reply_to_status_id")
    values: dict[str, Any] = {
        "id": post.get("id_str") or post.get("id"),
        "text": text or post.get("full_text") or post.get("text"),
        "created_at": post.get("created_at"),
        "lang": post.get("lang"),
        "author": user.get("screen_name") or user.get("id_str") or user.get("id"),
        "author_place": user.get("location"),
        "reply_to": reply,
        "repost": isinstance(post.get("retweeted_status"), dict),
        "place": _table(post.get("place")).get("full_name"),
        "source": "x",
    }
    if isinstance(lonlat, list) and len(lonlat) == 2:
        values["lon"], values["lat"] = lonlat
    return values


def _jetstream(event: Fields) -> Iterator[Fields]:
    """Return the post of a Bluesky Jetstream event, if it makes one.

    The time is the author's, but never later than when the network had it.
    """
    commit = event.get("commit")
    if not isinstance(commit, dict) or commit.get("operation") != "create":
        return
    record = commit.get("record")
    if commit.get("collection") != _BLUESKY_POST or not isinstance(record, dict):
        return
    seen = _microseconds(event.get("time_us"))
    created = record.get("createdAt")
    if seen is not None:
        try:
            created = min(read_time(created), seen)
        except UnreadableError:
            created = seen
    reply = _table(record.get("reply"))
    root, parent = (_table(reply.get(name)).get("uri") for name in ("root", "parent"))
    languages = record.get("langs")
    yield {
        "id": f"at://{event.get('did')}/{_BLUESKY_POST}/{commit.get('rkey')}",
        "text": record.get("text"),
        "created_at": created,
        "received_at": seen,
        "lang": languages[0] if isinstance(languages, list) and languages else None,
        "author": event.get("did"),
        "thread": root,
        "reply_to": parent,
        "source": "bluesky",
    }


def _microseconds(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(value / 1e6, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _mastodon(status: Fields) -> Fields:
    shared = status.get("reblog") if isinstance(status.get("reblog"), dict) else None
    shown = shared or status
    account = _table(status.get("account"))
    parts = [status.get("spoiler_text"), _plain(shown.get("content"))]
    return {
        "id": status.get("uri") or status.get("id"),
        "text": " ".join(part for part in parts if isinstance(part, str) and part),
        "created_at": status.get("created_at"),
        "lang": status.get("language"),
        "author": account.get("acct"),
        "reply_to": status.get("in_reply_to_id"),
        "repost": shared is not None,
        "source": "mastodon",
    }


def _mastodon_event(event: Fields) -> Iterator[Fields]:
    """Return the post of an event of Mastodon's streaming API, whose payload is text."""
    if event.get("event") != "update":
        return
    payload = event["payload"]
    try:
        status = msgspec.json.decode(payload) if isinstance(payload, str) else payload
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableError(f"payload is not JSON: {short(str(error))}") from error
    yield _mastodon(_object(status))


class _Text(HTMLParser):
    """Keeps what a reader of a page sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or (tag == "p" and self.parts):
            self.parts.append("\n")


def _plain(html: Any) -> str | None:
    """Return the text of a status, which comes as HTML."""
    if not isinstance(html, str):
        return None
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)
