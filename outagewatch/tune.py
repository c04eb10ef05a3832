"""Fit thresholds to a history: how often its scores were reached, and what it then takes to alert.

In: recorded posts or counts. Out: the tail of scores at each level of place, kept in a state file;
and what an alert takes, in words. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outagewatch.detect.baseline import LEVELS
from outagewatch.detect.detector import Detector
from outagewatch.detect.peaks import FEWEST, Peaks, Tail
from outagewatch.detect.rhythm import Zone, local_hour
from outagewatch.errors import OutagewatchError
from outagewatch.records import ANY, Signal
from outagewatch.session import THRESHOLDS, Session
from outagewatch.settings import Settings
from outagewatch.state import keep

FLOOR_MINUTES = 10.0
FLOOR_HOURS = (3, 18)  # local, that floors are told for
_WORDS = {
    "country": "in the country", "region": "in a region", "department": "in one département",
    "city": "in a town",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a history has shown."""

    weeks: float  # that it had, once what is usual was known
    tails: list[Tail | None]  # one a level of place
    floors: list[str]  # what an alert takes, in words


def tune(session: Session, *, counts: bool = False) -> Tuned:
    """Replay a history, and fit thresholds to what it had by chance.

    Raises
    ------
    OutagewatchError
        If the history is too short to tell.
    """
    changes = session.counts(prepare=_begin) if counts else session.posts(prepare=_begin)
    for _ in changes:
        pass
    pipeline = session.pipeline
    peaks = pipeline.detector.peaks if pipeline is not None else None
    if pipeline is None or peaks is None:
        raise OutagewatchError("tune: nothing was read")
    budget = pipeline.detector.budget
    weeks = pipeline.totals.weeks - session.settings.detect.young_hours / 168
    tails = peaks.tails(weeks, budget.shares) if weeks > 0 else []
    if not any(tails):
        raise OutagewatchError(
            f"tune: {max(weeks, 0.0):.1f} weeks with {len(peaks)} hours in which several people "
            f"spoke are too little to fit thresholds to; expected {FEWEST} at a level of place. "
            "Those without a history stay in use"
        )
    budget.tune(tails)
    return Tuned(weeks, tails, list(floors(pipeline.detector, session.settings)))


def _begin(detector: Detector) -> None:
    detector.peaks = Peaks()


def save(path: Path, settings: Settings, found: Tuned) -> None:
    """Keep thresholds in a state file."""
    keep(
        path,
        THRESHOLDS,
        {"profile": settings.profile, "weeks": found.weeks, "tails": found.tails},
    )


def floors(detector: Detector, settings: Settings) -> Iterator[str]:
    """Say what it takes to alert, for a usual signal at each level of place."""
    baseline = detector.baseline
    signals = [s for s in baseline.signals if s.service == ANY]
    operators = [s for s in signals if s.operator != ANY] or signals
    newest = detector.hour
    for kind in LEVELS:
        of_kind = [
            s for s in operators if s.location.kind in (kind, ANY if kind == "country" else kind)
        ]
        if not of_kind:
            continue
        of_kind.sort(key=lambda s: (baseline.mean[baseline.rows[s]], s.key))
        usual = of_kind[-1] if kind == "country" else of_kind[len(of_kind) // 2]
        needed = [
            detector.floor(usual, _next(newest, of_day, usual), FLOOR_MINUTES)
            for of_day in FLOOR_HOURS
        ]
        yield (
            f"{_WORDS[kind]} ({usual.subject}): at {FLOOR_HOURS[0]:02}:00 {needed[0]} people in "
            f"{FLOOR_MINUTES:.0f} minutes raise an alert; at {FLOOR_HOURS[1]}:00, {needed[1]}"
        )


def _next(hour: int, of_day: int, signal: Signal) -> int:
    """Return the next hour since the epoch that is that of the day where a signal is."""
    zone = Zone(signal.location.timezone or "UTC")
    return next(h for h in range(hour, hour + 49) if local_hour(zone, h)[0] == of_day)
