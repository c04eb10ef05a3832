"""One incident while it is followed: who reported it, what they said, and when it will be over.

In: complaints and excesses. Out: a frozen record of its state. Remembers the people of the
incident, by author, until it ends.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Literal

from outagewatch.incident.echo import Signs
from outagewatch.incident.quiet import quiet_at
from outagewatch.records import ANY, UNKNOWN, Complaint, Excess, Location, Signal

EVIDENCE = 3  # posts shown
NOTICE_BEFORE = 1800.0  # seconds before the onset from which a notice may be of it
TREND_SECONDS = 900.0  # the stretch that is compared with the one before it
_REPORTS = 200  # times of reports kept


def utc(seconds: float) -> datetime:
    """Return seconds since the epoch as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(slots=True)
class Case:
    """An incident as it grows."""

    signal: Signal
    onset: float  # seconds since the epoch
    excess: Excess
    best: Excess
    people: set[str] = field(default_factory=set)  # authors
    posts: int = 0
    reports: list[float] = field(default_factory=list)
    operators: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    symptoms: Counter[str] = field(default_factory=Counter)
    keywords: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    places: Counter[Location] = field(default_factory=Counter)
    echo: Signs = field(default_factory=Signs)
    unplaced: int = 0
    restored: int = 0
    trackers: list[Complaint] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    acknowledged: float | None = None  # the operator's first public notice, seconds
    takes_unplaced: bool = False  # people of the operator who name no place are counted too
    shown: list[tuple[float, float, str, Complaint]] = field(default_factory=list)

    def covers(self, complaint: Complaint) -> bool:
        """Whether a complaint is of this incident."""
        operator, _, location = self.signal
        same = operator == ANY or complaint.operator in (operator, ANY, UNKNOWN)
        if operator != ANY and complaint.operator in (ANY, UNKNOWN) and location.parent is None:
            same = False  # nothing but the country in common
        if not complaint.located and self.takes_unplaced:
            return complaint.operator == operator
        return same and location.holds(complaint.location)

    def add(self, complaint: Complaint) -> bool:
        """Take in a complaint; return whether it is a new person."""
        self.posts += 1
        if complaint.author in self.people:
            return False
        self.people.add(complaint.author)
        self.reports.append(complaint.created_at)
        del self.reports[:-_REPORTS]
        self.operators[complaint.operator] += 1
        self.services[complaint.service] += 1
        self.symptoms[complaint.symptom] += 1
        self.keywords.update(complaint.words)
        self.channels[complaint.source] += 1
        self.echo.add(complaint)
        if complaint.located:
            self.places[complaint.location] += 1
        else:
            self.unplaced += 1
        if complaint.onset_minutes is not None:
            self.said.append(complaint.created_at - 60 * complaint.onset_minutes)
        entry = (complaint.acute, -complaint.created_at, complaint.id, complaint)
        if len(self.shown) < EVIDENCE:
            heapq.heappush(self.shown, entry)
        else:
            heapq.heappushpop(self.shown, entry)
        return True

    def acknowledge(self, notice: Complaint) -> None:
        """Take in an operator's public notice, if it fits this incident by operator and place.

        A notice that names another place, or none and another service, is of something else.
        """
        operator, _, location = self.signal
        if self.acknowledged is not None or operator not in (ANY, notice.operator):
            return
        if operator == ANY and notice.operator not in self.operators:
            return
        if notice.located:
            fits = location.holds(notice.location) or notice.location.holds(location)
        else:
            fits = notice.service in (ANY, UNKNOWN) or notice.service in self.services
        if fits and notice.created_at >= self.onset - NOTICE_BEFORE:
            self.acknowledged = notice.created_at

    @property
    def last_report(self) -> float:
        """When the newest person spoke, seconds since the epoch."""
        return self.reports[-1]

    @property
    def started(self) -> tuple[float, str]:
        """When it began, seconds since the epoch, and whether people said so."""
        first = min(self.onset, self.reports[0])
        said = [at for at in self.said if at <= first + TREND_SECONDS]
        if said:
            return min(median(said), first), "said"
        return first, "estimated"

    @property
    def evidence(self) -> tuple[Complaint, ...]:
        """The posts that show best what it is, the likeliest first."""
        return tuple(entry[3] for entry in sorted(self.shown, reverse=True))

    def quiet_at(self, at_least: float, step: float, usual: float) -> float:
        """Return when it is over if nobody reports it any more, seconds since the epoch.

        ``usual`` is how many people a second are usual there by now.
        """
        window = max((self.best.bucket - self.best.first_bucket + 1) * step, 60.0)
        usual = max(usual, self.best.expected / window)
        duration = max(self.last_report - self.reports[0], window)
        rate = max((len(self.people) - usual * duration) / duration, 1 / (6 * 3600))
        return quiet_at(self.reports, rate=rate, usual=usual, at_least=at_least)

    def trend(self, at: float) -> Literal["rising", "steady", "fading"]:
        """Say whether reports become more or fewer, at a time in seconds since the epoch."""
        recent = sum(at - TREND_SECONDS < report <= at for report in self.reports)
        before = sum(at - 2 * TREND_SECONDS < r <= at - TREND_SECONDS for r in self.reports)
        if recent > 1.25 * before:
            return "rising"
        return "fading" if recent < 0.75 * before else "steady"

    def most_affected(self) -> list[tuple[Location, int]]:
        """Return the places named below the incident's own, with people, most first."""
        named: Counter[Location] = Counter()
        for place, people in self.places.items():
            if place is not self.signal.location:
                named[place] += people
        return sorted(named.items(), key=lambda item: (-item[1], item[0].id))


def counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by name, most first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
