"""Read the times of posts, in every form that services and spreadsheets write them.

In: a time as written. Out: an aware time in UTC. Remembers nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from outagewatch.sources.base import UnreadableError

UTC_ZONE = ZoneInfo("UTC")
EARLIEST = datetime(2006, 1, 1, tzinfo=UTC).timestamp()  # before the first of these services
AHEAD_SECONDS = 600.0  # that a post may be ahead of the wall clock
_MILLISECONDS = 1e11  # seconds since the epoch reach this in the year 5138
_X_FORM = "%a %b %d %H:%M:%S %z %Y"  # of X API v1.1
_NUMBERS = re.compile(
    r"(?P<a>\d{1,4})(?P<sign>[/.\-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{4}|\d{2})"
    r"(?:[ T,]+(?P<hour>\d{1,2})[:hH](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


class UnclearTimeError(UnreadableError):
    """A time that needs an option to be read: its zone, or whether the day comes first."""


@dataclass(frozen=True, slots=True)
class TimeStyle:
    """How times are read.

    ``zone`` is taken for times without one; None refuses them. ``dayfirst`` says what 05/01/2026
    means; None refuses it.
    """

    zone: ZoneInfo | None = UTC_ZONE
    dayfirst: bool | None = None


UTC_STYLE = TimeStyle()


def seconds(value: datetime | float) -> float:
    """Return a decoded time as seconds since the epoch; a time without a zone is UTC."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return value / 1000 if value > _MILLISECONDS else float(value)


def aware(value: datetime | float) -> datetime:
    """Return a decoded time as an aware one.

    Raises
    ------
    UnreadableError
        If no calendar holds it.
    """
    try:
        return datetime.fromtimestamp(seconds(value), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise UnreadableError(f"expected a time in created_at, got {value!r}") from error


def read_time(value: Any, style: TimeStyle = UTC_STYLE) -> datetime:
    """Read a time: ISO 8601, seconds or milliseconds since the epoch, or as spreadsheets write it.

    Raises
    ------
    UnreadableError
        If it is none.
    UnclearTimeError
        If it has no zone and none can be taken for it, or its day and month can't be told apart.

    Examples
    --------
    >>> str(read_time("5/1/2026 7:12", TimeStyle(ZoneInfo("Europe/Paris"), dayfirst=True)))
    '2026-01-05 06:12:00+00:00'
    """
    if isinstance(value, datetime):
        return _settled(value, style)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UnreadableError(f"expected a time in 'created_at', got {short(repr(value))}")
    if not isinstance(value, str):
        return aware(value)
    text = value.strip()
    if text.replace(".", "", 1).isdigit():
        return aware(float(text))
    return _settled(local_time(text, style), style)


def local_time(text: str, style: TimeStyle = UTC_STYLE) -> datetime:
    """Read a written time as it stands, with or without a zone.

    Raises
    ------
    UnreadableError
        If it is none.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, _X_FORM)
    except ValueError:
        pass
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise UnreadableError(f"expected a time in 'created_at', got {short(repr(text))}")
    return _from_numbers(match, text, style)


def _from_numbers(match: re.Match[str], text: str, style: TimeStyle) -> datetime:
    first, second, third = match["a"], match["b"], match["c"]
    if len(first) >= 3:
        year, month, day = first, second, third
    elif match["sign"] == "." or style.dayfirst:
        day, month, year = first, second, third
    elif style.dayfirst is None:
        raise UnclearTimeError(
            f"{text!r}: is the day or the month first? (see --dayfirst and --monthfirst)"
        )
    else:
        month, day, year = first, second, third
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    written = (
        f"{int(year) + (2000 if len(year) == 2 else 0):04}-{int(month):02}-{int(day):02}"
        f"T{hour:02}:{match['minute'] or '00'}:{match['second'] or '00'}"
        f"{(match['zone'] or '').replace('UTC', 'Z').replace('GMT', 'Z')}"
    )
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise UnreadableError(
            f"expected a time in 'created_at', got {short(repr(text))}"
        ) from error


def _settled(at: datetime, style: TimeStyle) -> datetime:
    """Return a time in UTC, the style's zone taken where it has none."""
    if at.tzinfo is None and style.zone is None:
        raise UnclearTimeError(f"expected a time with a zone, got {str(at)!r} (see --timezone)")
    try:
        return (at if at.tzinfo is not None else at.replace(tzinfo=style.zone)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise UnreadableError(f"expected a time in 'created_at', got {str(at)!r}") from error


def is_doubled(text: str, style: TimeStyle) -> bool:
    """Whether a local time without a zone came twice, as the clocks went back."""
    try:
        at = local_time(text.strip(), style)
    except UnreadableError:
        return False
    if at.tzinfo is not None or style.zone is None:
        return False
    first, again = (at.replace(tzinfo=style.zone, fold=fold).utcoffset() for fold in (0, 1))
    # In spring a skipped hour has two offsets too, the smaller one first.
    return first is not None and again is not None and first > again


def short(text: str) -> str:
    """Return a text short enough for a line of the log."""
    return text if len(text) <= 60 else text[:57] + "..."
