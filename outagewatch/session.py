"""One replay: its files opened, its pipeline built, its summary told."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from outagewatch.clock import wall_clock
from outagewatch.detect.detector import Detector
from outagewatch.detect.peaks import Tail
from outagewatch.errors import OutagewatchError, UsageError, nearest
from outagewatch.pipeline import BUCKET_SECONDS, Answer, Pipeline, load_gazetteer
from outagewatch.records import (
    ANY,
    UNKNOWN,
    Batch,
    Block,
    Change,
    Complaint,
    Level,
    Location,
    Post,
    Score,
    Signal,
)
from outagewatch.settings import Settings
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.counts import read_counts
from outagewatch.sources.files import ReadOptions, find_input
from outagewatch.sources.order import as_arrived, in_order
from outagewatch.sources.times import AHEAD_SECONDS, read_time
from outagewatch.state import kept

THRESHOLDS = "thresholds"  # what they are kept as in a state file
OnScores = Callable[[list[Score]], None]
Prepare = Callable[[Detector], None]


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What a replay reads, and what of it counts."""

    paths: list[str]
    since: str | None = None
    until: str | None = None
    operators: list[str] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)
    warm_up: list[str] = field(default_factory=list)
    as_arrived: bool = False
    strict: bool = False
    timezone: str | None = None
    dayfirst: bool | None = None
    columns: dict[str, str] = field(default_factory=dict)
    step: int | None = None
    roll_up: bool = False
    level: Level = "probable"
    state: str | None = None  # file whose tuned thresholds are used


