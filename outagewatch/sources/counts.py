"""Read counts instead of posts: calls to care, X counts, report counts.

In: CSV with ``time,count`` or ``time,operator,service,location,count``, at any regular step. Out:
blocks of counts, oldest first. Remembers the rows of one file, by time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from math import gcd

from outagewatch.errors import SourceError, UsageError
from outagewatch.records import ANY, UNKNOWN, Block, Location, Signal
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.sources.tables import csv_rows
from outagewatch.sources.times import TimeStyle, UnclearTimeError, read_time

LONGEST_STEP = 3600
SHORTEST_STEP = 60
_COLUMNS = ("time", "operator", "service", "location", "count")


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts: its step and phase in seconds, and its rows in order of time."""

    step: int
    phase: float
    rows: list[tuple[float, Signal, float]]

    def blocks(self) -> Iterator[Block]:
        """Return the counts as blocks, oldest first; a bucket is a step from the phase."""
        bucket: int | None = None
        counts: dict[Signal, float] = {}
        for at, signal, count in self.rows:
            here = round((at - self.phase) / self.step)
            if bucket is not None and here != bucket:
                yield Block(bucket, counts=counts)
                counts = {}
            bucket = here
            counts[signal] = counts.get(signal, 0.0) + count
        if bucket is not None:
            yield Block(bucket, counts=counts)


def read_counts(
    source: Input,
    locate: Callable[[str], Location | None],
    tally: Tally,
    *,
    options: ReadOptions,
    step: int | None = None,
) -> Counts:
    """Read a table of counts.

    Parameters
    ----------
    source
        The file.
    locate
        Returns the place of an id or name; of the empty text, the whole.
    tally
        Where bad lines are counted.
    options
        How times are read; without its zone, times that have none are refused.
    step
        Step in seconds; None to find it.

    Raises
    ------
    UsageError
        If a column is missing, or the step is irregular.
    SourceError
        If no row can be read.
    """
    rows: list[tuple[float, Signal, float]] = []
    style = options.times
    lines = csv_rows(source, tally)
    _, names = next(lines, (0, []))
    for needed in ("time", "count"):
        if needed not in names:
            raise UsageError(
                f"{source.name}: no column {needed!r}; expected time,count or "
                f"{','.join(_COLUMNS)}, got {', '.join(names) or 'nothing'}"
            )
    for number, values in lines:
        try:
            rows.append(_row(dict(zip(names, values, strict=False)), locate, style))
        except UnclearTimeError as error:
            raise UsageError(f"{source.name}:{number}: {error}") from error
        except UnreadableError as error:
            tally.bad(source.name, number, str(error))
    if not rows:
        if tally.n_bad:
            raise SourceError(
                f"{source.name}: none of {tally.n_bad} rows is a count; {tally.samples[0]}"
            )
        return Counts(step or SHORTEST_STEP, 0.0, [])
    rows.sort(key=lambda row: (row[0], row[1].key))
    tally.n_posts += len(rows)
    found = step or _step_of([row[0] for row in rows], source.name)
    phase = rows[0][0] % found
    for at, _, _ in rows:
        if (at - phase) % found:
            raise UsageError(f"{source.name}: irregular: a row is off the step of {found} s")
    return Counts(found, phase, rows)


def _row(
    row: dict[str, str], locate: Callable[[str], Location | None], style: TimeStyle
) -> tuple[float, Signal, float]:
    at = read_time(row.get("time") or "", style).timestamp()
    try:
        count = float((row.get("count") or "").replace(",", "."))
    except ValueError as error:
        raise UnreadableError(f"expected a number in 'count', got {row.get('count')!r}") from error
    if not 0 <= count < 1e12:
        raise UnreadableError(f"expected a count of 0 or more, got {row.get('count')!r}")
    place = locate((row.get("location") or "").strip())
    if place is None:
        raise UnreadableError(f"expected a place in 'location', got {row.get('location')!r}")
    names = [((row.get(name) or "").strip() or ANY) for name in ("operator", "service")]
    operator, service = [ANY if name == UNKNOWN else name for name in names]
    return at, Signal(operator, service, place), count


def _step_of(times: list[float], where: str) -> int:
    """Return what divides all differences of times, in seconds."""
    distinct = sorted({round(at) for at in times})
    differences = [b - a for a, b in itertools.pairwise(distinct)]
    step = reduce(gcd, differences, 0) or SHORTEST_STEP
    if step < SHORTEST_STEP:
        raise UsageError(
            f"{where}: irregular: times share no step of a minute or more (see --step)"
        )
    if step > LONGEST_STEP:
        raise UsageError(
            f"{where}: times are {step} s apart, expected a step of 1 minute to 1 hour "
            "(--step says the step of sparse rows)"
        )
    return step
