"""The way of a post, whole: posts in, changes of incidents out.

``replay`` runs it, as every command will: they differ in source and clock only.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from outagewatch.assets import complaint_arrays, gazetteer_rows
from outagewatch.clock import EventClock
from outagewatch.count.counter import Counter
from outagewatch.detect.detector import Detector
from outagewatch.detect.gaps import Gaps
from outagewatch.detect.why import Why
from outagewatch.enrich.complaint import ComplaintModel
from outagewatch.enrich.enricher import Enricher
from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.enrich.location import Locator
from outagewatch.errors import ConfigurationError, OutagewatchError, SourceError, UsageError
from outagewatch.incident.severity import level_of
from outagewatch.incident.tracker import Tracker
from outagewatch.incident.works import Plan
from outagewatch.records import (
    Batch,
    Block,
    Change,
    Complaint,
    Gap,
    Incident,
    Level,
    Location,
    Post,
    Score,
    Signal,
    Work,
)
from outagewatch.settings import Settings
from outagewatch.sources.files import Input
from outagewatch.sources.times import TimeStyle
from outagewatch.sources.works import read_works

BUCKET_SECONDS = 60.0
SILENT_SECONDS = 3600.0  # without a post, after which a quiet board means nothing
_FILE = "file"


@dataclass(slots=True)
class Totals:
    """What a run has seen."""

    posts: int = 0
    late: int = 0
    complaints: int = 0
    located: int = 0
    duplicates: int = 0
    gaps: list[Gap] = field(default_factory=list)
    first: float | None = None
    last: float | None = None

    @property
    def weeks(self) -> float:
        """Weeks that were recorded: the span less its gaps."""
        if self.first is None or self.last is None:
            return 0.0
        missing = sum((gap.end - gap.start) * BUCKET_SECONDS for gap in self.gaps)
        return max(self.last - self.first - missing, 0.0) / (7 * 86400)


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a signal is told of, or is not."""

    why: Why
    level: Level | None  # that it has by itself
    incident: Incident | None  # open, and related to it
    silent: bool  # whether no post at all came lately


def load_gazetteer(settings: Settings) -> Gazetteer:
    """Return the places of a profile's countries; none but the whole where places are not read."""
    return _gazetteer(tuple(settings.countries), places=settings.places)


@lru_cache(maxsize=4)
def _gazetteer(countries: tuple[str, ...], *, places: bool) -> Gazetteer:
    collects = gc.isenabled()
    gc.disable()  # a hundred thousand objects that stay: looking for garbage takes half the time
    try:
        rows = gazetteer_rows()
        if not places:
            rows = [row for row in rows if row[1] == "country"]
        return Gazetteer(rows, countries)
    finally:
        if collects:
            gc.enable()


def areas_of(settings: Settings, gazetteer: Gazetteer) -> dict[str, tuple[Location, ...]]:
    """Return the places of one's own areas, by their names.

    Raises
    ------
    ConfigurationError
        If an area names a place that there is not.
    """
    found: dict[str, tuple[Location, ...]] = {}
    for name, area in settings.areas.items():
        ids = [f"FR-{number.upper()}" for number in area.departments] + area.locations
        for place_id in ids:
            if settings.places and gazetteer.get(place_id) is None:
                raise ConfigurationError(
                    f"areas.{name}: no place {place_id!r} in profile {settings.profile}; "
                    "expected ids such as FR-BRE, FR-29, GB-ENG or US-TX"
                )
        places = (gazetteer.get(place_id) for place_id in ids)
        found[name] = tuple(place for place in places if place is not None)
    return found


def works_of(settings: Settings, gazetteer: Gazetteer) -> list[Work] | None:
    """Return the planned works of the configured file; None where none is configured.

    Raises
    ------
    ConfigurationError
        If the file cannot be read, or a row of it.
    """
    planned = settings.planned
    if planned.file is None:
        return None
    try:
        return read_works(
            Input(Path(planned.file), planned.file),
            Locator(gazetteer, frozenset()).field,
            operators=list(settings.operators),
            services=list(settings.services),
            times=TimeStyle(ZoneInfo(planned.timezone) if planned.timezone else None),
        )
    except (UsageError, SourceError) as error:
        raise ConfigurationError(f"planned.file: {error}") from error


def load_model(settings: Settings) -> ComplaintModel | None:
    """Return the complaint model; None where the profile counts by keywords."""
    return None if settings.counting == "keywords" else _model()


