"""Every noun of outagewatch, in the order in which a post meets them.

Frozen and slotted; no logic beyond a derived property. Times are aware UTC datetimes in what
people and programs see; inside the stream of counts, time is a bucket number: whole steps
since the epoch, so that a block of counts is a block of integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

ANY = "any"  # several, or all of them together
UNKNOWN = "unknown"  # not said


class Post(Struct, frozen=True, gc=False, kw_only=True):
    """One public message, as delivered."""

    text: str
    created_at: datetime
    id: str | None = None
    author: str | None = None
    lang: str | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    author_place: str | None = None
    source: str | None = None
    thread: str | None = None
    reply_to: str | None = None
    repost: bool | None = None
    operator: str | None = None
    received_at: datetime | None = None


class Batch(NamedTuple):
    """Posts in arrival order, of one stream, with their times as a column."""

    posts: list[Post]
    times: list[float]  # created_at, seconds since the epoch, one a post


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """A place of the gazetteer, with its parent; two are the same only if they are one object."""

    id: str
    name: str
    kind: Literal["city", "department", "region", "country", "any"]
    country: str | None
    lat: float | None
    lon: float | None
    population: int
    timezone: str | None
    parent: Location | None = None

    @property
    def path(self) -> tuple[Location, ...]:
        """The place and all that hold it, smallest first."""
        path: list[Location] = []
        here: Location | None = self
        while here is not None:
            path.append(here)
            here = here.parent
        return tuple(path)

    def holds(self, other: Location) -> bool:
        """Whether the other place is this one, or lies in it."""
        here: Location | None = other
        while here is not None:
            if here is self:
                return True
            here = here.parent
        return False


class Signal(NamedTuple):
    """Operator x service x location: the unit that is counted and tested."""

    operator: str
    service: str
    location: Location

    @property
    def key(self) -> tuple[str, str, str]:
        """What signals are sorted by, so that order never depends on memory."""
        return (self.operator, self.service, self.location.id)

    @property
    def subject(self) -> str:
        """How the signal is written: ``free/fixed_internet/FR-34``."""
        return f"{self.operator}/{self.service}/{self.location.id}"

    def related(self, other: Signal) -> bool:
        """Whether both may hold the same people, by operator and place.

        Services never keep signals apart: fixed and mobile failing together are one incident.
        """
        if self.operator != other.operator and ANY not in (self.operator, other.operator):
            return False
        return self.location.holds(other.location) or other.location.holds(self.location)


Kind = Literal["complaint", "restored", "tracker", "notice", "talk"]


class Reading(NamedTuple):
    """What the complaint model makes of a post: probabilities that sum to 1."""

    acute: float
    chronic: float
    about: float
    other: float


@dataclass(frozen=True, slots=True)
class Complaint:
    """A post judged to be a first-person report of a service that fails now."""

    id: str
    created_at: float  # seconds since the epoch
    author: str  # the post's own id where the author is unknown; leaves memory only as a keyed hash
    thread: str
    operator: str
    service: str
    symptom: str
    location: Location
    located: bool  # False: nothing said where, and the location is the profile's whole area
    acute: float
    text: str
    source: str
    anonymous: bool = False  # nothing tells who wrote it: the post is its own person
    words: tuple[str, ...] = ()  # of service and symptom, as they stand in the text
    onset_minutes: int | None = None  # "for 15 minutes", as said
    link: float = 0.0  # 1: holds a link; 0.5: one that may be its own picture
    gist: str = ""  # its plain words, without handles, links and numbers
    n_own: int = 0  # how many of them are longer and name neither operator, service nor symptom
    kind: Kind = "complaint"


@dataclass(frozen=True, slots=True)
class Block:
    """One closed bucket: who spoke in it, and in which signals that made a new person."""

    bucket: int  # whole steps since the epoch
    complaints: tuple[Complaint, ...] = ()
    counts: dict[Signal, float] = field(default_factory=dict)
    restored: tuple[Complaint, ...] = ()  # "it is back": evidence that it ended
    trackers: tuple[Complaint, ...] = ()  # bots that report outages: they corroborate
    notices: tuple[Complaint, ...] = ()  # operators' own public notices of an outage
    talk: dict[str, int] = field(default_factory=dict)  # other posts by the operator they name

    @property
    def is_talk(self) -> bool:
        """Whether nobody of it says anything that counts."""
        said = self.complaints or self.restored or self.trackers or self.notices
        return bool(self.talk) and not said


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a recording in which nothing was recorded, though something was due."""

    start: int  # first bucket of it
    end: int  # bucket in which posts come again


