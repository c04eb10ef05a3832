"""Draw a stream of posts: everyday talk by the hour, and in it what happens.

In: a plan and a seed. Out: posts, oldest first, the same for the same plan and seed; an event
more or less changes nothing else. Remembers one day of posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from outagewatch.records import ANY, UNKNOWN, Location, Post
from outagewatch.settings import Settings
from outagewatch.simulate.events import Event
from outagewatch.simulate.writers import Writers, typed

DAY = timedelta(days=1)
# Posts by local hour, relative: measured on nothing in particular, shaped like any such stream.
_HOURS = (2, 1, 1, 1, 1, 1, 3, 6, 9, 10, 10, 10, 10, 9, 9, 10, 11, 13, 15, 16, 16, 14, 10, 5)
_OFFICE = range(8, 20)  # local hours in which an operator answers
_MEAN = sum(_HOURS) / 24
# What people write when nothing happens, as shares; an operator's replies come on top.
_TALK = {
    "other": 0.48,
    "chronic": 0.24,
    "acute": 0.13,
    "about": 0.05,
    "joke": 0.05,
    "giveaway": 0.05,
}
_SERVICES = {
    "fixed_internet": 40, "mobile_data": 28, "tv": 8, "mobile_voice": 7, "mail": 3, "sms": 2,
    "power": 60, "login": 60, UNKNOWN: 12,
}  # fmt: skip
_ANSWERED = 0.75  # of customers' posts in office hours
_WITH_PLACE = 0.14  # of everyday posts say where
_FIELD_PLACE = 0.01  # carry a place of the service's own
_HOME = 0.2  # have a place in the author's profile
_CUSTOMERS = 200_000  # who write now and then
_EPOCH_MS = 1288834974657  # of X's ids


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn."""

    start: datetime
    days: int
    per_minute: float  # posts, an operator's replies among them
    events: tuple[Event, ...] = ()
    seed: int = 1


@dataclass(slots=True)
class _Draft:
    """A post that has no id yet."""

    at: float
    text: str
    author: str
    operator: str
    place: Location | None = None
    answers: _Draft | None = None
    repost: bool = False
    home: str | None = None
    id: str = ""
    thread: str = field(default="")


def simulate(plan: Plan, settings: Settings, writers: Writers, root: Location) -> Iterator[Post]:
    """Return the posts of a plan, oldest first.

    Parameters
    ----------
    plan
        What is drawn.
    settings
        The profile: its time zone, operators' accounts and trackers.
    writers
        Those who write.
    root
        The place that holds everything.
    """
    zone = ZoneInfo(settings.timezone)
    waiting = [
        draft
        for event in plan.events
        for draft in _Happening(event, plan.seed, writers, settings, zone).all()
    ]
    gaps = [(e.start.timestamp(), e.end.timestamp()) for e in plan.events if e.kind == "gap"]
    number = 0
    for day in range(plan.days):
        begin = plan.start + day * DAY
        until = (begin + DAY).timestamp()
        drafts = waiting + _everyday(plan, begin, writers, zone, root)
        drafts.sort(key=lambda draft: (draft.at, draft.author, draft.text))
        waiting = [draft for draft in drafts if draft.at >= until]
        for draft in drafts:
            if draft.at >= until or draft.at < begin.timestamp():
                continue
            number += 1
            draft.id = str(((int(draft.at * 1000) - _EPOCH_MS) << 22) | (number & 0x3FFFFF))
            first = draft.answers
            draft.thread = (first.thread or first.id) if first is not None else draft.id
            if any(low <= draft.at < high for low, high in gaps):
                continue
            yield _post(draft, writers.language)


def _post(draft: _Draft, language: str) -> Post:
    return Post(
        id=draft.id,
        created_at=datetime.fromtimestamp(int(draft.at), tz=ZoneInfo("UTC")),
        text=draft.text,
        author=draft.author,
        lang=language,
        place=draft.place.name if draft.place is not None else None,
        author_place=draft.home,
        source="x",
        thread=draft.thread,
        reply_to=draft.answers.id or None if draft.answers is not None else None,
        repost=draft.repost or None,
    )


def as_line(post: Post) -> bytes:
    """Return a post as a canonical line, without what it has not."""
    fields = {
        name: value for name in post.__struct_fields__ if (value := getattr(post, name)) is not None
    }
    return msgspec.json.encode(fields) + b"\n"


