"""Read posts from lines of JSON: canonical ones quickly, those of any service one at a time.

In: lines. Out: posts. Remembers nothing but how many equal lines have come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw

from outagewatch.records import Post
from outagewatch.sources import services
from outagewatch.sources.base import UnreadableError
from outagewatch.sources.times import UTC_STYLE, TimeStyle, aware, read_time, seconds, short

MAX_DEPTH_ERROR = "nested too deep"


class WireLine(Post, frozen=True, gc=False, kw_only=True):
    """A canonical line as decoded, with the other names that fields may have."""

    created_at: datetime | int | float  # type: ignore[assignment]
    received_at: datetime | int | float | None = None  # type: ignore[assignment]
    is_retweet: bool | None = None
    in_reply_to: str | None = None
    author_id: str | None = None
    conversation_id: str | None = None
    referenced_tweets: Raw | None = None
    geo: Raw | None = None


class TimeOnly(msgspec.Struct, gc=False):
    """A canonical line of which only the time is read."""

    created_at: datetime | int | float


FIELDS = frozenset(Post.__struct_fields__)
ALIASES = {"is_retweet": "repost", "in_reply_to": "reply_to", "author_id": "author"}
_LINES = msgspec.json.Decoder(WireLine)
_TIMES = msgspec.json.Decoder(TimeOnly)
_ANYTHING = msgspec.json.Decoder()


def decode_chunk(chunk: bytes) -> list[Post]:
    """Decode whole canonical lines at once.

    Raises
    ------
    msgspec.MsgspecError
        If any of them is no plain canonical line.
    """
    posts: list[Post] = []
    for wire in _LINES.decode_lines(chunk):
        created = wire.created_at
        if (
            wire.is_retweet is None
            and wire.in_reply_to is None
            and wire.author_id is None
            and created.__class__ is datetime
            and created.tzinfo is not None
            and wire.received_at is None
        ):
            posts.append(wire)
        elif wire.referenced_tweets is None and wire.geo is None:
            posts.append(_plain(wire))
        else:
            raise msgspec.ValidationError("a line of the X API")
    return posts


def decode_times(chunk: bytes) -> list[float]:
    """Decode the times of whole canonical lines, seconds since the epoch.

    Raises
    ------
    msgspec.MsgspecError
        If any of them is no canonical line.
    """
    return [
        t.timestamp() if t.__class__ is datetime and t.tzinfo else seconds(t)
        for t in [line.created_at for line in _TIMES.decode_lines(chunk)]
    ]


def _plain(wire: WireLine) -> Post:
    """Return a wire line as a post, other names and forms of time resolved."""
    values = {name: getattr(wire, name) for name in FIELDS}
    values["created_at"] = aware(wire.created_at)
    if wire.received_at is not None:
        values["received_at"] = aware(wire.received_at)
    values["repost"] = wire.repost if wire.repost is not None else wire.is_retweet
    values["reply_to"] = wire.reply_to or wire.in_reply_to
    values["author"] = wire.author or wire.author_id
    values["thread"] = wire.thread or wire.conversation_id
    return Post(**values)


def decode_line(line: bytes) -> Iterator[Post]:
    """Decode one line of any JSON format: the slow way, that says what is wrong.

    Raises
    ------
    UnreadableError
        If it holds no post.
    """
    try:
        value = _ANYTHING.decode(line)
    except RecursionError as error:
        raise UnreadableError(MAX_DEPTH_ERROR) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(f"not JSON: {short(str(error))}") from error
    yield from from_json(value)


def from_json(value: Any) -> Iterator[Post]:
    """Return the posts of one decoded JSON value: a post of any service, a page, or a list."""
    if isinstance(value, list):
        for item in value:
            yield from from_json(item)
        return
    if not isinstance(value, dict):
        raise UnreadableError(f"expected a post as a JSON object, got {type(value).__name__}")
    for fields in services.unpack(value):
        yield from_mapping(fields)


def from_mapping(value: Mapping[str, Any], style: TimeStyle = UTC_STYLE) -> Post:
    """Return the post of a mapping with canonical names, types taken loosely.

    Raises
    ------
    UnreadableError
        If text or time is missing or is none.
    """
    text = value.get("text")
    if not isinstance(text, str):
        raise UnreadableError(f"expected text in 'text', got {short(repr(text))}")
    if value.get("created_at") in (None, ""):
        raise UnreadableError("expected a time in 'created_at', got none")
    found: dict[str, Any] = {"text": text, "created_at": read_time(value["created_at"], style)}
    for name, raw in value.items():
        field = ALIASES.get(name, name)
        if field not in FIELDS or field in ("text", "created_at") or raw in (None, ""):
            continue
        if found.get(field) is not None:
            continue
        found[field] = _coerced(field, raw, style)
    return Post(**found)


def _coerced(field: str, raw: Any, style: TimeStyle) -> Any:
    if field == "repost":
        return raw if isinstance(raw, bool) else str(raw).strip().lower() in ("1", "true", "yes")
    if field in ("lat", "lon"):
        try:
            number = float(str(raw).replace(",", "."))
        except ValueError:
            return None
        return number if abs(number) <= 180 else None
    if field == "received_at":
        return read_time(raw, style)
    if isinstance(raw, (dict, list)):
        raise UnreadableError(f"expected text in {field!r}, got {short(repr(raw))}")
    return str(raw)


def derived_id(post: Post, ordinal: int) -> str:
    """Return an id for a post without one, the same wherever and whenever it is read."""
    parts = (post.source, post.author, str(post.created_at.timestamp()), post.text, str(ordinal))
    joined = "\x1f".join(part or "" for part in parts)
    return "d" + hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()