@dataclass(frozen=True, slots=True)
class Excess:
    """Counts of one signal that stand out from what is usual."""

    signal: Signal
    bucket: int
    first_bucket: int  # where the window that stands out most begins
    observed: float
    expected: float
    score: float  # nats
    recurrence_hours: float  # how rarely chance alone does this on the whole board
    warming_up: bool
    evidence: float = 0.0  # people, those of one thread counted as at most half
    evidence_recurrence_hours: float = 0.0  # recurrence of the score that the evidence alone has
    others: dict[str, str] = field(default_factory=dict)  # other operators: quiet, raised, unknown
    after_gap: bool = False
    slow: bool = False  # of a window of hours: a slow burn
    scattered: bool = False  # people of several operators add up, of which none stands out


Level = Literal["possible", "probable", "strong"]
Severity = Literal["warning", "minor", "major", "critical"]


@dataclass(frozen=True, slots=True)
class Work:
    """Planned works: an outage that its operator has announced to itself."""

    start: datetime
    end: datetime
    operator: str  # empty: all of them
    service: str  # empty: all of them
    location: Location | None  # None: everywhere
    reference: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What planned works say of an incident."""

    state: Literal["none", "matching", "overrun", "not_configured"] = "not_configured"
    reference: str | None = None
    until: datetime | None = None  # their end, as planned
    whole: bool = False  # nothing of it seems to lie outside of their place and service


@dataclass(frozen=True, slots=True)
class Incident:
    """A probable network fault, followed over time; one state of it."""

    id: str
    sequence: int
    status: Literal["open", "resolved"]
    level: Level
    severity: Severity
    operator: str
    service: str
    operators: dict[str, int]
    services: dict[str, int]
    symptoms: dict[str, int]
    keywords: dict[str, int]
    channels: dict[str, int]
    scope: Literal["own", "context"]
    others: dict[str, str]
    location: Location
    locations: tuple[tuple[Location, int], ...]
    unplaced: int
    started_at: datetime
    onset_basis: Literal["said", "estimated"]
    first_possible_at: datetime | None
    detected_at: datetime
    last_report_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    acknowledged_at: datetime | None  # the operator's first public notice that fits
    areas: tuple[str, ...]  # one's own names for where it is
    warming_up: bool
    people: int
    posts: int
    window_minutes: int
    expected: float
    usual: str  # expected as a range, in words
    recurrence_hours: float
    people_total: int
    trend: Literal["rising", "steady", "fading"]
    reasons: tuple[str, ...]
    changed: tuple[str, ...]
    previous: tuple[str, ...]
    evidence: tuple[Complaint, ...]
    planned: Planned = Planned()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one incident: what an alert tells."""

    type: Literal["opened", "updated", "resolved"]
    at: datetime  # event time: the end of the bucket at which it was decided
    incident: Incident


@dataclass(frozen=True, slots=True)
class Outage:
    """Something known to have happened: the truth in evaluation, or what supervision raised."""

    id: str
    start: datetime
    end: datetime | None
    operator: str  # empty: not said
    service: str  # empty: not said
    location: Location | None  # None: not said
    raised_at: datetime | None = None  # by supervision
    kind: Literal["outage", "planned", "not_outage", "gap"] = "outage"


@dataclass(frozen=True, slots=True)
class Score:
    """One row of ``--scores``: what a closed bucket was worth in one signal."""

    bucket: int
    signal: Signal
    observed: float
    expected: float
    score: float
    recurrence_hours: float
