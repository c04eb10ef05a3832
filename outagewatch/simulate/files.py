"""Write a simulated stream, and beside it what is true: outages, supervision's alarms, works.

In: posts and events. Out: files. Remembers nothing.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO, Any, cast

from outagewatch.errors import OutagewatchError
from outagewatch.records import Post
from outagewatch.simulate.events import Event
from outagewatch.simulate.stream import Plan, as_line

TRUTH = (
    "id", "start", "end", "operator", "service", "location", "raised_at", "kind",
    "uncertainty_minutes",
)  # fmt: skip
WORKS = ("start", "end", "operator", "service", "location", "reference")
_SMALL_ALARMS = 3.0  # a week that supervision raises, of what no customer notices


def write(path: str, posts: Iterable[Post]) -> int:
    """Write posts as canonical lines, packed where the name ends in .gz or .zst; count them.

    Raises
    ------
    OutagewatchError
        If the file cannot be written.
    """
    number = 0
    with _opened(path) as file:
        for post in posts:
            file.write(as_line(post))
            number += 1
    return number


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with Path(path).open("wb") as raw:
            if path.endswith(".gz"):
                with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                    yield cast(IO[bytes], packed)
            elif path.endswith(".zst"):
                import zstandard

                with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as stream:
                    yield cast(IO[bytes], stream)
            else:
                yield raw
    except OSError as error:
        raise OutagewatchError(f"{path}: {error.strerror or error}") from error


def write_truth(path: str, events: Iterable[Event]) -> None:
    """Write what happened, as a truth file."""
    kinds = {"slow_burn": "outage", "outage": "outage", "planned": "planned", "gap": "gap"}
    _write_table(
        path,
        TRUTH,
        (
            [
                event.id,
                _at(event.start),
                _at(event.end),
                event.operator,
                event.service,
                event.location.id,
                _at(event.start + timedelta(minutes=event.alarm)) if event.alarm else "",
                kinds.get(event.kind, "not_outage"),
                "0",
            ]
            for event in sorted(events, key=lambda event: event.start)
        ),
    )


def write_supervision(path: str, plan: Plan) -> None:
    """Write what supervision raised, and when: outages, and small alarms of no consequence."""
    rng = Random(f"{plan.seed}/supervision")
    alarms = [
        (event.start + timedelta(minutes=event.alarm), event.end, event)
        for event in plan.events
        if event.alarm is not None and event.alarm < event.minutes
    ]
    rows: list[tuple[datetime, list[str]]] = [
        (raised, [_at(raised), _at(end), e.operator, e.service, e.location.id])
        for raised, end, e in alarms
    ]
    first = next((event for event in plan.events if not event.is_trap), None)
    at = plan.start
    while first is not None:
        at += timedelta(weeks=rng.expovariate(_SMALL_ALARMS))
        if at >= plan.start + timedelta(days=plan.days):
            break
        small = [_at(at), _at(at + timedelta(minutes=12)), first.operator, "mobile_data", ""]
        rows.append((at, small))
    rows.sort(key=lambda row: (row[0], row[1]))
    _write_table(
        path,
        TRUTH,
        (
            [f"A-{1001 + n}", *fields, fields[0], "outage", "0"]
            for n, (_, fields) in enumerate(rows)
        ),
    )


def write_works(path: str, events: Iterable[Event]) -> None:
    """Write the planned works."""
    _write_table(
        path,
        WORKS,
        (
            [_at(e.start), _at(e.end), e.operator, e.service, e.location.id, f"W-{e.id}"]
            for e in events
            if e.kind == "planned"
        ),
    )


def _write_table(path: str, header: Iterable[str], rows: Iterable[Any]) -> None:
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise OutagewatchError(f"{path}: {error.strerror or error}") from error


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
