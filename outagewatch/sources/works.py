"""Read planned works.

In: CSV with ``start,end,operator,service,location,reference``; an empty operator, service or
location stands for all of them. Out: works. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from outagewatch.errors import nearest
from outagewatch.records import ANY, UNKNOWN, Location, Work
from outagewatch.sources.base import UnreadableError
from outagewatch.sources.files import Input
from outagewatch.sources.times import EARLIEST, TimeStyle, UnclearTimeError, read_time, short
from outagewatch.sources.truth import read_table

COLUMNS = ("start", "end", "operator", "service", "location", "reference")
_ALL = ("", ANY, UNKNOWN)


def read_works(
    source: Input,
    locate: Callable[[str], Location | None],
    *,
    operators: Sequence[str],
    services: Sequence[str],
    times: TimeStyle,
) -> list[Work]:
    """Return the rows of a file of planned works.

    Parameters
    ----------
    source
        The file.
    locate
        Returns the place of an id or a name.
    operators, services
        The names that there are.
    times
        How times without a zone are read.

    Raises
    ------
    UsageError
        If a column is missing, or a row cannot be read. What a row lacks would stand for all
        operators, services or places, and explain away too much: so nothing may be lacking.
    """

    def work(row: dict[str, str], _: int) -> Work:
        if len(row) < len(COLUMNS):
            raise UnreadableError(f"expected {','.join(COLUMNS)}, got only {len(row)} of them")
        where = row["location"]
        place = locate(where) if where not in _ALL else None
        if place is None and where not in _ALL:
            raise UnreadableError(
                f"expected a place in 'location', such as FR-29 or a name, got {short(repr(where))}"
            )
        start, end = (_time(row[name], name, times) for name in ("start", "end"))
        if end <= start:
            raise UnreadableError(f"expected an end after {row['start']}, got {row['end']}")
        return Work(
            start,
            end,
            _named(row["operator"], "operator", operators),
            _named(row["service"], "service", services),
            place,
            row["reference"],
        )

    return read_table(source, "works", COLUMNS, work)


def _named(name: str, what: str, known: Sequence[str]) -> str:
    if name in _ALL:
        return ""
    if name not in known:
        hint = nearest(name.lower(), known) or f"There are {', '.join(known)}"
        raise UnreadableError(f"no {what} {short(repr(name))}. {hint}".rstrip())
    return name


def _time(text: str, name: str, style: TimeStyle) -> datetime:
    expected = f"expected a time such as 2026-03-11T01:00+01:00 in {name!r}"
    try:
        at = read_time(text, style)
    except UnreadableError as error:
        no_zone = isinstance(error, UnclearTimeError) and style.zone is None
        hint = " (planned.timezone can say the zone)" if no_zone else ""
        raise UnreadableError(f"{expected}, got {short(repr(text))}{hint}") from error
    if at.timestamp() < EARLIEST:  # digits that are a date to people, seconds to programs
        raise UnreadableError(f"{expected}, got {short(repr(text))}")
    return at