@lru_cache(maxsize=1)
def _model() -> ComplaintModel:
    try:
        return ComplaintModel.from_arrays(*complaint_arrays())
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"complaint model: {error}; run outagewatch train again, or take it away"
        ) from error


class Pipeline:
    """The stages of one run.

    Parameters
    ----------
    settings
        The profile with the user's settings.
    level
        The lowest level of incidents that is told.
    keep
        Which complaints are counted; None for all.
    on_scores
        Takes the scores of each closed bucket: of the signals in which something was observed,
        or with ``scores_all`` of all.
    on_block
        Takes each closed bucket, before it is scored.
    gazetteer, model
        Places and complaint model; None to load those that ship.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        level: Level = "probable",
        keep: Callable[[Complaint], bool] | None = None,
        on_scores: Callable[[list[Score]], None] | None = None,
        scores_all: bool = False,
        on_block: Callable[[Block], None] | None = None,
        gazetteer: Gazetteer | None = None,
        model: ComplaintModel | None = None,
        step_seconds: float = BUCKET_SECONDS,
    ) -> None:
        self.settings = settings
        self.gazetteer = gazetteer or load_gazetteer(settings)
        self.step = step_seconds
        self.totals = Totals()
        self._keep = keep
        self._on_scores = on_scores
        self._scores_all = scores_all
        self._on_block = on_block
        self._model = model
        self._enricher: Enricher | None = None
        self._clock = EventClock(settings.clock.allowed_lateness, step_seconds)
        self._counter = Counter(step_seconds, 60.0 * settings.detect.vote_minutes)
        self._gaps = Gaps(self.gazetteer.root.timezone, step_seconds)
        self._pending_gaps: list[tuple[int, int]] = []
        self._detector = Detector(
            settings.detect, step_seconds, tuple(settings.operators), places=settings.places
        )
        self._tracker = Tracker(
            settings.incident,
            false_alarms_per_week=settings.detect.false_alarms_per_week,
            own=settings.board.own,
            areas=areas_of(settings, self.gazetteer),
            plan=Plan(
                works_of(settings, self.gazetteer), settings.planned, ZoneInfo(settings.timezone)
            ),
            level=level,
            step_seconds=step_seconds,
            usual=self._detector.usual,
            placed=self._detector.placed,
        )

    @property
    def detector(self) -> Detector:
        """The stage that says what stands out, to tune it and to ask it why."""
        return self._detector

    @property
    def enricher(self) -> Enricher:
        """The stage that reads posts, made when first needed: counts need none."""
        if self._enricher is None:
            model = self._model or load_model(self.settings)
            self._enricher = Enricher(self.settings, self.gazetteer, model)
        return self._enricher

    def run(self, batches: Iterable[Batch], *, as_arrived: bool = False) -> Iterator[Change]:
        """Take posts in, and yield what happens to incidents, in order of event time."""
        for batch in batches:
            posts = self._on_time(batch, as_arrived=as_arrived)
            complaints = self.enricher.enrich(posts)
            if self._keep is not None:
                complaints = [c for c in complaints if self._keep(c)]
            yield from self.take(complaints, self._clock.watermark)

    def take(self, complaints: Iterable[Complaint], watermark: float) -> Iterator[Change]:
        """Take in posts that have been read, and close what ended by a time, in seconds."""
        self._counter.add(complaints)
        yield from self._close(watermark)

    def forget_totals(self) -> None:
        """Begin to count anew: what was seen so far was only to learn from."""
        self.totals = Totals()

    def finish(self) -> Iterator[Change]:
        """Close what is open as the stream has ended: time passes to the end of its last bucket."""
        if self.totals.last is not None:
            yield from self._close((self.totals.last // self.step + 1) * self.step)

    def why(self, signal: Signal, at: float) -> Answer:
        """Say how a signal looks at the end of a bucket, in seconds, after all that is to be read.

        Raises
        ------
        OutagewatchError
            If there are too many signals to look at one more.
        """
        for _ in self._close(at):
            pass
        self._detector.reset(self._tracker.closed_signals())
        why = self._detector.why(signal, int(at // self.step) - 1)
        if why is None:
            raise OutagewatchError(f"{signal.subject}: nobody spoke in it, and too many are known")
        per_week = self.settings.detect.false_alarms_per_week
        reached = why.stands_out and not why.needed["possible"].missing
        last = self.totals.last
        return Answer(
            why,
            level_of(why.excess, per_week) if reached else None,
            self._tracker.open_for(signal, at),
            silent=last is None or at - last > SILENT_SECONDS,
        )

    def run_counts(self, blocks: Iterable[Block], *, roll_up: bool = False) -> Iterator[Change]:
        """Take counts in, by bucket, oldest first; with ``roll_up`` for all that holds them too."""
        newest: int | None = None
        for block in blocks:
            if self._scores_all and newest is not None:
                for bucket in range(newest + 1, block.bucket):
                    yield from self._block(Block(bucket))
            newest = block.bucket
            at = block.bucket * self.step
            self.totals.complaints += round(sum(block.counts.values()))
            self._seen(at, at)
            yield from self._block(self._counter.rolled_up(block) if roll_up else block)
        yield from self.finish()

    def _on_time(self, batch: Batch, *, as_arrived: bool) -> list[Post]:
        """Move the clock over a batch, and return its posts that are not late."""
        posts, times = batch.posts, np.array(batch.times)
        if not posts:
            return posts
        self.totals.posts += len(posts)
        self._seen(float(times.min()), float(times.max()))
        if not as_arrived:
            late = self._clock.advance(_FILE, times, times)
        else:
            late = self._advance_as_arrived(posts, times)
        self._find_gaps(times[~late] if late.any() else times)
        if late.any():
            self.totals.late += int(late.sum())
            posts = [
                post for post, is_late in zip(posts, late.tolist(), strict=True) if not is_late
            ]
        return posts

    def _advance_as_arrived(self, posts: list[Post], times: np.ndarray) -> np.ndarray:
        received = np.array(
            [p.received_at.timestamp() if p.received_at is not None else -np.inf for p in posts]
        )
        moves = np.maximum(times, received)
        sources = [post.source or _FILE for post in posts]
        late = np.zeros(len(posts), bool)
        for source in dict.fromkeys(sources):
            of_source = np.array([name == source for name in sources])
            late[of_source] = self._clock.advance(source, times[of_source], moves[of_source])
        return late

    def _find_gaps(self, times: np.ndarray) -> None:
        for gap in self._gaps.observe(times):
            self.totals.gaps.append(gap)
            heapq.heappush(self._pending_gaps, (gap.end, gap.start))

    def _seen(self, first: float, last: float) -> None:
        totals = self.totals
        totals.first = first if totals.first is None else min(first, totals.first)
        totals.last = last if totals.last is None else max(last, totals.last)

    def _close(self, watermark: float) -> Iterator[Change]:
        for block in self._counter.close(watermark):
            yield from self._pass_gaps(block.bucket)
            yield from self._block(block)
        if watermark > 0:
            bucket = int(watermark // self.step)
            yield from self._pass_gaps(bucket)
            yield from self._tracker.advance(bucket * self.step)
        self.totals.duplicates = self._counter.n_duplicates

    def _pass_gaps(self, bucket: int) -> Iterator[Change]:
        """Let the gaps pass that end at or before a bucket."""
        while self._pending_gaps and self._pending_gaps[0][0] <= bucket:
            end, start = heapq.heappop(self._pending_gaps)
            yield from self._tracker.advance(start * self.step)
            self._tracker.gap(Gap(start, end))
            self._detector.gap(Gap(start, end))

    def _block(self, block: Block) -> Iterator[Change]:
        yield from self._tracker.advance(block.bucket * self.step)
        self._tracker.hear(block)
        if block.is_talk:
            return
        if self._on_block is not None:
            self._on_block(block)
        self.totals.complaints += len(block.complaints)
        self.totals.located += sum(complaint.located for complaint in block.complaints)
        if not block.counts and not self._scores_all:  # nobody complained: nothing to score
            yield from self._tracker.update(block, ())
            return
        self._detector.reset(self._tracker.closed_signals())
        excesses = self._detector.score(block)
        if self._on_scores is not None:
            self._on_scores(self._detector.rows(block, everything=self._scores_all))
        yield from self._tracker.update(block, excesses)
        for signal, bucket in self._tracker.opened_signals():
            self._detector.opened(signal, bucket)
        self._detector.learn(
            block, frozen=self._tracker.open_signals(), reset=self._tracker.closed_signals()
        )
