"""Tell a change of an incident: as one sentence, and as a CloudEvent.

In: changes. Out: a sentence of 200 characters at most, or the event's fields. Remembers nothing;
the sentence is also what a pager shows.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from outagewatch.alert.base import Evidence, harmless, redact
from outagewatch.alert.schema import (
    PREFIX,
    AffectedPlace,
    Data,
    Event,
    Place,
    Planned,
    Shown,
    Supervision,
)
from outagewatch.records import ANY, UNKNOWN, Change, Complaint, Incident, Location
from outagewatch.settings import Settings

MAX_TITLE = 200
MOST_PLACES = 3  # named in a title
_TYPES: dict[str, Any] = {
    kind: f"{PREFIX}incident.{kind}" for kind in ("opened", "updated", "resolved")
}
_VERBS = {"opened": "NEW", "updated": "UPDATE", "resolved": "RESOLVED"}


def title(change: Change, settings: Settings) -> str:
    """Return a change in one sentence, in the profile's time zone."""
    incident = change.incident
    zone = ZoneInfo(settings.timezone)
    at = change.at.astimezone(zone)
    verb = _VERBS[change.type]
    if incident.scope == "context":
        verb = f"CONTEXT {verb}"
    head = f"{at:%H:%M} {at:%Z} {verb} {incident.level}/{incident.severity}"
    who = " ".join(filter(None, [_operator(incident, settings), _services(incident, settings)]))
    where = _where(incident)
    people = f"{incident.people} people in {incident.window_minutes} min"
    body = [f"{people}, usual {incident.usual}"]
    if change.type == "resolved":
        minutes = round((change.at - incident.started_at).total_seconds() / 60)
        body = [f"{incident.resolution} after {_minutes(minutes)}, {incident.people_total} people"]
    elif change.type == "updated" and incident.people_total > incident.people:
        body.append(f"{incident.people_total} in all")
    if change.type != "resolved":
        body.append(
            f"since {'' if incident.onset_basis == 'said' else '~'}"
            f"{incident.started_at.astimezone(zone):%H:%M}"
        )
        if incident.acknowledged_at is not None:
            body.append(f"public notice {incident.acknowledged_at.astimezone(zone):%H:%M}")
        context = [_planned(incident, change.at, zone), _others(incident, settings)]
        body += filter(None, [", ".join(filter(None, context)), _areas(incident)])
    subject = ", ".join(filter(None, [who or "Unnamed operator", where]))
    # People and usual are one thought; the rest follows after semicolons.
    tail = f". {incident.id}"
    text = harmless(f"{head} {subject}: {'; '.join(body)}")
    if len(text) + len(tail) > MAX_TITLE:
        text = text[: MAX_TITLE - len(tail) - 1] + "…"
    return text + tail


def _minutes(minutes: int) -> str:
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"


def _operator(incident: Incident, settings: Settings) -> str:
    if incident.operator == ANY:
        return "Several operators"
    if incident.operator == UNKNOWN:
        return ""
    known = settings.operators.get(incident.operator)
    return known.label if known is not None and known.label else incident.operator


def _services(incident: Incident, settings: Settings) -> str:
    if incident.service == UNKNOWN:
        return ""
    if incident.service != ANY:
        return _service(incident.service, settings)
    named = [name for name in incident.services if name not in (ANY, UNKNOWN)]
    return "+".join(_service(name, settings) for name in named[:2])


def _service(name: str, settings: Settings) -> str:
    known = settings.services.get(name)
    return known.label if known is not None and known.label else name


def _where(incident: Incident) -> str:
    place = incident.location
    if place.kind == ANY:
        return ""
    below = [_short(p) for p, _ in incident.locations[:MOST_PLACES] if place in p.path]
    name = place.name
    if place.kind == "city" and place.parent is not None and place.parent.kind != "country":
        name = f"{name} ({_short(place.parent)})"
    return f"{name} ({', '.join(below)})" if below else name


def _short(place: Location) -> str:
    if place.country == "FR" and place.kind == "department":
        return place.id.removeprefix("FR-")
    return place.name


def _planned(incident: Incident, at: datetime, zone: ZoneInfo) -> str:
    planned = incident.planned
    if planned.until is None:
        return "no planned works" if planned.state == "none" else ""
    works = f"planned works {planned.reference or ''}".strip()
    if planned.state == "overrun":
        minutes = round((at - planned.until).total_seconds() / 60)
        return f"{works} overrun by {_minutes(minutes)}"
    end = planned.until.astimezone(zone)
    near = abs(at - end) < timedelta(days=1)
    return f"{works} until {f'{end:%H:%M}' if near else f'{end:%Y-%m-%d %H:%M}'}"


def _others(incident: Incident, settings: Settings) -> str:
    states = incident.others
    raised = [name for name, state in states.items() if state == "raised"]
    if raised:
        labels = [
            (settings.operators[n].label or n) if n in settings.operators else n for n in raised
        ]
        return f"raised too: {', '.join(labels[:3])}"
    return "other operators quiet" if "quiet" in states.values() else ""


