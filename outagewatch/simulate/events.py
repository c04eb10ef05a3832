"""What happens in a simulated stream: outages, planned works, slow burns, gaps and traps.

In: texts such as ``operator=free,location=FR-84,people=60,start=...,minutes=90``. Out: events.
Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outagewatch.errors import UsageError, nearest
from outagewatch.records import ANY, UNKNOWN, Location
from outagewatch.settings import Settings
from outagewatch.sources.base import UnreadableError
from outagewatch.sources.times import read_time

TRAPS = ("boycott", "football", "billing", "giveaway", "foreign", "scheme", "joke", "news")
EVENT_KINDS = ("outage", "slow_burn", "planned", "gap")
_KEYS = (
    "kind", "operator", "service", "location", "people", "start", "minutes", "placed", "alarm",
    "notice", "id",
)  # fmt: skip
NEVER = "never"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens, and what is known of it."""

    id: str
    kind: str
    operator: str
    service: str
    location: Location
    people: int
    start: datetime
    minutes: float
    placed: float  # share of its people who say where
    alarm: float | None  # minutes after its start at which supervision raises it
    notice: float | None  # minutes after its start at which the operator says so in public

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def is_trap(self) -> bool:
        """Whether nothing fails in it."""
        return self.kind in TRAPS


def parse_event(
    text: str,
    option: str,
    number: int,
    settings: Settings,
    locate: Callable[[str], Location | None],
) -> Event:
    """Read an event as the options ``--outage`` and ``--trap`` say it.

    Raises
    ------
    UsageError
        If a key or value of it cannot be.
    """
    values = _pairs(text, option)
    trap = option == "--trap"
    kinds = TRAPS if trap else EVENT_KINDS
    kind = values.get("kind", kinds[0])
    _known(option, "kind", kind, kinds)
    operator = values.get("operator", ANY if kind == "gap" else next(iter(settings.operators), ANY))
    _known(option, "operator", operator, [*settings.operators, ANY])
    service = values.get("service", UNKNOWN if trap or kind == "gap" else _first(settings))
    _known(option, "service", service, [*settings.services, ANY, UNKNOWN])
    where = values.get("location", "")
    location = locate(where)
    if location is None:
        raise UsageError(f"{option}: no place {where!r}; expected an id such as FR-84, or a name")
    try:
        start = read_time(values["start"])
    except (KeyError, UnreadableError) as error:
        got = values.get("start", "none")
        raise UsageError(
            f"{option}: start: expected a time such as 2026-01-05T18:40Z, got {got!r}"
        ) from error
    return Event(
        id=values.get("id", f"{'trap' if trap else kind}-{number}"),
        kind=kind,
        operator=operator,
        service=service,
        location=location,
        people=round(_number(option, values, "people", 30.0)),
        start=start,
        minutes=_number(option, values, "minutes", 90.0),
        placed=_number(option, values, "placed", 0.35),
        alarm=_minutes(option, values, "alarm", None if trap or kind == "gap" else 30.0),
        notice=_minutes(option, values, "notice", None if trap or kind == "gap" else 45.0),
    )


def _first(settings: Settings) -> str:
    return next(iter(settings.services), UNKNOWN)


def _pairs(text: str, option: str) -> dict[str, str]:
    values = {}
    for part in filter(None, text.split(",")):
        key, found, value = (piece.strip() for piece in part.partition("="))
        if not found or not value:
            raise UsageError(f"{option}: expected KEY=VALUE,..., got {part!r}")
        _known(option, "key", key, _KEYS)
        values[key] = value
    return values


def _known(option: str, what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        hint = nearest(name, known) or f"There are {', '.join(known)}"
        raise UsageError(f"{option}: no {what} {name!r}. {hint}".rstrip())


def _number(option: str, values: dict[str, str], key: str, default: float) -> float:
    text = values.get(key)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1e6 or (key == "placed" and number > 1):
        limit = "a share from 0 to 1" if key == "placed" else "a number of 0 or more"
        raise UsageError(f"{option}: {key}: expected {limit}, got {text!r}")
    return number


def _minutes(option: str, values: dict[str, str], key: str, default: float | None) -> float | None:
    if values.get(key) == NEVER:
        return None
    return default if key not in values else _number(option, values, key, 0.0)
