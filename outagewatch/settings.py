"""Every knob, one typed class a stage: unit, default and what it does.

A profile and a configuration file share this schema; how files, environment and flags are laid
over each other is in :mod:`outagewatch.config`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Positive = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Whole = Annotated[int, Meta(ge=1)]


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the configuration: an unknown key in it is an error."""


class Board(Section, frozen=True):
    """Whose networks are watched."""

    own: list[str] = field(default_factory=list)  # operators that are ours; empty: all
    context: list[str] = field(default_factory=list)  # others that are shown too; empty: all
    shadow_until: datetime | None = None  # or a date: all is shown, nothing delivered


class Clock(Section, frozen=True):
    """How late posts may come."""

    allowed_lateness: Positive = 60.0  # seconds behind the newest post of the same source


class Pipeline(Section, frozen=True):
    """How posts travel."""

    batch_size: Whole = 4096  # posts worked on at once; has no effect on any result


class Enrich(Section, frozen=True):
    """How posts are read."""

    threshold: Share | None = None  # probability of ACUTE that counts; default: the model's own
    max_text: Whole = 2000  # characters of a post that are read


class Detect(Section, frozen=True):
    """When counts stand out."""

    false_alarms_per_week: Positive = 1.0  # for own signals together
    window_minutes: Whole = 60  # the longest stretch that is tested as one, at least 12 steps
    vote_minutes: Whole = 60  # a person counts once a signal in this time
    forget_weeks: Positive = 8.0  # half-life of what is usual
    prior_days: Positive = 7.0  # weight of the parent's rate in a signal's own, as time watched
    young_hours: Positive = 24.0  # a baseline younger than this is taken at its upper bound
    young_posts: Positive = 50.0  # and so is one with fewer posts behind it
    min_people: Whole = 3  # fewer people in a window never open an incident


class IncidentLife(Section, frozen=True):
    """How incidents live."""

    quiet_minutes: Whole = 30  # at least so long without an excess before it resolves
    reopen_minutes: Whole = 120  # an excess so soon after opens the same incident again
    update_minutes: Whole = 5  # at most one update in this time, but for a rise
    private_population: Whole = 10_000  # a smaller place is named only for private_people
    private_people: Whole = 3  # people it takes to name a smaller place


class Operator(Section, frozen=True):
    """One operator: what people call it, and its own accounts."""

    label: str | None = None  # as written in alerts
    names: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # names that are words: where capital and apt
    not_names: list[str] = field(default_factory=list)  # phrases that hold a name, and mean another
    accounts: list[str] = field(default_factory=list)
    service: str | None = None  # the one it sells: meant where a post names none
    replace: bool = False  # these lists stand in for the profile's instead of adding to them


class Service(Section, frozen=True):
    """One service, and the words for it."""

    label: str | None = None
    keywords: list[str] = field(default_factory=list)
    replace: bool = False


class Symptom(Section, frozen=True):
    """One way of failing, and the words for it."""

    keywords: list[str] = field(default_factory=list)
    service: str | None = None  # the service it implies where none is named
    replace: bool = False


class Ignore(Section, frozen=True):
    """What never counts."""

    accounts: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)  # a post that holds one never counts
    replace: bool = False


class Area(Section, frozen=True):
    """One's own name for a part of the country: a team's, for routing and text."""

    departments: list[str] = field(default_factory=list)  # "22", "2A": French départements
    locations: list[str] = field(default_factory=list)  # ids of places: FR-BRE, GB-ENG, US-TX


class PlannedWorks(Section, frozen=True):
    """What is planned, and what that does to alerts."""

    file: str | None = None  # CSV: start,end,operator,service,location,reference
    timezone: str | None = None  # of its times without a zone; without it they are refused
    action: Literal["annotate", "lower", "mute"] = "annotate"  # lower: one severity less
    overrun_minutes: Annotated[int, Meta(ge=0)] = 30  # after their end works explain nothing more


class Webhook(Section, frozen=True):
    """Where alerts are delivered."""

    name: str
    url: str | None = None  # https; plain http only to loopback, or with allow_http
    url_file: str | None = None  # a file that holds the URL, where that is a secret
    format: Literal["cloudevents"] = "cloudevents"
    secret_file: str | None = None  # signing secrets, whsec_..., one a line; the newest first
    allow_http: bool = False
    level: Literal["possible", "probable", "strong"] = "probable"  # the lowest that is delivered
    severity: Literal["warning", "minor", "major", "critical"] = "warning"  # the lowest
    operators: list[str] = field(default_factory=list)  # empty: all
    services: list[str] = field(default_factory=list)  # empty: all
    areas: list[str] = field(default_factory=list)  # names of [areas]; empty: everywhere
    types: list[str] = field(default_factory=list)  # incident.opened, ...; empty: all
    evidence: Literal["none", "ids", "redacted"] = "ids"  # how much of the posts is sent
    auto_resolve: bool = True  # false: that it went quiet is not sent
    timeout_seconds: Positive = 15.0  # for an answer


class Settings(Section, frozen=True):
    """All settings: a profile with the user's own laid over it."""

    profile: str = "telecom-fr"
    extends: str | None = None
    title: str | None = None
    countries: list[str] = field(default_factory=list)  # ISO 3166 codes; posts from elsewhere: none
    languages: list[str] = field(default_factory=list)
    timezone: str = "UTC"  # of text lines
    places: bool = True  # read places; without, everything counts at the whole area
    counting: Literal["model", "keywords"] = "model"
    trackers: list[str] = field(default_factory=list)  # bots that report outages
    board: Board = field(default_factory=Board)
    clock: Clock = field(default_factory=Clock)
    pipeline: Pipeline = field(default_factory=Pipeline)
    enrich: Enrich = field(default_factory=Enrich)
    detect: Detect = field(default_factory=Detect)
    incident: IncidentLife = field(default_factory=IncidentLife)
    operators: dict[str, Operator] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    symptoms: dict[str, Symptom] = field(default_factory=dict)
    ignore: Ignore = field(default_factory=Ignore)
    areas: dict[str, Area] = field(default_factory=dict)
    planned: PlannedWorks = field(default_factory=PlannedWorks)
    webhooks: list[Webhook] = field(default_factory=list)
