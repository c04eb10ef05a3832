"""``outagewatch explain --signal``: why a signal is told of, and why not; as text or as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from outagewatch.alert.base import harmless
from outagewatch.errors import OutagewatchError, UsageError
from outagewatch.incident.reasons import how_often, usual
from outagewatch.pipeline import BUCKET_SECONDS

if TYPE_CHECKING:
    from outagewatch.pipeline import Answer
    from outagewatch.records import Excess, Incident, Signal
    from outagewatch.session import Session


def answer(session: Session, signal: Signal, at: datetime) -> Answer:
    """Replay a session and say how a signal looks at its end.

    Raises
    ------
    OutagewatchError
        If no posts come before it.
    """
    found = session.why(signal)
    if found is None:
        raise OutagewatchError(
            f"--at: no posts before {_when(at, session.settings.timezone)} in "
            f"{', '.join(session.options.paths)}"
        )
    return found


def asked(signal: str | None, at: str | None, paths: list[str]) -> tuple[str, str]:
    """Return signal and time, if all is there that it takes.

    Raises
    ------
    UsageError
        If something is not.
    """
    if signal is None:
        raise UsageError("explain: --at and --warm-up go with --signal, such as free/any/FR-34")
    if at is None:
        raise UsageError("--signal: expected --at too, a time such as 2026-01-05T07:00Z")
    if not paths:
        raise UsageError("--signal: no state is kept yet; expected the posts too, as PATH...")
    return signal, at


def line(found: Answer, at: datetime) -> str:
    """Return an answer as one line of JSON."""
    import msgspec

    why, excess, incident = found.why, found.why.excess, found.incident
    fields: dict[str, Any] = {
        "signal": excess.signal.subject,
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        **_numbers(excess),
        "stands_out": why.stands_out,
        "heard": why.heard,
        "level": found.level,
        "held_by": _held(found),
        "people_needed": {level: needed.people for level, needed in why.needed.items()},
        "missing": {level: needed.missing for level, needed in why.needed.items()},
        "score_needed": {level: round(needed.score, 4) for level, needed in why.needed.items()},
        "usual_next_hour": float(f"{why.next_hour:.6g}"),
        "related": [{"signal": r.signal.subject, **_numbers(r)} for r in why.related],
        "incident": None
        if incident is None
        else {
            "incident_id": incident.id,
            "level": incident.level,
            "subject": _subject(incident),
            "reasons": incident.reasons,
        },
        "posts": [
            {"id": c.id, "time": f"{datetime.fromtimestamp(c.created_at, UTC):%Y-%m-%dT%H:%M:%SZ}"}
            for c in why.counted
        ],
        "warming_up": excess.warming_up,
        "after_gap": excess.after_gap,
        "silent": found.silent,
    }
    return msgspec.json.encode(fields).decode()


def _numbers(excess: Excess) -> dict[str, Any]:
    return {
        "window_minutes": _minutes(excess),
        "observed": excess.observed,
        "expected": float(f"{excess.expected:.6g}"),
        "score": round(excess.score, 4),
        "recurrence_hours": float(f"{excess.recurrence_hours:.4g}"),
    }


def story(found: Answer, at: datetime, timezone: str) -> str:
    """Return an answer as a person reads it."""
    why, excess = found.why, found.why.excess
    lines = [
        f"signal    {excess.signal.subject} ({excess.signal.location.name}), "
        f"up to {_when(at, timezone)}",
        f"seen      {_seen(found)}",
        f"level     {_level(found)}",
    ]
    for level, needed in why.needed.items():
        missing = f"{needed.missing} missing" if needed.missing else "reached"
        lines.append(
            f"{level:9} takes {_people(needed.people)} in that window, score {needed.score:.1f}: "
            f"{missing}"
        )
    lines.append(f"usual     {usual(why.next_hour)} people in the next hour")
    for number, related in enumerate(why.related):
        lines.append(f"{'related' if not number else '':9} {_related(related)}")
    lines += _incident(found.incident)
    zone = ZoneInfo(timezone)
    for number, c in enumerate(why.counted):
        when = datetime.fromtimestamp(c.created_at, zone)
        lines.append(f"{'counted' if not number else '':9} {when:%H:%M:%S} {harmless(c.id)}")
    lines += [f"but       {caution}" for caution in _cautions(found)]
    return "\n".join(lines)


def _seen(found: Answer) -> str:
    why, excess = found.why, found.why.excess
    people = f"{_people(excess.observed)} in {_minutes(excess)} min"
    expected = f"usual {usual(excess.expected)} ({_short(excess.expected)} expected)"
    if not why.stands_out:
        heard = "" if why.heard else "; nobody ever spoke in it, its parents say what is expected"
        return f"no window stands out: {people}, {expected}{heard}"
    return (
        f"{people}, {expected}; score {excess.score:.1f}, "
        f"by chance {how_often(excess.recurrence_hours)} on the whole board"
    )


def _level(found: Answer) -> str:
    if found.level is None:
        return "none"
    held = _held(found)
    return found.level + (f", held there: {'; '.join(held)}" if held else "")


def _held(found: Answer) -> list[str]:
    """Say what keeps a level below the one that its people are enough for."""
    excess, needed = found.why.excess, found.why.needed
    if found.level != "possible" or needed["probable"].missing:
        return []
    held = []
    if excess.slow:
        held.append("no single hour stands out, only the last three together")
    if excess.scattered:
        held.append("people of several operators add up, none stands out by itself")
    if excess.after_gap:
        held.append("the recording has only just begun or resumed")
    return held


def _related(excess: Excess) -> str:
    return (
        f"{excess.signal.subject}: {_people(excess.observed)} in {_minutes(excess)} min, "
        f"usual {usual(excess.expected)}; score {excess.score:.1f}"
    )


def _incident(incident: Incident | None) -> list[str]:
    if incident is None:
        return ["incident  none is open"]
    reasons = [f"          {harmless(reason)}" for reason in incident.reasons]
    return [f"incident  {incident.id}, {incident.level}, {_subject(incident)}", *reasons]


def _subject(incident: Incident) -> str:
    return f"{incident.operator}/{incident.service}/{incident.location.id}"


def _cautions(found: Answer) -> list[str]:
    cautions = []
    if found.silent:
        cautions.append("no post at all came in the last hour: the source may be down")
    if found.why.excess.warming_up:
        cautions.append("what is usual is not yet well known")
    if found.why.excess.after_gap:
        cautions.append("the recording has only just begun or resumed: no level above possible")
    return cautions


def _minutes(excess: Excess) -> int:
    return round((excess.bucket - excess.first_bucket + 1) * BUCKET_SECONDS / 60)


def _people(number: float) -> str:
    return "nobody" if not number else "1 person" if number == 1 else f"{number:.0f} people"


def _short(expected: float) -> str:
    return f"{expected:.1f}" if expected >= 1 else f"{expected:.1g}"


def _when(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%Y-%m-%d %H:%M} {local:%Z}"