def _areas(incident: Incident) -> str:
    """Name the areas of a place that is not the whole country."""
    if incident.location.kind in ("country", ANY) or not incident.areas:
        return ""
    return f"area {', '.join(incident.areas[:2])}"


def event(change: Change, settings: Settings, *, host: str, evidence: Evidence) -> Event:
    """Return a change as a CloudEvent.

    Parameters
    ----------
    change
        The change.
    settings
        The profile.
    host
        Where it was decided: the one field that differs from machine to machine.
    evidence
        How much of the posts is shown.
    """
    incident = change.incident
    identity = f"{incident.id}|{incident.operator}|{incident.started_at}|{incident.sequence}"
    digest = hashlib.blake2b(identity.encode(), digest_size=10).hexdigest()
    return Event(
        id=f"evt_{digest}",
        source=f"/outagewatch/{host}",
        type=_TYPES[change.type],
        subject=f"{incident.operator}/{incident.service}/{incident.location.id}",
        time=_stamp(change.at),
        data=_data(change, settings, evidence),
    )


def trial(settings: Settings, at: datetime, *, host: str) -> Event:
    """Return an alert that only tests the way to a receiver, and says so."""
    place = Location("any", "any", "any", None, None, None, 0, None)
    incident = Incident(
        id="ow-TEST", sequence=1, status="open", level="possible", severity="warning",
        operator=UNKNOWN, service=UNKNOWN, operators={}, services={}, symptoms={}, keywords={},
        channels={}, scope="own", others={}, location=place, locations=(), unplaced=0,
        started_at=at, onset_basis="estimated", first_possible_at=at, detected_at=at,
        last_report_at=at, resolved_at=None, resolution=None, acknowledged_at=None, areas=(),
        warming_up=False, people=0, posts=0, window_minutes=1, expected=0.0, usual="0-1",
        recurrence_hours=0.0, people_total=0, trend="steady",
        reasons=("a test of the way here: no network is failing",), changed=(), previous=(),
        evidence=(),
    )  # fmt: skip
    zone = ZoneInfo(settings.timezone)
    sentence = f"{at.astimezone(zone):%H:%M %Z} TEST of outagewatch: no network is failing. ow-TEST"
    alert = event(Change("opened", at, incident), settings, host=host, evidence="none")
    digest = hashlib.blake2b(f"test|{at.isoformat()}".encode(), digest_size=10).hexdigest()
    return structs.replace(
        alert,
        id=f"evt_{digest}",
        type="io.outagewatch.test",
        subject="test",
        data=structs.replace(alert.data, title=sentence),
    )


def _data(change: Change, settings: Settings, evidence: Evidence) -> Data:
    i = change.incident
    return Data(
        incident_id=i.id,
        sequence=i.sequence,
        title=title(change, settings),
        status=i.status,
        level=i.level,
        severity=i.severity,
        operator=i.operator,
        service=i.service,
        operators=i.operators,
        services=i.services,
        scope=i.scope,
        others=cast(Any, i.others),
        location=Place(**_place(i.location)),
        locations=[AffectedPlace(**_place(p), people=people) for p, people in i.locations[:20]],
        unplaced=i.unplaced,
        areas=list(i.areas),
        started_at=_stamp(i.started_at),
        onset_basis=i.onset_basis,
        first_possible_at=_iso(i.first_possible_at),
        detected_at=_stamp(i.detected_at),
        last_report_at=_stamp(i.last_report_at),
        resolved_at=_iso(i.resolved_at),
        warming_up=i.warming_up,
        resolution=cast(Any, i.resolution),
        people=i.people,
        posts=i.posts,
        window_minutes=i.window_minutes,
        expected=round(i.expected, 4),
        recurrence_hours=round(i.recurrence_hours, 1),
        people_total=i.people_total,
        trend=i.trend,
        symptoms=i.symptoms,
        keywords=i.keywords,
        channels=i.channels,
        reasons=list(i.reasons),
        changed=list(i.changed),
        previous=list(i.previous),
        coverage=[],
        acknowledged_at=_iso(i.acknowledged_at),
        supervision=Supervision(),
        planned=Planned(state=i.planned.state, reference=i.planned.reference),
        evidence=[] if evidence == "none" else [_shown(c, evidence) for c in i.evidence],
    )


def _place(place: Location) -> dict[str, Any]:
    return {name: getattr(place, name) for name in Place.__struct_fields__}


def _shown(complaint: Complaint, evidence: Evidence) -> Shown:
    return Shown(
        id=complaint.id.partition(":")[2],
        time=_stamp(datetime.fromtimestamp(complaint.created_at, UTC)),
        source=complaint.source,
        text=redact(complaint.text) if evidence == "redacted" else None,
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else _stamp(at)


def _stamp(at: datetime) -> str:
    text = at.astimezone(UTC).isoformat(
        timespec="seconds" if not at.microsecond else "milliseconds"
    )
    return text.replace("+00:00", "Z")


def line(alert: Event) -> str:
    """Return an event as one line of JSON."""
    return msgspec.json.encode(alert).decode()
