"""The shape of an alert: what other programs rely on.

One CloudEvent 1.0 a change; ``outagewatch config schema`` prints this as JSON Schema. Within a
major version fields are only added. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

SCHEMA = "https://outagewatch.dev/schema/incident-1.json"
PREFIX = "io.outagewatch."
Counts = dict[str, int]


class Place(Struct, frozen=True, kw_only=True):
    """A place."""

    id: Annotated[str, Meta(description="FR, FR-BRE, FR-29, FR-29232, US-TX, gn:4726206, any")]
    name: str
    kind: Literal["city", "department", "region", "country", "any"]
    country: Annotated[str | None, Meta(description="ISO 3166")]
    lat: float | None
    lon: float | None


class AffectedPlace(Place, frozen=True, kw_only=True):
    """A place with the people who say that they are there."""

    people: int


class Supervision(Struct, frozen=True, kw_only=True):
    """What the operator's own monitoring says."""

    state: Literal["silent", "raised", "unknown"] = "unknown"
    alarm_id: str | None = None
    raised_at: str | None = None
    lead_minutes: float | None = None


class Planned(Struct, frozen=True, kw_only=True):
    """What is planned there."""

    state: Literal["none", "matching", "overrun", "not_configured"] = "not_configured"
    reference: str | None = None


class Shown(Struct, frozen=True, kw_only=True):
    """A post that shows what it is."""

    id: str
    time: str
    source: str
    text: Annotated[str | None, Meta(description="redacted; null where only ids are sent")]


class Data(Struct, frozen=True, kw_only=True):
    """One state of one incident."""

    incident_id: Annotated[str, Meta(description="short enough to say on the phone")]
    sequence: Annotated[int, Meta(ge=1, description="number of this event in the incident")]
    title: Annotated[str, Meta(max_length=200, description="one sentence, for text and pagers")]
    status: Literal["open", "resolved"]
    level: Annotated[
        Literal["possible", "probable", "strong"], Meta(description="how sure, by the budget")
    ]
    severity: Annotated[
        Literal["warning", "minor", "major", "critical"], Meta(description="how big, ITU-T X.733")
    ]
    operator: Annotated[str, Meta(description="of the profile; unknown: not said, any: several")]
    service: Annotated[str, Meta(description="of the profile; unknown: not said, any: several")]
    operators: Annotated[Counts, Meta(description="people by operator")]
    services: Annotated[Counts, Meta(description="people by service")]
    scope: Annotated[Literal["own", "context"], Meta(description="whose network")]
    others: Annotated[
        dict[str, Literal["quiet", "raised", "unknown"]], Meta(description="the other operators")
    ]
    location: Place
    locations: Annotated[list[AffectedPlace], Meta(description="the most affected below it")]
    unplaced: Annotated[int, Meta(description="people who do not say where")]
    areas: Annotated[list[str], Meta(description="your own names for where it is")]
    started_at: str
    onset_basis: Annotated[
        Literal["said", "estimated"], Meta(description="whether people say since when")
    ]
    first_possible_at: str | None
    detected_at: str
    last_report_at: str
    resolved_at: str | None
    warming_up: Annotated[bool, Meta(description="what is usual is not yet well known")]
    resolution: Literal["restored", "quiet", "rejected", "demoted", "merged", "closed"] | None
    people: Annotated[int, Meta(description="distinct authors in the window that stands out")]
    posts: int
    window_minutes: int
    expected: Annotated[float, Meta(description="people that are usual in that window")]
    recurrence_hours: Annotated[
        float, Meta(description="how rarely chance alone does this on the whole board")
    ]
    people_total: int
    trend: Literal["rising", "steady", "fading"]
    symptoms: Counts
    keywords: Counts
    channels: Counts
    reasons: Annotated[list[str], Meta(description="for and against, in short sentences")]
    changed: Annotated[list[str], Meta(description="what differs from the last event")]
    previous: Annotated[list[str], Meta(description="same operator and area in 30 days")]
    coverage: list[str]
    acknowledged_at: Annotated[
        str | None, Meta(description="the operator's first public notice that fits")
    ]
    supervision: Supervision
    planned: Planned
    evidence: list[Shown]


class Event(Struct, frozen=True, kw_only=True):
    """A CloudEvent."""

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Meta(pattern="^evt_[0-9a-f]+$")]
    source: str
    type: Literal[
        "io.outagewatch.incident.opened",
        "io.outagewatch.incident.updated",
        "io.outagewatch.incident.resolved",
        "io.outagewatch.test",
    ]
    subject: Annotated[str, Meta(description="operator/service/location")]
    time: Annotated[str, Meta(description="event time: the end of the bucket it was decided in")]
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str = SCHEMA
    data: Data


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an alert."""
    schema = msgspec.json.schema(Event)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return {**head, "title": "An alert of outagewatch", **schema}
