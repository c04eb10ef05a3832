"""Score closed buckets: which signals stand out, how rare that is, and which one to name.

In: blocks, oldest first. Out: one excess a cause. Remembers the last hour's counts and a baseline
for each signal. A block is scored before it is learned from.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from outagewatch.detect.baseline import LEVELS, Baseline, Track, level_of
from outagewatch.detect.budget import Budget
from outagewatch.detect.glr import Window, best_window, poisson_llr
from outagewatch.detect.hierarchy import explain
from outagewatch.records import ANY, Block, Complaint, Excess, Gap, Location, Score, Signal
from outagewatch.settings import Detect

MIN_STEPS = 12  # of a window
MAX_AFTER_GAP = 60  # minutes after a gap for which the level is held down, at most
MANY_PEOPLE = 100  # an open excess of so many is looked at in every MANY_EVERY-th bucket only
MANY_EVERY = 5
START_MINUTES = 60  # after the beginning of a stream for which the level is held down
_RAISED_PEOPLE = 2  # of another operator, for it to be called raised


class Detector:
    """Finds excesses.

    Parameters
    ----------
    settings
        Budget, windows, and how the baseline learns.
    step_seconds
        Length of a bucket.
    operators
        The profile's operators, of whom each excess says how they look.
    places
        Whether places are read: the budget is then shared out over their levels.
    """

    def __init__(
        self,
        settings: Detect,
        step_seconds: float = 60.0,
        operators: Sequence[str] = (),
        *,
        places: bool = True,
    ) -> None:
        self._settings = settings
        self._step = step_seconds
        self._operators = operators
        self._length = max(round(settings.window_minutes * 60 / step_seconds), MIN_STEPS)
        self.baseline = Baseline(settings, step_seconds / 3600, self._length)
        self.budget = Budget(settings.false_alarms_per_week, len(LEVELS) if places else 1)
        self._places = places
        self._recent: deque[tuple[int, Complaint]] = deque()
        self._scored: list[tuple[Track, float, Window]] = []
        self._held: list[Signal] = []  # of open incidents
        self._careful_until = -1  # bucket to which the level is held down after a gap

    def score(self, block: Block) -> list[Excess]:
        """Return what stands out in a block, one excess a cause, best first."""
        self._remember(block)
        bucket, hour = block.bucket, self._hour(block.bucket)
        self.baseline.watch(hour)
        if self._careful_until < 0:  # the beginning of a stream is as a gap: nothing is known
            self._careful_until = bucket + round(START_MINUTES * 60 / self._step)
        self._scored = []
        excesses = []
        for signal, people in block.counts.items():
            track = self.baseline.tracks.get(signal) or self._begin(signal)
            if track is None or not people:
                continue
            self._add(track, bucket, people)
            self.baseline.refresh(track, hour)
            window = self._window(track, bucket)
            self._scored.append((track, people, window))
            if window.observed >= self._settings.min_people:
                recurrence = self.budget.recurrence(window.score, self._level(signal.location))
                if recurrence >= self.budget.possible_hours:
                    excesses.append(self._excess(signal, bucket, window, recurrence))
        return [self._with_evidence(e) for e in explain(excesses) if self._looks_at(e)]

    def _looks_at(self, excess: Excess) -> bool:
        """Whether an excess is looked at in its bucket; a large one that is open, now and then."""
        if excess.observed < MANY_PEOPLE or excess.bucket % MANY_EVERY == 0:
            return True
        return not any(excess.signal.related(signal) for signal in self._held)

    def _remember(self, block: Block) -> None:
        oldest = block.bucket - self._length
        while self._recent and self._recent[0][0] <= oldest:
            self._recent.popleft()
        self._recent.extend((block.bucket, complaint) for complaint in block.complaints)

    def _begin(self, signal: Signal) -> Track | None:
        """Begin to remember a signal, and those above it."""
        before = len(self.baseline.tracks)
        track = self.baseline.track(signal)
        for new in list(self.baseline.tracks)[before:]:
            self.budget.count(self._level(new.location))
        return track

    def _add(self, track: Track, bucket: int, people: float) -> None:
        events, oldest = track.events, bucket - self._length
        while events and events[0][0] <= oldest:
            events.popleft()
        events.append((bucket, people))

    def _window(self, track: Track, bucket: int) -> Window:
        """Return the window of a refreshed signal that stands out most, its score in nats."""
        shape = self.baseline.shape(track.group, bucket)
        window = best_window(track.events, bucket, self.baseline.rate(track), shape)
        if track.dispersion > 1.0:
            window = window._replace(score=window.score / track.dispersion)
        return window

    def _level(self, location: Location) -> int:
        return level_of(location) if self._places else 0

    def _hour(self, bucket: int) -> int:
        return int(bucket * self._step // 3600)

    def _excess(self, signal: Signal, bucket: int, window: Window, recurrence: float) -> Excess:
        return Excess(
            signal,
            bucket,
            window.first_bucket,
            window.observed,
            window.expected,
            window.score,
            recurrence,
            self.baseline.warming_up,
            after_gap=bucket < self._careful_until,
        )

    def _with_evidence(self, excess: Excess) -> Excess:
        """Add what the score is worth if people of one thread are at most half of it."""
        threads = Counter(self._people(excess.signal, excess.first_bucket).values())
        largest = max(threads.values(), default=0)
        counted = sum(threads.values())
        evidence = excess.observed
        if counted:
            evidence *= min(1.0, 2 * (counted - largest) / counted)
        score = poisson_llr(evidence, excess.expected)
        score /= self.baseline.tracks[excess.signal].dispersion
        return replace(
            excess,
            evidence=evidence,
            evidence_recurrence_hours=self.budget.recurrence(
                score, self._level(excess.signal.location)
            ),
            others=self._others(excess),
        )

    def _people(self, signal: Signal, first_bucket: int) -> dict[str, str]:
        """Return who spoke in a signal since a bucket, each with the thread of the first post."""
        people: dict[str, str] = {}
        for bucket, complaint in self._recent:
            if bucket >= first_bucket and belongs(complaint, signal):
                people.setdefault(complaint.author, complaint.thread)
        return people

    def _others(self, excess: Excess) -> dict[str, str]:
        """Say how the other operators look where an excess is: quiet, raised or unknown."""
        tracks, location = self.baseline.tracks, excess.signal.location
        states = {}
        for operator in self._operators:
            if operator == excess.signal.operator:
                continue
            here = tracks.get(Signal(operator, ANY, location))
            if here is not None:
                self.baseline.refresh(here, self._hour(excess.bucket))
                window = self._window(here, excess.bucket)
                rare = self.budget.recurrence(window.score, self._level(location))
                raised = rare >= self.budget.possible_hours and window.observed >= _RAISED_PEOPLE
                states[operator] = "raised" if raised else "quiet"
            else:
                heard = Signal(operator, ANY, location.path[-1]) in tracks
                states[operator] = "quiet" if heard else "unknown"
        return states

    def learn(self, block: Block, *, frozen: Iterable[Signal], reset: Iterable[Signal]) -> None:
        """Learn a block that has been scored.

        Parameters
        ----------
        block
            The block.
        frozen
            Signals of open incidents: nothing related to them is learned.
        reset
            Signals of incidents that have just ended: their windows start anew.
        """
        self.reset(reset)
        hour = self._hour(block.bucket)
        held = self._held = list(frozen)
        learned_well = bool(held) and not self.baseline.warming_up  # else it would never learn
        for track, people, _ in self._scored:
            is_frozen = learned_well and any(track.signal.related(s) for s in held)
            self.baseline.learn(track, people, hour, frozen=is_frozen)
        for complaint in block.complaints:
            self.baseline.learn_depth(level_of(complaint.location) if complaint.located else 0)

    def opened(self, signal: Signal, bucket: int) -> None:
        """Take back what the windows of a new incident have taught."""
        if self.baseline.warming_up:
            return
        for track in self._related(signal):
            people = sum(count for at, count in track.events if at > bucket - self._length)
            expected = self.baseline.rate(track) * self.baseline.shape(track.group, bucket)[-1]
            self.baseline.unlearn(track, people, expected)

    def usual(self, signal: Signal) -> float:
        """Return how many people a bucket of a signal usually has, as last looked at."""
        track = self.baseline.tracks.get(signal)
        return self.baseline.rate(track) if track is not None else 0.0

    def reset(self, signals: Iterable[Signal]) -> None:
        """Start the windows of ended incidents anew, and of all that shares people with them."""
        for ended in signals:
            for track in self._related(ended):
                track.events.clear()

    def _related(self, signal: Signal) -> list[Track]:
        return [t for t in self.baseline.tracks.values() if t.signal.related(signal)]

    def gap(self, gap: Gap) -> None:
        """Start anew after a stretch in which nothing was recorded."""
        for track in self.baseline.tracks.values():
            track.events.clear()
        self._recent.clear()
        self.baseline.skip(self._hour(gap.end))
        minutes = min((gap.end - gap.start) * self._step / 60, MAX_AFTER_GAP)
        self._careful_until = gap.end + round(minutes * 60 / self._step)

    def rows(self, block: Block, *, everything: bool = False) -> list[Score]:
        """Return the scores of a block that has been scored, by signal; or those of all signals."""
        scored = self._scored
        if everything:
            scored = [self._row(track, block) for track in self.baseline.tracks.values()]
        bucket = block.bucket
        rows = [
            Score(
                bucket,
                track.signal,
                people,
                self.baseline.rate(track) * self.baseline.shape(track.group, bucket)[0],
                window.score,
                self.budget.recurrence(window.score, self._level(track.signal.location)),
            )
            for track, people, window in scored
        ]
        return sorted(rows, key=lambda row: row.signal.key)

    def _row(self, track: Track, block: Block) -> tuple[Track, float, Window]:
        self.baseline.refresh(track, self._hour(block.bucket))
        people = block.counts.get(track.signal, 0.0)
        return track, people, self._window(track, block.bucket)


def belongs(complaint: Complaint, signal: Signal) -> bool:
    """Whether a complaint is one of a signal's."""
    return (
        signal.operator in (ANY, complaint.operator)
        and signal.service in (ANY, complaint.service)
        and signal.location.holds(complaint.location)
    )