class Session:
    """A replay from its files to its changes; a context, as it keeps temporary files.

    Parameters
    ----------
    settings
        The profile with the user's settings.
    options
        What is read, and what of it counts.
    on_block
        Takes each closed bucket.
    pace
        Hands batches on in its own time.
    """

    def __init__(
        self,
        settings: Settings,
        options: ReplayOptions,
        *,
        on_block: Callable[[Block], None] | None = None,
        pace: Callable[[Iterator[Batch]], Iterator[Batch]] | None = None,
    ) -> None:
        self.settings = settings
        self.options = options
        self._on_block = on_block
        self._pace = pace
        self.tally = Tally(strict=options.strict)
        self.gazetteer = load_gazetteer(settings)
        self.pipeline: Pipeline | None = None
        self.phase = 0.0
        self._incidents: set[str] = set()
        self._since = _time("--since", options.since)
        self._until = _time("--until", options.until)
        self._locations = [self._location(text) for text in options.locations]
        self._check_operators()
        latest = wall_clock().timestamp() + AHEAD_SECONDS
        if options.timezone is not None:
            _zone(options.timezone)
        self._read = ReadOptions(latest, options.columns, options.timezone, options.dayfirst)

    def __enter__(self) -> Self:
        """Make room for temporary files."""
        self._folder = tempfile.TemporaryDirectory(prefix="outagewatch-")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove temporary files."""
        self._folder.cleanup()

    def _check_operators(self) -> None:
        known = list(self.settings.operators)
        for name in self.options.operators:
            if name not in known:
                hint = nearest(name.lower(), known)
                raise UsageError(
                    f"--operator: no operator {name!r} in profile {self.settings.profile}; "
                    f"{hint}there are {', '.join(known) or 'none'}"
                )

    def _location(self, text: str, option: str = "--location") -> Location:
        from outagewatch.enrich.location import Locator

        place = self.gazetteer.get(text) or Locator(self.gazetteer, frozenset()).field(text)
        if place is None:
            hint = self._nearest_place(text)
            raise UsageError(
                f"{option}: no place {text!r}, or several of that name; "
                f"{hint}expected an id such as FR-34, or a name with its region"
            )
        return place

    def _nearest_place(self, text: str) -> str:
        """Return a question that names the place written most alike, or nothing."""
        from outagewatch.enrich.gazetteer import place_words
        from outagewatch.enrich.normalise import normalise

        if text.isupper():
            return nearest(text, [p.id for p in self.gazetteer.locations if p.kind != "city"])
        return nearest(" ".join(place_words(normalise([text]))), list(self.gazetteer.names))

    def signal(self, text: str, option: str = "--signal") -> Signal:
        """Read a signal such as ``free/any/FR-34``.

        Raises
        ------
        UsageError
            If it is none, or names what the profile does not have.
        """
        parts = [part.strip() for part in text.split("/", 2)]
        if len(parts) != 3 or not all(parts):
            raise UsageError(
                f"{option}: expected operator/service/place such as free/any/FR-34, got {text!r}"
            )
        operator, service, place = parts
        return Signal(
            self._name(option, "operator", operator, list(self.settings.operators)),
            self._name(option, "service", service, list(self.settings.services)),
            self.gazetteer.root if place.lower() == ANY else self._location(place, option),
        )

    def _name(self, option: str, kind: str, text: str, known: list[str]) -> str:
        name = text.lower()
        if name == UNKNOWN:
            raise UsageError(f"{option}: unknown is never tested alone; its excess shows at any")
        found = {ANY: ANY, **{word.lower(): word for word in known}}.get(name)
        if found is None:
            hint = nearest(name, known)
            raise UsageError(
                f"{option}: no {kind} {text!r} in profile {self.settings.profile}; "
                f"{hint}there are any, {', '.join(known)}"
            )
        return found

    def why(self, signal: Signal) -> Answer | None:
        """Say how a signal looks where ``until`` cuts the posts; None where none come before.

        Raises
        ------
        ValueError
            If ``until`` is not said.
        """
        if self._until is None:
            raise ValueError("until is not said")
        for _ in self.posts():
            pass
        pipeline = self.pipeline
        if pipeline is None or pipeline.totals.first is None:
            return None
        return pipeline.why(signal, self._until)

    def _keeps(self, complaint: Complaint) -> bool:
        operators = self.options.operators
        return (not operators or complaint.operator in operators) and (
            not self._locations or any(p.holds(complaint.location) for p in self._locations)
        )

    def _build(self, on_scores: OnScores | None, *, scores_all: bool, step: float) -> Pipeline:
        filtered = bool(self.options.operators or self._locations)
        self.pipeline = Pipeline(
            self.settings,
            level=self.options.level,
            keep=self._keeps if filtered else None,
            on_scores=on_scores,
            scores_all=scores_all,
            on_block=self._on_block,
            gazetteer=self.gazetteer,
            step_seconds=step,
        )
        if self.options.state is not None:
            self.pipeline.detector.budget.tune(tuned(Path(self.options.state), self.settings))
        return self.pipeline

    def posts(
        self,
        on_scores: OnScores | None = None,
        *,
        scores_all: bool = False,
        prepare: Prepare = lambda _: None,
    ) -> Iterator[Change]:
        """Replay posts; what ``prepare`` does to the detector comes first."""
        muted = _Muted(on_scores)
        pipeline = self._build(muted if on_scores else None, scores_all=scores_all, step=60.0)
        prepare(pipeline.detector)
        main = self._batches(self.options.paths)
        if self._pace is not None:
            main = self._pace(main)
        first = next(main, None)
        if first is not None:
            main = _again(first, main)
            if self.options.warm_up:
                muted.on = False
                until = min(first.times)
                for _ in pipeline.run(_cut(self._batches(self.options.warm_up), None, until)):
                    pass
                pipeline.forget_totals()
                muted.on = True
            yield from self._noted(pipeline.run(main, as_arrived=self.options.as_arrived))
        yield from self._noted(pipeline.finish())

    def _batches(self, paths: list[str]) -> Iterator[Batch]:
        folder = Path(self._folder.name)
        inputs = [find_input(path, folder) for path in paths]
        size = self.settings.pipeline.batch_size
        if self.options.as_arrived:
            found = as_arrived(inputs, self._read, self.tally, size)
        else:
            found = in_order(inputs, self._read, self.tally, folder, size)
        yield from _cut(found, self._since, self._until)

    def counts(
        self,
        on_scores: OnScores | None = None,
        *,
        scores_all: bool = False,
        prepare: Prepare = lambda _: None,
    ) -> Iterator[Change]:
        """Replay counts; what ``prepare`` does to the detector comes first.

        Raises
        ------
        UsageError
            If there is more than one file.
        """
        if len(self.options.paths) != 1 or self.options.warm_up:
            raise UsageError("--format counts: expected one file, which is its own warm-up")
        source = find_input(self.options.paths[0], Path(self._folder.name))
        table = read_counts(
            source,
            lambda text: self._known(text),
            self.tally,
            options=self._read,
            step=self.options.step,
        )
        self.phase = table.phase
        pipeline = self._build(on_scores, scores_all=scores_all, step=float(table.step))
        prepare(pipeline.detector)
        blocks = self._kept_blocks(table.blocks(), table.step)
        yield from self._noted(pipeline.run_counts(blocks, roll_up=self.options.roll_up))

    def _known(self, text: str) -> Location | None:
        from outagewatch.enrich.location import Locator

        if not text or text == "any":
            return self.gazetteer.root
        return self.gazetteer.get(text) or Locator(self.gazetteer, frozenset()).field(text)

    def _kept_blocks(self, blocks: Iterable[Block], step: int) -> Iterator[Block]:
        for block in blocks:
            at = block.bucket * step + self.phase
            if (self._since is not None and at < self._since) or (
                self._until is not None and at >= self._until
            ):
                continue
            counts = {
                signal: count
                for signal, count in block.counts.items()
                if (not self.options.operators or signal.operator in self.options.operators)
                and (not self._locations or any(p.holds(signal.location) for p in self._locations))
            }
            yield Block(block.bucket, counts=counts)

    def _noted(self, changes: Iterable[Change]) -> Iterator[Change]:
        for change in changes:
            self._incidents.add(change.incident.id)
            yield change

    def reads(self, path: Path) -> bool:
        """Whether a file is one that this session reads."""
        named = [*self.options.paths, *self.options.warm_up]
        return path.exists() and any(
            Path(name).exists() and path.samefile(name) for name in named if name != "-"
        )

    def summary(self) -> str:
        """Say in one line what was read and found."""
        totals = self.pipeline.totals if self.pipeline is not None else None
        if totals is None or totals.first is None:
            return f"no posts were read; {self.tally.n_bad} bad lines"
        parts = [f"{totals.posts:,} posts" if totals.posts else f"{self.tally.n_posts:,} counts"]
        parts.append(f"{totals.weeks:.1f} weeks")
        if totals.gaps:
            parts.append(f"{len(totals.gaps)} gaps left out")
        parts.append(f"{totals.complaints:,} complaints")
        if totals.posts:
            parts.append(f"{totals.located:,} with a place")
            parts.append(f"{totals.duplicates:,} duplicates")
            parts.append(f"{totals.late:,} late")
        parts.append(f"{self.tally.n_bad:,} bad lines")
        if self.tally.n_doubled_hour:
            parts.append(f"{self.tally.n_doubled_hour:,} in the doubled hour of autumn")
        parts.append(f"{len(self._incidents)} incidents")
        return ", ".join(parts)


def posts_of(
    path: str,
    settings: Settings,
    *,
    strict: bool = False,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    dayfirst: bool | None = None,
) -> Iterator[list[Post]]:
    """Return the posts of a file in its own order, in batches."""
    if timezone is not None:
        _zone(timezone)
    options = ReadOptions(
        wall_clock().timestamp() + AHEAD_SECONDS, columns or {}, timezone, dayfirst
    )
    size = settings.pipeline.batch_size
    with tempfile.TemporaryDirectory(prefix="outagewatch-") as folder:
        inputs = [find_input(path, Path(folder))]
        for batch in as_arrived(inputs, options, Tally(strict=strict), size):
            yield batch.posts


def tuned(path: Path, settings: Settings) -> list[Tail | None]:
    """Return the thresholds that a state file keeps; none if it keeps none.

    Raises
    ------
    OutagewatchError
        If they are of another profile.
    """
    found = kept(path, THRESHOLDS)
    if found is None:
        return []
    if found["profile"] != settings.profile:
        raise OutagewatchError(
            f"{path}: its thresholds are of profile {found['profile']}, not {settings.profile}; "
            "outagewatch tune fits them anew"
        )
    return [None if tail is None else Tail(*tail) for tail in found["tails"]]


class _Muted:
    """Hands scores on, but not while the past is learned from."""

    def __init__(self, on_scores: OnScores | None) -> None:
        self._on_scores = on_scores
        self.on = True

    def __call__(self, scores: list[Score]) -> None:
        if self.on and self._on_scores is not None:
            self._on_scores(scores)


def _cut(batches: Iterable[Batch], since: float | None, until: float | None) -> Iterator[Batch]:
    """Leave out posts before and from given times, seconds since the epoch."""
    if since is None and until is None:
        yield from batches
        return
    low = since if since is not None else float("-inf")
    high = until if until is not None else float("inf")
    for posts, times in batches:
        kept = [i for i, at in enumerate(times) if low <= at < high]
        if kept:
            yield Batch([posts[i] for i in kept], [times[i] for i in kept])


def _again(first: Batch, rest: Iterable[Batch]) -> Iterator[Batch]:
    yield first
    yield from rest


def end_of_bucket(option: str, text: str) -> datetime:
    """Return the end of the last bucket of posts that is closed at a time.

    Raises
    ------
    UsageError
        If the text is no time.
    """
    at = _time(option, text) or 0.0
    return datetime.fromtimestamp(at // BUCKET_SECONDS * BUCKET_SECONDS, UTC)


def _time(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        at: datetime = read_time(text)
    except UnreadableError as error:
        raise UsageError(
            f"{option}: expected a time such as 2026-01-05T07:00Z, got {text!r}"
        ) from error
    return at.timestamp()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"--timezone: expected a zone such as Europe/Paris, got {name!r}"
        ) from error
