"""Read truth and supervision files.

In: CSV with ``id,start,end,operator,service,location,raised_at,kind,uncertainty_minutes``, of which
only ``start`` is required. Out: outages. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from outagewatch.errors import UsageError
from outagewatch.records import Location, Outage
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.sources.tables import csv_rows
from outagewatch.sources.times import TimeStyle, read_time

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
    rows = csv_rows(source, Tally(strict=True))
    _, names = next(rows, (0, []))
    if "start" not in names:
        got = ", ".join(names) or "nothing"
        raise UsageError(f"{source.name}: no column 'start'; expected a truth file, got {got}")
    found = []
    for number, values in rows:
        row = {name: value.strip() for name, value in zip(names, values, strict=False)}
        try:
            found.append(_outage(row, number, locate, options.times))
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