def _everyday(
    plan: Plan, begin: datetime, writers: Writers, zone: ZoneInfo, root: Location
) -> list[_Draft]:
    """Return a day on which nothing happens, with the operators' replies."""
    rng = Random(f"{plan.seed}/day/{begin:%Y-%m-%d}")
    drafts: list[_Draft] = []
    answered = _ANSWERED * sum(_HOURS[hour] for hour in _OFFICE) / sum(_HOURS)
    rate = plan.per_minute / 60 / (1 + answered)  # customers' posts a second
    top = rate * max(_HOURS) / _MEAN
    at = begin.timestamp()
    end = (begin + DAY).timestamp()
    while top > 0 and (at := at + rng.expovariate(top)) < end:
        hour = datetime.fromtimestamp(at, zone).hour
        if rng.random() * max(_HOURS) > _HOURS[hour]:
            continue
        draft = _said(rng, at, writers, root)
        drafts.append(draft)
        if hour in _OFFICE and rng.random() < _ANSWERED:
            drafts.append(_reply(rng, draft, writers))
    return drafts


def _said(rng: Random, at: float, writers: Writers, root: Location) -> _Draft:
    kind = rng.choices(list(_TALK), list(_TALK.values()))[0]
    operator = writers.operator(rng)
    services = writers.services(kind) or [UNKNOWN]
    service = rng.choices(services, [_SERVICES.get(name, 5) for name in services])[0]
    place = writers.town(rng, root) if rng.random() < _WITH_PLACE else None
    minutes = 5 + rng.random() * 60
    text = writers.text(rng, kind, operator, service=service, place=place, minutes=minutes)
    text = typed(rng, writers.addressed(rng, text, operator, share=0.7), writers.language)
    draft = _Draft(at, text, _customer(rng), operator)
    if rng.random() < _FIELD_PLACE:
        draft.place = place or writers.town(rng, root)
    if rng.random() < _HOME:
        draft.home = (place or writers.town(rng, root)).name
    draft.repost = kind == "giveaway" and rng.random() < 0.5
    return draft


def _reply(rng: Random, draft: _Draft, writers: Writers) -> _Draft:
    text = f"@{draft.author} {writers.text(rng, 'reply', draft.operator)}"
    wait = 120 + rng.expovariate(1 / 1500)
    return _Draft(
        draft.at + wait, text, writers.account(draft.operator), draft.operator, answers=draft
    )


def _customer(rng: Random) -> str:
    return f"u{int(rng.random() * _CUSTOMERS):06d}"


