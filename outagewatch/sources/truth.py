"""Read truth and supervision files.

In: CSV with ``id,start,end,operator,service,location,raised_at,kind,uncertainty_minutes``, of which
only ``start`` is required. Out: outages. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from outagewatch.errors import UsageError
from outagewatch.records import Location, Outage
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.sources.tables import csv_rows
from outagewatch.sources.times import TimeStyle, read_time

Record = TypeVar("Record")
_KINDS = ("outage", "planned", "not_outage", "gap")


def read_outages(
    source: Input, locate: Callable[[str], Location | None], options: ReadOptions
) -> list[Outage]:
    """Return the rows of a truth or supervision file.

    Raises
    ------
    UsageError
        If a column is missing, or a row cannot be read.
    """
    return read_table(
        source, "truth", ["start"], lambda row, n: _outage(row, n, locate, options.times)
    )


def read_table(
    source: Input, what: str, needed: Sequence[str], read: Callable[[dict[str, str], int], Record]
) -> list[Record]:
    """Return the rows of a CSV file as records; rows without a value are left out.

    Parameters
    ----------
    source
        The file.
    what
        What kind of file it is, in words.
    needed
        Columns that it must have.
    read
        Makes a record of a row, by the names of its columns, and its line number.

    Raises
    ------
    UsageError
        If a column is missing, or ``read`` finds a row unreadable.
    """
    rows = csv_rows(source, Tally(strict=True))
    _, names = next(rows, (0, []))
    for name in needed:
        if name not in names:
            got = ", ".join(names) or "nothing"
            raise UsageError(
                f"{source.name}: no column {name!r}; expected a {what} file, got {got}"
            )
    found = []
    for number, values in rows:
        row = {name: value.strip() for name, value in zip(names, values, strict=False)}
        if not any(row.values()):
            continue
        try:
            found.append(read(row, number))
        except UnreadableError as error:
            raise UsageError(f"{source.name}:{number}: {error}") from error
    return found


def _outage(
    row: dict[str, str], number: int, locate: Callable[[str], Location | None], style: TimeStyle
) -> Outage:
    where = row.get("location", "")
    place = locate(where) if where else None
    if where and place is None:
        raise UnreadableError(f"expected a place in 'location', got {where!r}")
    kind = row.get("kind") or "outage"
    if kind not in _KINDS:
        raise UnreadableError(f"expected {', '.join(_KINDS)} in 'kind', got {kind!r}")

    def at(name: str) -> datetime | None:
        return read_time(row[name], style) if row.get(name) else None

    return Outage(
        id=row.get("id") or str(number),
        start=read_time(row["start"], style),
        end=at("end"),
        operator=row.get("operator", ""),
        service=row.get("service", ""),
        location=place,
        raised_at=at("raised_at"),
        kind=cast(Any, kind),
    )
