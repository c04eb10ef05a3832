"""How sure and how big: the level and the severity of an incident.

In: what is known of an incident. Out: one of the levels, one of ITU-T X.733's severities.
Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from outagewatch.records import Excess, Level, Location, Severity

MANY_PEOPLE = 20
RANK: dict[str, int] = {"possible": 0, "probable": 1, "strong": 2}
SEVERITY_RANK: dict[str, int] = {"warning": 0, "minor": 1, "major": 2, "critical": 3}
_TWO_SERVICES = 2  # people of each it takes for two services to fail at once


def level_of(excess: Excess, false_alarms_per_week: float, *, corroborated: bool = False) -> Level:
    """Return how sure an excess is.

    Without evidence of more than one thread, after a gap in the recording, for a slow burn of which
    nothing else speaks, and where several operators add up and none stands out, it stays
    ``possible``.
    """
    if (excess.slow and not corroborated) or excess.scattered:
        return "possible"
    recurrence = min(excess.recurrence_hours, excess.evidence_recurrence_hours)
    if excess.after_gap or recurrence < 168.0 / false_alarms_per_week:
        return "possible"
    if recurrence >= max(8760.0, 1680.0 / false_alarms_per_week):
        return "strong"
    return "probable"


def severity_of(
    level: Level, location: Location, services: Mapping[str, int], people: int
) -> Severity:
    """Return how big an incident is, the first that fits.

    Parameters
    ----------
    level
        How sure it is.
    location
        Where it is.
    services
        People by service.
    people
        People in all.
    """
    if level == "possible":
        return "warning"
    named = [n for name, n in services.items() if name not in ("any", "unknown")]
    together = services.get("any", 0) >= _TWO_SERVICES
    if (
        location.kind in ("country", "region", "any")
        or people >= MANY_PEOPLE
        or together
        or sum(n >= _TWO_SERVICES for n in named) > 1
        or services.get("emergency_calls", 0) > 0
    ):
        return "major"
    return "minor"
