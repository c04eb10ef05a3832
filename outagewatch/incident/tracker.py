"""Follow incidents: open, update, resolve and reopen them.

In: blocks with their excesses, oldest first, and the time. Out: changes of incidents. Remembers
open incidents, those that may reopen, and the last hour's complaints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from typing import Literal, NamedTuple

from outagewatch.incident.case import Case, counted, utc
from outagewatch.incident.echo import Talk
from outagewatch.incident.naming import agreed, spoken_id
from outagewatch.incident.reasons import reasons_for, usual
from outagewatch.incident.severity import RANK, SEVERITY_RANK, level_of, severity_of
from outagewatch.incident.whereabouts import MOST_POSTS, likeliest
from outagewatch.incident.works import Plan
from outagewatch.incident.works import changes as changes_of_works
from outagewatch.records import (
    ANY,
    UNKNOWN,
    Block,
    Change,
    Complaint,
    Excess,
    Gap,
    Incident,
    Level,
    Location,
    Planned,
    Severity,
    Signal,
)
from outagewatch.settings import IncidentLife

HISTORY = timedelta(days=30)
_RECENT_SECONDS = 7200.0  # complaints kept to fill a new case
_NOTICE_SECONDS = 7200.0  # operators' notices kept, for an incident that is only seen later
_ELSEWHERE_PEOPLE = 2  # who say that they are outside its place, for an incident to grow
_ELSEWHERE_SHARE = 0.25  # and what share of those who say where
_BEFORE_SECONDS = 300.0  # before the onset from which people may be of it
_PLACE_SECONDS = 5400.0  # after which where it is has been made out
_BLUR = 2.0  # nats that the place of an incident may be less likely than before, to be named anew
_RESTORED_PEOPLE = 2  # who say that it is back, for it to be over
_RESTORED_SECONDS = 600.0  # in which nobody must deny it


@dataclass(slots=True)
class _Followed:
    """A case with what has been told of it."""

    case: Case
    id: str
    level: Level
    sequence: int = 0
    told: Incident | None = None  # as last emitted
    told_at: float = 0.0
    told_people: int = 0
    first_possible: float | None = None
    detected: float | None = None
    owed: float = inf  # when it is to be told though nobody speaks: it fell, or works overrun
    quiet: float = 0.0
    ending: str = "quiet"  # what it is resolved as when it is over
    resolved: float | None = None
    resolution: str | None = None
    where: Location | None = None  # as far as people say where
    where_likelihood: float = 0.0
    where_people: int = 0  # of whom that was made out


class _Brief(NamedTuple):
    """What of an incident is told again when it changes."""

    level: Level
    severity: Severity
    operator: str
    service: str
    location: Location
    people: int
    acknowledged: bool
    planned: Planned
    echo: Sequence[str]  # what makes it one


class Tracker:
    """Follows incidents.

    Parameters
    ----------
    settings
        How incidents live.
    false_alarms_per_week
        The budget that levels are measured by.
    own
        Operators that are ours; empty for all.
    areas
        Places by one's own names for them.
    plan
        What is planned; None where nothing says so.
    level
        The lowest level that is told.
    step_seconds
        Length of a bucket.
    usual
        Returns how many people a bucket of a signal usually has by now.
    placed
        Returns the share of people who usually say where.
    """

    def __init__(
        self,
        settings: IncidentLife,
        *,
        false_alarms_per_week: float,
        own: Sequence[str] = (),
        areas: Mapping[str, Sequence[Location]] | None = None,
        plan: Plan | None = None,
        level: Level = "probable",
        step_seconds: float = 60.0,
        usual: Callable[[Signal], float] = lambda _: 0.0,
        placed: Callable[[], float] = lambda: 0.3,
    ) -> None:
        self._settings = settings
        self._budget = false_alarms_per_week
        self._own = frozenset(own)
        self._areas = areas or {}
        self._plan = plan or Plan()
        self._least = RANK[level]
        self._step = step_seconds
        self._usual = usual
        self._placed = placed
        self._open: list[_Followed] = []
        self._ended: list[_Followed] = []
        self._history: deque[tuple[float, Incident]] = deque()
        self._recent: deque[Complaint] = deque()
        self._notices: deque[Complaint] = deque()
        self._talk = Talk(step_seconds)
        self._taken: set[str] = set()
        self._reset: list[Signal] = []
        self._opened: list[tuple[Signal, int]] = []

    def open_signals(self) -> list[Signal]:
        """Return the signals of open incidents."""
        return [followed.case.signal for followed in self._open]

    def closed_signals(self) -> list[Signal]:
        """Return the signals of incidents that ended since the last call."""
        closed, self._reset = self._reset, []
        return closed

    def opened_signals(self) -> list[tuple[Signal, int]]:
        """Return the signals of incidents that opened since the last call, with the bucket."""
        opened, self._opened = self._opened, []
        return opened

    def open_for(self, signal: Signal, at: float) -> Incident | None:
        """Return the open incident that a signal is of, told or not, as it is at a time."""
        of_it = [f for f in self._open if f.case.signal.related(signal)]
        best = max(
            of_it, key=lambda f: (f.case.signal == signal, RANK[f.level], f.id), default=None
        )
        return None if best is None else self._record(best, at)

    def advance(self, to: float) -> Iterator[Change]:
        """Let time pass, in seconds since the epoch: what is quiet ends, what is owed is told."""
        while (followed := self._due(to)) is not None:
            owed, quiet = self._bucket_end(followed.owed), self._bucket_end(followed.quiet)
            if owed < quiet:
                yield from self._tell(followed, owed)
            else:
                yield from self._resolve(followed, quiet, followed.ending)
        horizon = to - 60 * self._settings.reopen_minutes
        self._ended = [f for f in self._ended if f.resolved is not None and f.resolved > horizon]
        while self._history and self._history[0][0] < to - HISTORY.total_seconds():
            self._history.popleft()

    def _due(self, to: float) -> _Followed | None:
        """Return the incident to which something happens next as time passes, until a time."""
        following = min(self._open, key=lambda f: (min(f.owed, f.quiet), f.id), default=None)
        if following is None or self._bucket_end(min(following.owed, following.quiet)) > to:
            return None
        return following

    def _bucket_end(self, at: float) -> float:
        return -(-at // self._step) * self._step

    def gap(self, gap: Gap) -> None:
        """Stop the clock of open incidents while nothing was recorded."""
        for followed in self._open:
            followed.quiet += (gap.end - gap.start) * self._step

    def hear(self, block: Block) -> None:
        """Take in how much was said in a block beside complaints; before it is taken in itself."""
        self._talk.hear(block)

    def update(self, block: Block, excesses: Sequence[Excess]) -> Iterator[Change]:
        """Take in a block and what stands out in it.

        Yields
        ------
        Changes, all at the end of the block's bucket.
        """
        at = (block.bucket + 1) * self._step
        self._remember(block, at)
        for followed in self._open:
            self._feed(followed, block)
        for excess in excesses:
            followed_or_none = self._match(excess)
            if followed_or_none is None:
                self._begin(excess)
            else:
                self._grow(followed_or_none, excess)
        for followed in list(self._open):
            self._find_place(followed, at)
            yield from self._tell(followed, at)

    def _remember(self, block: Block, at: float) -> None:
        self._recent.extend(block.complaints)
        while self._recent and self._recent[0].created_at < at - _RECENT_SECONDS:
            self._recent.popleft()
        self._notices.extend(block.notices)
        while self._notices and self._notices[0].created_at < at - _NOTICE_SECONDS:
            self._notices.popleft()

    def _feed(self, followed: _Followed, block: Block) -> None:
        case = followed.case
        new = [case.add(c) for c in block.complaints if case.covers(c)]
        if any(new):
            case.restored = 0
            self._set_quiet(followed)
        said_back = {c.author for c in block.restored if case.covers(c)}
        case.restored += len(said_back)
        if said_back and case.restored >= _RESTORED_PEOPLE:
            newest = max(case.last_report, (block.bucket + 1) * self._step)
            followed.quiet = min(followed.quiet, newest + _RESTORED_SECONDS)
            followed.ending = "restored"
        case.trackers += [c for c in block.trackers if case.covers(c)]
        for notice in block.notices:
            case.acknowledge(notice)

    def _set_quiet(self, followed: _Followed) -> None:
        at_least = 60.0 * self._settings.quiet_minutes
        if not followed.case.people:  # counts: a report is a bucket that stood out, not a person
            followed.quiet = followed.case.last_report + at_least
            followed.ending = "quiet"
            return
        operator, _, location = followed.case.signal
        if followed.case.takes_unplaced:
            location = location.path[-1]
        usual = self._usual(Signal(operator, ANY, location)) / self._step
        followed.quiet = followed.case.quiet_at(at_least, self._step, usual)
        followed.ending = "quiet"

    def _match(self, excess: Excess) -> _Followed | None:
        """Return the open incident that an excess belongs to, or one that it reopens."""
        for followed in self._open:
            if followed.case.signal.related(excess.signal):
                return followed
        for followed in self._ended if not excess.slow else ():
            if followed.case.signal.related(excess.signal):
                self._ended.remove(followed)
                self._open.append(followed)
                self._reopen(followed, excess)
                return followed
        return None

    def _reopen(self, followed: _Followed, excess: Excess) -> None:
        """Go on with an incident that had ended: as open, with those who speak now."""
        case = followed.case
        followed.resolved = followed.resolution = followed.told = None
        case.best = case.excess = excess
        case.restored = 0
        followed.where, followed.where_people = None, 0
        case.reports.clear()
        since = excess.first_bucket * self._step
        for complaint in self._recent:
            ours = complaint.created_at >= since and case.covers(complaint)
            if ours and not case.add(complaint):
                case.reports.append(complaint.created_at)  # a person known from before
        if not case.reports:
            case.reports.append((excess.bucket + 1) * self._step)
        self._opened.append((excess.signal, excess.bucket))

    def _begin(self, excess: Excess) -> None:
        onset = excess.first_bucket * self._step
        case = Case(excess.signal, onset, excess, excess)
        for complaint in self._recent:
            if complaint.created_at >= onset and case.covers(complaint):
                case.add(complaint)
        for notice in self._notices:
            case.acknowledge(notice)
        if not case.people:
            case.reports.append((excess.bucket + 1) * self._step)  # counts have no people
        identity = "|".join((*excess.signal.key, str(int(onset))))
        incident_id = spoken_id(identity, self._taken)
        self._taken.add(incident_id)
        level = level_of(excess, self._budget, corroborated=bool(case.trackers))
        followed = _Followed(case, incident_id, level)
        followed.first_possible = (excess.bucket + 1) * self._step
        self._set_quiet(followed)
        self._open.append(followed)
        self._opened.append((excess.signal, excess.bucket))

    def _grow(self, followed: _Followed, excess: Excess) -> None:
        case = followed.case
        case.excess = excess
        if followed.level == "possible" and _narrower(excess, case):
            self._narrow(followed, excess)
        else:
            self._widen(case, excess)
        if excess.score > case.best.score or excess.bucket - case.best.bucket > 60:
            case.best = excess
        level = level_of(excess, self._budget, corroborated=bool(case.trackers))
        if RANK[level] > RANK[followed.level]:
            followed.level = level
        if not case.people:
            case.reports.append((excess.bucket + 1) * self._step)
        self._set_quiet(followed)

    def _narrow(self, followed: _Followed, excess: Excess) -> None:
        """Let a case that is not yet sure be what a smaller signal in it has shown since."""
        case = Case(excess.signal, excess.first_bucket * self._step, excess, excess)
        for complaint in self._recent:
            if complaint.created_at >= case.onset and case.covers(complaint):
                case.add(complaint)
        for notice in self._notices:
            case.acknowledge(notice)
        case.trackers = [t for t in followed.case.trackers if case.covers(t)]
        if case.people:
            followed.case = case
            followed.where, followed.where_people = None, 0

    def _widen(self, case: Case, excess: Excess) -> None:
        """Let a case take in the larger place or the several operators of an excess.

        The place grows only if enough people say that they are elsewhere in it; people who name
        no place are counted, and leave it as it is.
        """
        now, wider = case.signal, excess.signal
        larger = wider.location is not now.location and wider.location.holds(now.location)
        raised = {name for name, state in excess.others.items() if state == "raised"}
        # a few more who name another operator, or several, do not say that it fails
        more_operators = wider.operator == ANY != now.operator and bool(raised - {now.operator})
        if not larger and not more_operators:
            return
        since = [c for c in self._recent if c.created_at >= case.onset]
        elsewhere = {c.author for c in since if c.located and _outside(c, wider, now)}
        placed = max(sum(case.places.values()), 1)
        grows = len(elsewhere) >= max(_ELSEWHERE_PEOPLE, _ELSEWHERE_SHARE * placed)
        if grows:
            location = wider.location if larger else now.location
            operator = ANY if more_operators else now.operator
            case.signal = Signal(operator, wider.service, location)
        elif larger:
            case.takes_unplaced = True
        if grows or larger:
            for complaint in since:
                if case.covers(complaint):
                    case.add(complaint)

    def _tell(self, followed: _Followed, at: float) -> Iterator[Change]:
        if followed.told is None and RANK[followed.level] < self._least:
            return
        now = self._brief(followed, at)
        followed.owed = self._plan.overruns_at(now.planned, at)
        if followed.told is None and (
            RANK[now.level] < self._least or self._plan.mutes(now.planned)
        ):
            return
        if followed.detected is None:
            followed.detected = at
        if followed.told is None:
            yield self._emit(followed, "opened", at)
            return
        changed, rise = self._changes(followed.told, now, followed.told_people)
        may_be_told = followed.told_at + 60.0 * self._settings.update_minutes
        if changed and (rise or at >= may_be_told):
            yield self._emit(followed, "updated", at, changed)
        elif RANK[now.level] < RANK[followed.told.level]:
            followed.owed = min(followed.owed, may_be_told)  # even if nobody speaks any more

    @staticmethod
    def _changes(then: Incident, now: _Brief, told_people: int) -> tuple[list[str], bool]:
        """Return what differs from what was last told, and whether it is a rise."""
        rise = RANK[now.level] > RANK[then.level]
        rise |= SEVERITY_RANK[now.severity] > SEVERITY_RANK[then.severity]
        changed = []
        for name in ("level", "severity", "operator", "service"):
            before, after = getattr(then, name), getattr(now, name)
            if before != after:
                changed.append(f"{name} {before} -> {after}")
        if then.location is not now.location:
            changed.append(f"area {then.location.name} -> {now.location.name}")
        if now.acknowledged and then.acknowledged_at is None:
            changed.append("the operator has given public notice")
        if now.people >= 2 * max(told_people, 1):
            changed.append(f"people {told_people} -> {now.people}")
        of_works, overrun = changes_of_works(then.planned, now.planned)
        return changed + of_works, rise or overrun

    def _emit(
        self, followed: _Followed, kind: str, at: float, changed: Sequence[str] = ()
    ) -> Change:
        followed.sequence += 1
        incident = replace(self._record(followed, at), changed=tuple(changed))
        followed.told = incident
        followed.told_at = at
        followed.told_people = incident.people_total
        return Change(kind, utc(at), incident)  # type: ignore[arg-type]

    def _resolve(self, followed: _Followed, at: float, resolution: str) -> Iterator[Change]:
        self._open.remove(followed)
        self._ended.append(followed)
        self._reset.append(followed.case.signal)
        followed.resolved, followed.resolution, followed.owed = at, resolution, inf
        if followed.told is not None:
            change = self._emit(followed, "resolved", at)
            self._history.append((at, change.incident))
            yield change

    def _brief(self, followed: _Followed, at: float) -> _Brief:
        """Return what of an incident is told again when it changes."""
        case = followed.case
        people = max(len(case.people), round(case.best.observed))
        # Counts have no people: what their rows do not name is not known, rather than several.
        operator = agreed(case.operators) if case.people else UNKNOWN
        if case.signal.operator != ANY:
            operator = case.signal.operator
        service = agreed(case.services)
        if not case.people and case.signal.service != ANY:
            service = case.signal.service
        location = self._nameable(followed.where or case.signal.location, people)
        echo = case.echo.against(self._wave(case, operator))
        level = "possible" if echo else followed.level
        planned = self._plan.explain(case, operator, service, location, at)
        severity = severity_of(level, location, case.services, people)
        return _Brief(
            level,
            self._plan.severity(severity, planned),
            operator,
            service,
            location,
            people,
            case.acknowledged is not None,
            planned,
            echo,
        )

    def _find_place(self, followed: _Followed, at: float) -> None:
        """Make out where an incident is, when more people have spoken of it.

        What was made out when it stood out most remains: later, those who are usual blur it.
        """
        case = followed.case
        people = len(case.people)
        if people == followed.where_people or RANK[followed.level] < self._least:
            return
        operator, _, location = case.signal
        since = max(case.onset - _BEFORE_SECONDS, at - _PLACE_SECONDS)
        if since > case.onset:
            return  # it has long been told
        spoke = {
            c.author: c
            for c in self._recent
            if c.created_at >= since and (operator == ANY or c.operator == operator)
        }
        complaints = list(spoke.values())[-MOST_POSTS:]
        buckets = (at - complaints[0].created_at) / self._step if complaints else 0.0
        usual = self._usual(Signal(operator, ANY, location.path[-1])) * buckets
        found = likeliest(complaints, usual=usual, placed=self._placed())
        followed.where_people = people
        if found is not None and (
            followed.where is None or found[1] >= followed.where_likelihood - _BLUR
        ):
            followed.where, followed.where_likelihood = found

    def _wave(self, case: Case, operator: str) -> int:
        """Return the size of a wave of talk that explains a case; where talk is, nobody knows."""
        if case.signal.location.parent is not None:
            return 0
        who = ANY if operator == UNKNOWN else operator
        return self._talk.wave(who, case.onset, case.echo.spoke, bar=case.echo.bar)

    def _record(self, followed: _Followed, at: float) -> Incident:
        case, excess = followed.case, followed.case.best
        started, basis = case.started
        minutes = round((excess.bucket - excess.first_bucket + 1) * self._step / 60)
        brief = self._brief(followed, at)
        operator, location, people = brief.operator, brief.location, brief.people
        was = [i for _, i in self._history if i.id != followed.id and _same(i, operator, location)]
        detected = followed.detected if followed.detected is not None else at
        return Incident(
            id=followed.id,
            sequence=followed.sequence,
            status="open" if followed.resolved is None else "resolved",
            level=brief.level,
            severity=brief.severity,
            operator=operator,
            service=brief.service,
            operators=counted(case.operators),
            services=counted(case.services),
            symptoms=counted(case.symptoms),
            keywords=dict(list(counted(case.keywords).items())[:10]),
            channels=counted(case.channels),
            scope=self._scope(case, operator),
            others={n: s for n, s in sorted(case.excess.others.items()) if n != operator},
            location=location,
            locations=tuple(self._places(case, location)),
            unplaced=case.unplaced,
            started_at=utc(started),
            onset_basis="said" if basis == "said" else "estimated",
            first_possible_at=utc(followed.first_possible) if followed.first_possible else None,
            detected_at=utc(detected),
            last_report_at=utc(case.last_report),
            resolved_at=utc(followed.resolved) if followed.resolved is not None else None,
            resolution=followed.resolution,
            acknowledged_at=utc(case.acknowledged) if case.acknowledged is not None else None,
            areas=self._areas_of(location, case),
            warming_up=excess.warming_up,
            people=round(excess.observed),
            posts=case.posts or round(excess.observed),
            window_minutes=minutes,
            expected=excess.expected,
            usual=usual(excess.expected),
            recurrence_hours=excess.recurrence_hours,
            people_total=people,
            trend=case.trend(at),
            reasons=tuple(
                reasons_for(
                    case,
                    excess,
                    minutes=minutes,
                    false_alarms_per_week=self._budget,
                    echo=brief.echo,
                )
                + self._plan.reasons(brief.planned, at)
            ),
            changed=(),
            previous=tuple(f"{i.id} on {i.started_at:%Y-%m-%d}" for i in was),
            evidence=case.evidence,
            planned=brief.planned,
        )

    def _scope(self, case: Case, operator: str) -> Literal["own", "context"]:
        """Say whose network it is: ours too where ours is one of several, or none is named."""
        if not self._own or operator in self._own:
            return "own"
        named = {name for name in case.operators if name not in (ANY, UNKNOWN)}
        if operator in (ANY, UNKNOWN) and (not named or named & self._own):
            return "own"
        return "context"

    def _areas_of(self, location: Location, case: Case) -> tuple[str, ...]:
        """Return the areas that a place lies in, or that lie in it.

        Of a whole country only those that people name; all of them where nobody says where.
        """
        wide = location.kind in ("country", ANY) and bool(case.places)
        named = list(case.places) if wide else [location]
        return tuple(
            name
            for name, places in self._areas.items()
            if any(p.holds(here) or (not wide and here.holds(p)) for p in places for here in named)
        )

    def _nameable(self, location: Location, people: int) -> Location:
        """Return the place, or the one above it where few people would be found out by it."""
        settings = self._settings
        while (
            location.kind == "city"
            and location.population < settings.private_population
            and people < settings.private_people
            and location.parent is not None
        ):
            location = location.parent
        return location

    def _places(self, case: Case, where: Location) -> Iterator[tuple[Location, int]]:
        named: dict[Location, int] = {}
        for place, people in case.most_affected():
            safe = self._nameable(place, people)
            if safe is not where:
                named[safe] = named.get(safe, 0) + people
        yield from sorted(named.items(), key=lambda item: (-item[1], item[0].id))


def _narrower(excess: Excess, case: Case) -> bool:
    """Whether an excess is of a part of a case, and stands out more than the case ever did."""
    wide, part = case.signal, excess.signal
    if excess.slow or not (excess.score > case.best.score or case.best.slow):
        return False
    inside = wide.location.holds(part.location) and wide.operator in (ANY, part.operator)
    return inside and (wide.location is not part.location or wide.operator != part.operator)


def _outside(complaint: Complaint, wider: Signal, now: Signal) -> bool:
    """Whether a complaint is of the wider signal but not of the one there is."""
    inside = now.location.holds(complaint.location) and now.operator in (ANY, complaint.operator)
    of_wider = wider.operator in (ANY, complaint.operator)
    return of_wider and wider.location.holds(complaint.location) and not inside


def _same(incident: Incident, operator: str, location: Location) -> bool:
    return incident.operator == operator and incident.location is location