class _Happening:
    """The posts of one event."""

    def __init__(
        self, event: Event, seed: int, writers: Writers, settings: Settings, zone: ZoneInfo
    ) -> None:
        self._event = event
        self._rng = Random(f"{seed}/{event.id}")
        self._writers = writers
        self._settings = settings
        self._zone = zone
        self._begin = event.start.timestamp()
        self._used: set[str] = set()  # nobody says what somebody else has said

    def all(self) -> list[_Draft]:
        """Return all posts of the event."""
        event = self._event
        if event.kind == "gap":
            return []
        if event.is_trap:
            return list(self._trap())
        reports = self._reports()
        drafts = [*reports, *self._echoes(), *self._restored(reports), *self._official()]
        drafts += [
            _reply(self._rng, draft, self._writers)
            for draft in reports
            if self._hour(draft.at) in _OFFICE and self._rng.random() < 0.5
        ]
        return drafts

    def _hour(self, at: float) -> int:
        return datetime.fromtimestamp(at, self._zone).hour

    def _operator(self) -> str:
        named = self._event.operator
        return self._writers.operator(self._rng) if named == ANY else named

    def _when(self) -> float:
        """Return when somebody speaks: most of them soon, none in the first half minute."""
        share = self._rng.betavariate(1.0, 2.2)
        if self._event.kind == "slow_burn" or self._event.is_trap:
            share = self._rng.random()
        return self._begin + 30 + share * (60 * self._event.minutes - 30)

    def _reports(self) -> list[_Draft]:
        """Return what those who have it say; some answer others, some say it twice."""
        event, rng = self._event, self._rng
        drafts: list[_Draft] = []
        for at in sorted(self._when() for _ in range(event.people)):
            who = f"v{int(rng.random() * _CUSTOMERS):06d}"
            before = drafts[int(rng.random() * len(drafts))] if drafts else None
            draft = self._report(at, who, before if rng.random() < 0.2 else None)
            drafts.append(draft)
            again = at + 900 + rng.random() * 1800
            if rng.random() < 0.2 and again < event.end.timestamp():
                drafts.append(self._report(again, who, None))
        return drafts

    def _report(self, at: float, who: str, before: _Draft | None) -> _Draft:
        event, rng, writers = self._event, self._rng, self._writers
        operator = before.operator if before is not None else self._operator()
        service = event.service if event.service != ANY else rng.choice(writers.services("acute"))
        town = writers.town(rng, event.location)
        place = town if rng.random() < event.placed else None
        kind = "slow" if event.kind == "slow_burn" else "confirm" if before is not None else "acute"
        minutes = (at - self._begin) / 60
        text = writers.text(
            rng, kind, operator, service=service, place=place, minutes=minutes, used=self._used
        )
        text = writers.addressed(rng, text, operator, share=1.0 if kind == "confirm" else 0.85)
        draft = _Draft(at, typed(rng, text, writers.language), who, operator, answers=before)
        if rng.random() < _FIELD_PLACE:
            draft.place = town
        if rng.random() < _HOME:
            draft.home = town.name
        return draft

    def _echoes(self) -> Iterator[_Draft]:
        """Talk about it by those who do not have it, a while after."""
        for kind, share, after in (("about", 0.2, 8), ("joke", 0.1, 15), ("news", 0.05, 25)):
            for _ in range(round(share * self._event.people)):
                at = self._begin + 60 * after + self._rng.expovariate(1 / 2400)
                text = self._writers.text(self._rng, kind, self._operator())
                draft = _Draft(at, text, _customer(self._rng), self._event.operator)
                yield draft
                if kind == "news":
                    for _ in range(3):
                        later = at + self._rng.expovariate(1 / 900)
                        shared = f"RT @{draft.author}: {text}"
                        yield _Draft(later, shared, _customer(self._rng), "", repost=True)

    def _restored(self, reports: list[_Draft]) -> Iterator[_Draft]:
        end = self._event.end.timestamp()
        for draft in reports:
            if self._rng.random() < 0.2:
                at = end + self._rng.expovariate(1 / 900)
                text = self._writers.text(self._rng, "restored", draft.operator)
                text = self._writers.addressed(self._rng, text, draft.operator, share=0.9)
                yield _Draft(
                    at, typed(self._rng, text, self._writers.language), draft.author, draft.operator
                )

    def _official(self) -> Iterator[_Draft]:
        """What the operator says in public, and what trackers report."""
        event = self._event
        operator = self._operator()
        account = self._writers.account(operator)
        area = event.location if event.location.kind != "country" else None
        if event.kind == "planned":
            text = self._writers.text(
                self._rng, "works", operator, service=event.service, place=area
            )
            yield _Draft(self._begin - 20 * 3600, text, account, operator)
        if event.notice is not None and event.notice < event.minutes:
            at = self._begin + 60 * event.notice
            text = self._writers.text(self._rng, "notice", operator, service=event.service)
            yield _Draft(at, text, account, operator)
            over = self._writers.text(self._rng, "notice_end", operator)
            yield _Draft(event.end.timestamp() + 600, over, account, operator)
        if event.people >= 10 and self._settings.trackers:
            at = self._begin + 60 * (20 + 20 * self._rng.random())
            town = self._writers.town(self._rng, event.location)
            text = self._writers.text(self._rng, "tracker", operator, place=town)
            yield _Draft(at, text, self._settings.trackers[0], operator)

    def _trap(self) -> Iterator[_Draft]:
        event, rng, writers = self._event, self._rng, self._writers
        one = writers.text(rng, event.kind, self._operator())
        for _ in range(event.people):
            at, operator = self._when(), self._operator()
            copied = event.kind in ("giveaway", "news") and rng.random() < 0.7
            text = one if copied else writers.text(rng, event.kind, operator)
            repost = copied and rng.random() < 0.5
            if repost:
                text = f"RT @{writers.account(operator)}: {text}"
            elif not copied:
                text = writers.addressed(rng, text, operator, share=0.5)
                text = typed(rng, text, writers.language)
            yield _Draft(at, text, _customer(rng), operator, repost=repost)
