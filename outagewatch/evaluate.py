"""Hold incidents against what is known to have happened.

In: incidents as first told, outages. Out: which incident is of which outage. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from outagewatch.records import ANY, UNKNOWN, Incident, Location, Outage

EARLY = timedelta(minutes=5)  # before a known start that an incident may be told
AFTER = timedelta(minutes=30)  # after a known end that it may
_OPEN = timedelta(hours=6)  # an outage without a known end is taken to last


def match(incidents: Iterable[Incident], outages: Sequence[Outage]) -> dict[str, Incident]:
    """Return the incident of each outage that was found, by the outage's id: one to one.

    The earliest outage takes the earliest incident that fits it by time, operator and place.
    """
    left = sorted(incidents, key=lambda incident: (incident.detected_at, incident.id))
    found: dict[str, Incident] = {}
    for outage in sorted(outages, key=lambda outage: (outage.start, outage.id)):
        fitting = next((incident for incident in left if fits(incident, outage)), None)
        if fitting is not None:
            left.remove(fitting)
            found[outage.id] = fitting
    return found


def fits(incident: Incident, outage: Outage) -> bool:
    """Whether an incident may be of an outage, by time, operator and place."""
    return (
        _in_time(incident.detected_at, outage)
        and _same_operator(incident.operator, outage.operator)
        and _same_place(incident.location, outage.location)
    )


def _in_time(at: datetime, outage: Outage) -> bool:
    end = outage.end if outage.end is not None else outage.start + _OPEN
    return outage.start - EARLY <= at <= end + AFTER


def _same_operator(ours: str, theirs: str) -> bool:
    return ours == theirs or ours in (ANY, UNKNOWN) or theirs in ("", ANY, UNKNOWN)


def _same_place(ours: Location, theirs: Location | None) -> bool:
    return theirs is None or ours.holds(theirs) or theirs.holds(ours)
