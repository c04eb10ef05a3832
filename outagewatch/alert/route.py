"""Say which changes of incidents one receiver is told, and as what.

In: all changes, in order. Out: those for the receiver: the first of an incident is ``opened`` and
the last ``resolved``, whatever it asks for; one that is demoted below that is ``resolved`` for it.
Remembers the incidents it has been told of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from outagewatch.records import Change, Incident, Level, Severity

LEVELS: tuple[Level, ...] = ("possible", "probable", "strong")
SEVERITIES: tuple[Severity, ...] = ("warning", "minor", "major", "critical")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a receiver asks for; an empty list asks for all."""

    level: Level = "possible"  # the lowest
    severity: Severity = "warning"  # the lowest
    operators: Sequence[str] = ()
    services: Sequence[str] = ()
    areas: Sequence[str] = ()
    types: Sequence[str] = ()
    own_only: bool = False
    context: Sequence[str] = ()  # operators that are not ours and are told all the same
    auto_resolve: bool = True
    since: datetime | None = None  # nothing earlier is told

    def opens(self, change: Change) -> bool:
        """Whether an incident is one that the receiver is told of, as it is now."""
        incident = change.incident
        return (
            not self._is_below(incident)
            and _one_of(self.operators, incident.operator, incident.operators)
            and _one_of(self.services, incident.service, incident.services)
            and (not self.areas or bool(set(self.areas) & set(incident.areas)))
            and self._in_scope(incident)
            and (self.since is None or change.at >= self.since)
        )

    def _is_below(self, incident: Incident) -> bool:
        level, severity = LEVELS.index(incident.level), SEVERITIES.index(incident.severity)
        return level < LEVELS.index(self.level) or severity < SEVERITIES.index(self.severity)

    def demotes(self, incident: Incident) -> bool:
        """Whether an incident that was told is one no more, as it is only possible by now."""
        return incident.level == LEVELS[0] and self._is_below(incident)

    def _in_scope(self, incident: Incident) -> bool:
        if incident.scope == "own":
            return True
        shown = not self.context or bool({*incident.operators} & {*self.context})
        return not self.own_only and shown


def _one_of(wanted: Sequence[str], name: str, counted: dict[str, int]) -> bool:
    return (
        not wanted
        or name in wanted
        or (name in ("any", "unknown") and bool({*counted} & {*wanted}))
    )


def _demoted(change: Change) -> Change:
    """Return a change as the end of its incident, for who asks for more than is left of it."""
    incident = replace(
        change.incident, status="resolved", resolution="demoted", resolved_at=change.at
    )
    return Change("resolved", change.at, incident)


@dataclass(slots=True)
class Route:
    """The way of changes to one receiver."""

    wanted: Wanted
    _told: dict[str, datetime] = field(default_factory=dict)  # when first, by incident
    _demoted: set[str] = field(default_factory=set)

    def of(self, change: Change) -> Change | None:
        """Return a change as the receiver is told it, or None."""
        incident = change.incident
        known = self._told.get(incident.id)
        if known is None or incident.id in self._demoted:
            return self._open(change)
        told = replace(
            change, incident=replace(incident, detected_at=max(known, incident.detected_at))
        )
        if change.type == "updated" and self.wanted.demotes(incident):
            self._demoted.add(incident.id)
            return self._asked_for(_demoted(told))
        if change.type == "resolved":
            del self._told[incident.id]
            if not self.wanted.auto_resolve and incident.resolution == "quiet":
                return None
        return self._asked_for(told)

    def _open(self, change: Change) -> Change | None:
        """Tell of an incident that the receiver does not know as open, if it is one to be told."""
        incident = change.incident
        if change.type == "resolved":
            self._told.pop(incident.id, None)
            self._demoted.discard(incident.id)
            return None
        if not self.wanted.opens(change):
            return None
        self._demoted.discard(incident.id)
        known = self._told.setdefault(incident.id, change.at)
        first = replace(incident, detected_at=known) if change.type != "opened" else incident
        return self._asked_for(Change("opened", change.at, first))

    def _asked_for(self, change: Change) -> Change | None:
        types = self.wanted.types
        return change if not types or f"incident.{change.type}" in types else None
