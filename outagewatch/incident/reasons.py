"""Say in short sentences what speaks for an incident, and what against.

In: a case. Out: sentences. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from outagewatch.incident.case import Case
from outagewatch.records import Excess

_UNITS = ((8760.0, "year"), (720.0, "month"), (168.0, "week"), (24.0, "day"), (1.0, "hour"))


def usual(expected: float) -> str:
    """Say how many people are usual, as a range without decimals.

    Examples
    --------
    >>> usual(0.04), usual(4.0)
    ('0-1', '1-7')
    """
    low = max(0, round(expected - 1.64 * expected**0.5))
    high = max(1, round(expected + 1.64 * expected**0.5))
    return f"{low}-{high}"


def how_often(hours: float) -> str:
    """Say how often something happens by chance, in words.

    Examples
    --------
    >>> how_often(840.0), how_often(1e9)
    ('about once in 5 weeks', 'less than once in 100 years')
    """
    if hours >= 100 * 8760:
        return "less than once in 100 years"
    for length, name in _UNITS:
        if hours >= 1.5 * length:
            return f"about once in {round(hours / length)} {name}s"
    return "more than once an hour" if hours < 0.75 else "about once an hour"


def reasons_for(
    case: Case,
    excess: Excess,
    *,
    minutes: int,
    false_alarms_per_week: float,
    echo: Sequence[str] = (),
) -> list[str]:
    """Return what speaks for a case, then what speaks against it, and what makes it an echo."""
    people = round(excess.observed)
    found = [
        f"{people} people in {minutes} min where {usual(excess.expected)} are usual",
        f"by chance {how_often(excess.recurrence_hours)} on the whole board",
    ]
    if case.said:
        found.append(f"{len(case.said)} say since when it fails")
    if case.trackers:
        found.append(f"{len(case.trackers)} reports of outage trackers agree")
    if len(case.places) > 1:
        found.append(f"{len(case.places)} places are named")
    raised = sorted(
        name
        for name, state in excess.others.items()
        if state == "raised" and name not in case.operators
    )
    if raised:
        found.append(f"other operators are raised too: {', '.join(raised)}")
    if excess.slow:
        found.append("against: slow: no single hour stands out, only the last three together")
    if excess.scattered:
        found.append("against: people of several operators add up, none stands out by itself")
    if excess.warming_up:
        found.append("against: what is usual is not yet well known")
    if excess.after_gap:
        found.append("against: the recording has only just begun or resumed")
    if not case.places:
        found.append("against: nobody says where")
    if excess.evidence < excess.observed:
        largest = round(excess.observed - excess.evidence / 2)
        found.append(f"against: {largest} of {people} people are in one thread")
    found += echo
    if excess.recurrence_hours < 168.0 / false_alarms_per_week:
        found.append("against: chance alone does this more often than was asked for")
    if case.restored:
        found.append(f"{case.restored} say that it is back")
    return found
