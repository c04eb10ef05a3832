"""Read posts from the formats that they come in: canonical lines, X API v2 pages and lines, CSV.

In: lines. Out: posts. Remembers nothing but how many equal lines have come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw

from outagewatch.records import Post

UTC_ZONE = ZoneInfo("UTC")
EARLIEST = datetime(2006, 1, 1, tzinfo=UTC).timestamp()  # before the first of these services
AHEAD_SECONDS = 600.0  # that a post may be ahead of the wall clock
_MILLISECONDS = 1e11  # seconds since the epoch reach this in the year 5138
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


class UnreadableError(ValueError):
    """A line that is no post, with what would have been right."""


def seconds(value: datetime | float) -> float:
    """Return a decoded time as seconds since the epoch; a time without a zone is UTC."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return value / 1000 if value > _MILLISECONDS else float(value)


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
    values["created_at"] = _aware(wire.created_at)
    if wire.received_at is not None:
        values["received_at"] = _aware(wire.received_at)
    values["repost"] = wire.repost if wire.repost is not None else wire.is_retweet
    values["reply_to"] = wire.reply_to or wire.in_reply_to
    values["author"] = wire.author or wire.author_id
    values["thread"] = wire.thread or wire.conversation_id
    return Post(**values)


def _aware(value: datetime | float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds(value), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise UnreadableError(f"expected a time in created_at, got {value!r}") from error


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
        raise UnreadableError(f"not JSON: {_short(str(error))}") from error
    yield from from_json(value)


def from_json(value: Any) -> Iterator[Post]:
    """Return the posts of one decoded JSON value: a post, an X API page, or a list of posts."""
    if isinstance(value, list):
        for item in value:
            yield from from_json(item)
    elif not isinstance(value, dict):
        raise UnreadableError(f"expected a post as a JSON object, got {type(value).__name__}")
    elif "data" in value and "text" not in value:
        yield from _x_page(value)
    elif "text" not in value and ("meta" in value or "errors" in value):
        return  # a page without a post
    elif "referenced_tweets" in value or "conversation_id" in value or "geo" in value:
        yield _x_post(value, {}, {})
    else:
        yield from_mapping(value)


def from_mapping(value: Mapping[str, Any], timezone: ZoneInfo | None = UTC_ZONE) -> Post:
    """Return the post of a mapping with canonical names, types taken loosely.

    Raises
    ------
    UnreadableError
        If text or time is missing or is none.
    """
    text = value.get("text")
    if not isinstance(text, str):
        raise UnreadableError(f"expected text in 'text', got {_short(repr(text))}")
    if value.get("created_at") in (None, ""):
        raise UnreadableError("expected a time in 'created_at', got none")
    found: dict[str, Any] = {"text": text, "created_at": read_time(value["created_at"], timezone)}
    for name, raw in value.items():
        field = ALIASES.get(name, name)
        if field not in FIELDS or field in ("text", "created_at") or raw in (None, ""):
            continue
        if found.get(field) is not None:
            continue
        found[field] = _coerced(field, raw, timezone)
    return Post(**found)


def _coerced(field: str, raw: Any, timezone: ZoneInfo | None) -> Any:
    if field == "repost":
        return raw if isinstance(raw, bool) else str(raw).strip().lower() in ("1", "true", "yes")
    if field in ("lat", "lon"):
        try:
            number = float(str(raw).replace(",", "."))
        except ValueError:
            return None
        return number if abs(number) <= 180 else None
    if field == "received_at":
        return read_time(raw, timezone)
    if isinstance(raw, (dict, list)):
        raise UnreadableError(f"expected text in {field!r}, got {_short(repr(raw))}")
    return str(raw)


def read_time(value: Any, timezone: ZoneInfo | None = UTC_ZONE) -> datetime:
    """Read a time: ISO 8601, or seconds or milliseconds since the epoch.

    Raises
    ------
    UnreadableError
        If it is none, or has no zone where none can be taken for it.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UnreadableError(f"expected a time in 'created_at', got {_short(repr(value))}")
    if isinstance(value, str):
        text = value.strip()
        if text.replace(".", "", 1).isdigit():
            return _aware(float(text))
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = _spoken_time(text)
        if at.tzinfo is None and timezone is None:
            raise UnreadableError(f"expected a time with a zone, got {text!r} (see --timezone)")
        try:
            return (at if at.tzinfo is not None else at.replace(tzinfo=timezone)).astimezone(UTC)
        except (OverflowError, ValueError) as error:
            raise UnreadableError(f"expected a time in 'created_at', got {text!r}") from error
    return _aware(value)


def _spoken_time(text: str) -> datetime:
    for form in ("%a %b %d %H:%M:%S %z %Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise UnreadableError(f"expected a time in 'created_at', got {_short(repr(text))}")


def _x_page(page: Mapping[str, Any]) -> Iterator[Post]:
    """Return the posts of an X API v2 response, with what ``includes`` says of their places."""
    data = page["data"]
    includes = page.get("includes") or {}
    if not isinstance(includes, dict):
        includes = {}
    places = {p.get("id"): p for p in includes.get("places", ()) if isinstance(p, dict)}
    users = {u.get("id"): u for u in includes.get("users", ()) if isinstance(u, dict)}
    for post in data if isinstance(data, list) else [data]:
        if not isinstance(post, dict):
            raise UnreadableError(f"expected posts in 'data', got {_short(repr(post))}")
        yield _x_post(post, places, users)


def _x_post(post: Mapping[str, Any], places: Mapping[Any, Any], users: Mapping[Any, Any]) -> Post:
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
    return from_mapping(values)


def derived_id(post: Post, ordinal: int) -> str:
    """Return an id for a post without one, the same wherever and whenever it is read."""
    parts = (post.source, post.author, str(post.created_at.timestamp()), post.text, str(ordinal))
    joined = "\x1f".join(part or "" for part in parts)
    return "d" + hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
