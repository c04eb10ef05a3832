"""Hold incidents against planned works, and say what that does to them.

In: works, a case and how it is named, a time. Out: whether works explain it and until when, what of
that changed, whether it is told, and how big it still is. Remembers the works.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from math import inf

from outagewatch.incident.case import Case, utc
from outagewatch.records import UNKNOWN, Location, Planned, Severity, Work
from outagewatch.settings import PlannedWorks

MARGIN = timedelta(minutes=5)  # before their start and after their end that an onset may be theirs
_SEVERAL = 2  # people who name another service, for it to fail too
_SHARE = 0.1  # and what share of those who name that of the works: some are misread
_LOWER: dict[Severity, Severity] = {"major": "minor", "minor": "warning"}


class Plan:
    """The planned works, and what is to be done with incidents that they explain.

    Parameters
    ----------
    works
        All works, in any order; None where no file says what is planned.
    settings
        What they do to alerts.
    zone
        Of the times in reasons.
    """

    def __init__(
        self,
        works: Sequence[Work] | None = None,
        settings: PlannedWorks | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self._works = works
        self._settings = settings or PlannedWorks()
        self._zone = zone
        self._at_onset = lru_cache(maxsize=256)(self._going_on)  # asked for each minute

    def _going_on(self, onset: float) -> list[Work]:
        at = utc(onset)
        return [w for w in self._works or () if w.start - MARGIN <= at <= w.end + MARGIN]

    def explain(
        self, case: Case, operator: str, service: str, location: Location, at: float
    ) -> Planned:
        """Return what works say of a case that is named so, at a time in seconds.

        Works explain it if it began in their time, and is of their operator, service and place. Of
        several, those that end last do.
        """
        if self._works is None:
            return Planned()
        fitting = [
            work
            for work in self._at_onset(case.started[0])
            if work.operator in ("", operator)
            and _same_service(work, case, service)
            and _holds(work, location)
        ]
        if not fitting:
            return Planned("none")
        work = max(fitting, key=lambda work: (work.end, work.reference))
        over = at >= self._overrun_at(work.end)
        return Planned(
            "overrun" if over else "matching",
            work.reference or None,
            work.end,
            _whole(work, case, location),
        )

    def _overrun_at(self, end: datetime) -> float:
        return end.timestamp() + 60.0 * self._settings.overrun_minutes

    def overruns_at(self, planned: Planned, after: float) -> float:
        """Return when works will have overrun, in seconds; infinity if not after a time."""
        if planned.until is None:
            return inf
        at = self._overrun_at(planned.until)
        return at if at > after else inf

    def mutes(self, planned: Planned) -> bool:
        """Whether an incident is not told for now."""
        return self._holds_back(planned, "mute")

    def severity(self, severity: Severity, planned: Planned) -> Severity:
        """Return how big an incident is in the light of works."""
        return _LOWER.get(severity, severity) if self._holds_back(planned, "lower") else severity

    def _holds_back(self, planned: Planned, action: str) -> bool:
        return self._settings.action == action and planned.state == "matching" and planned.whole

    def reasons(self, planned: Planned, at: float) -> list[str]:
        """Say what works speak for or against an incident."""
        if planned.until is None:
            return []
        near = abs(planned.until.timestamp() - at) < 86400
        end = planned.until.astimezone(self._zone)
        until = f"{end:%H:%M %Z}" if near else f"{end:%Y-%m-%d %H:%M %Z}"
        works = f"planned works {planned.reference or ''}".strip()
        if planned.state == "overrun":
            return [f"{works} were to end at {until}, and have overrun"]
        lowered = self._holds_back(planned, "lower")
        so = ", so its severity is a step lower, at least warning" if lowered else ""
        return [f"against: {works} explain it until {until}{so}"]


def changes(then: Planned, now: Planned) -> tuple[list[str], bool]:
    """Return what differs from what was last told of works, and whether it is a rise.

    It is one where works explain an incident no longer.
    """
    if then.state != now.state:
        rise = now.state == "overrun" or then.state == "matching"
        return [f"planned {then.state} -> {now.state}"], rise
    if then.reference != now.reference:
        before, after = (planned.reference or "unnamed" for planned in (then, now))
        return [f"planned works {before} -> {after}"], False
    return [], False


def _same_service(work: Work, case: Case, service: str) -> bool:
    """Whether works may be why people complain of a service.

    Where few say which, that of the works must be among them, if any is; counts that name none
    are of all services.
    """
    if work.service in ("", service):
        return True
    named = case.services.keys() - {UNKNOWN}
    return service == UNKNOWN and bool(case.services) and (not named or work.service in named)


def _holds(work: Work, location: Location) -> bool:
    return work.location is None or work.location.holds(location)


def _whole(work: Work, case: Case, where: Location) -> bool:
    """Whether nothing of a case seems to lie outside of works that explain it.

    Most of its people must say that they are there, and no other service fail for several.
    """
    there = _holds(work, where.path[-1]) or (
        _holds(work, where) and case.unplaced <= sum(case.places.values())
    )
    several = max(_SEVERAL, _SHARE * case.services[work.service])
    others = [n for name, n in case.services.items() if name not in (UNKNOWN, work.service)]
    return there and (not work.service or max(others, default=0) < several)
