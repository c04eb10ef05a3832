"""Score closed buckets: which signals stand out, how rare that is, and which one to name.

In: blocks, oldest first. Out: one excess a cause. Remembers the last hour's counts and a baseline
for each signal. A block is scored before it is learned from.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from outagewatch.detect.baseline import LEVELS, Baseline, level_of
from outagewatch.detect.budget import Budget
from outagewatch.detect.glr import best_start, poisson_llr
from outagewatch.detect.hierarchy import explain
from outagewatch.detect.windows import Windows
from outagewatch.records import ANY, Block, Complaint, Excess, Gap, Location, Score, Signal
from outagewatch.settings import Detect

MIN_STEPS = 12  # of a window
MAX_AFTER_GAP = 60  # minutes after a gap for which the level is held down, at most


@dataclass(slots=True)
class _Scored:
    """A block's signals with what they score."""

    slots: NDArray[np.intp]
    signals: list[Signal]
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    expected_now: NDArray[np.float64]  # in the bucket alone
    scores: NDArray[np.float64]
    lengths: NDArray[np.intp]
    recurrence: NDArray[np.float64]


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
        length = max(round(settings.window_minutes * 60 / step_seconds), MIN_STEPS)
        self._windows = Windows(length)
        self.baseline = Baseline(settings, step_seconds / 3600)
        self.budget = Budget(settings.false_alarms_per_week, len(LEVELS) if places else 1)
        self._places = places
        self._recent: deque[tuple[int, Complaint]] = deque()
        self._scored: _Scored | None = None
        self._careful_until = -1  # bucket to which the level is held down after a gap

    def score(self, block: Block) -> list[Excess]:
        """Return what stands out in a block, one excess a cause, best first."""
        self._remember(block)
        self._scored = self._score(block)
        if self._scored is None:
            return []
        return self._name(block, self._excesses(block, self._scored))

    def _remember(self, block: Block) -> None:
        oldest = block.bucket - self._windows.length
        while self._recent and self._recent[0][0] <= oldest:
            self._recent.popleft()
        self._recent.extend((block.bucket, complaint) for complaint in block.complaints)

    def _score(self, block: Block) -> _Scored | None:
        hour = self._hour(block.bucket)
        self.baseline.watch(hour)
        slots, signals, counts = [], [], []
        for signal, count in block.counts.items():
            known = self.baseline.seen(signal)
            slot = self._new_slot(signal) if known is None else known
            if slot >= 0:
                slots.append(slot)
                signals.append(signal)
                counts.append(count)
        if not slots:
            return None
        numbers = np.array(slots, np.intp)
        self._windows.add(numbers, block.bucket, np.array(counts))
        self.baseline.refresh(numbers, hour)
        return self._evaluate(numbers, signals, block.bucket)

    def _new_slot(self, signal: Signal) -> int:
        before = len(self.baseline.signals)
        slot = self.baseline.slot(signal)
        for new in self.baseline.signals[before:]:
            self.budget.count(self._level(new.location))
        return slot

    def _level(self, location: Location) -> int:
        return level_of(location) if self._places else 0

    def _evaluate(self, slots: NDArray[np.intp], signals: list[Signal], bucket: int) -> _Scored:
        """Score signals, refreshed, as they stand at a bucket."""
        counts = self._windows.rows(slots, bucket)
        expected = self.baseline.expected(slots, self._hours(bucket))
        scores, lengths = best_start(counts, expected)
        scores /= self.baseline.dispersion[slots]
        last = np.arange(len(slots)), lengths - 1
        levels = self.baseline.level[slots] if self._places else np.zeros(len(slots), np.intp)
        return _Scored(
            slots,
            signals,
            counts.cumsum(axis=1)[last],
            expected.cumsum(axis=1)[last],
            expected[:, 0],
            scores,
            lengths,
            self.budget.recurrence(scores, levels),
        )

    def _hour(self, bucket: int) -> int:
        return int(bucket * self._step // 3600)

    def _hours(self, bucket: int) -> NDArray[np.int64]:
        buckets = bucket - np.arange(self._windows.length)
        return (buckets * self._step // 3600).astype(np.int64)

    def _excesses(self, block: Block, scored: _Scored) -> list[Excess]:
        rare = scored.recurrence >= self.budget.possible_hours
        many = scored.observed >= self._settings.min_people
        return [
            Excess(
                scored.signals[i],
                block.bucket,
                block.bucket - int(scored.lengths[i]) + 1,
                float(scored.observed[i]),
                float(scored.expected[i]),
                float(scored.scores[i]),
                float(scored.recurrence[i]),
                self.baseline.warming_up,
                after_gap=block.bucket < self._careful_until,
            )
            for i in np.flatnonzero(rare & many).tolist()
        ]

    def _name(self, block: Block, excesses: list[Excess]) -> list[Excess]:
        return [self._with_evidence(excess) for excess in explain(excesses)] if excesses else []

    def _with_evidence(self, excess: Excess) -> Excess:
        """Add what the score is worth if people of one thread are at most half of it."""
        people = self.people(excess.signal, excess.first_bucket)
        threads = Counter(people.values())
        largest = max(threads.values(), default=0)
        counted = sum(threads.values())
        evidence = excess.observed
        if counted:
            alone = max(counted - largest, 0)
            evidence = excess.observed * min(1.0, 2 * alone / counted)
        slot = self.baseline.slot(excess.signal)
        score = poisson_llr(np.array([evidence]), np.array([excess.expected]))
        score = score / self.baseline.dispersion[slot]
        level = np.array([self._level(excess.signal.location)])
        return replace(
            excess,
            evidence=evidence,
            evidence_recurrence_hours=float(self.budget.recurrence(score, level)[0]),
            others=self.others(excess),
        )

    def people(self, signal: Signal, first_bucket: int) -> dict[str, str]:
        """Return who spoke in a signal since a bucket, each with the thread of the first post."""
        people: dict[str, str] = {}
        for bucket, complaint in self._recent:
            if bucket >= first_bucket and belongs(complaint, signal):
                people.setdefault(complaint.author, complaint.thread)
        return people

    def others(self, excess: Excess) -> dict[str, str]:
        """Say how the other operators look where an excess is: quiet, raised or unknown."""
        location = excess.signal.location
        states = {}
        for operator in self._operators:
            if operator == excess.signal.operator:
                continue
            whole = self.baseline.seen(Signal(operator, ANY, location.path[-1]))
            here = Signal(operator, ANY, location)
            slot = self.baseline.seen(here)
            if whole is None:
                states[operator] = "unknown"
            elif slot is None:
                states[operator] = "quiet"
            else:
                numbers = np.array([slot], np.intp)
                self.baseline.refresh(numbers, self._hour(excess.bucket))
                scored = self._evaluate(numbers, [here], excess.bucket)
                raised = scored.recurrence[0] >= self.budget.possible_hours
                states[operator] = "raised" if raised and scored.observed[0] >= 2 else "quiet"
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
        scored = self._scored
        if scored is None:
            return
        hour = self._hour(block.bucket)
        held = list(frozen)
        is_frozen = np.array(
            [any(signal.related(other) for other in held) for signal in scored.signals]
            if held
            else [False] * len(scored.signals)
        )
        people = np.array([block.counts[signal] for signal in scored.signals])
        self.baseline.learn(scored.slots, people, hour, is_frozen)
        if block.complaints:
            levels = Counter(
                level_of(c.location) if c.located else 0 for c in block.complaints
            )
            self.baseline.learn_depth(levels)

    def opened(self, signal: Signal, bucket: int) -> None:
        """Take back what the windows of a new incident have taught."""
        near = [s for s in self.baseline.signals if s.related(signal)]
        slots = np.array([self.baseline.slot(s) for s in near], np.intp)
        if not len(slots):
            return
        counts = self._windows.rows(slots, bucket).sum(axis=1)
        expected = self.baseline.expected(slots, self._hours(bucket)).sum(axis=1)
        self.baseline.unlearn(slots, counts, expected)

    def reset(self, signals: Iterable[Signal]) -> None:
        """Start the windows of ended incidents anew, and of all that shares people with them."""
        for ended in signals:
            near = [s for s in self.baseline.signals if s.related(ended)]
            slots = np.array([self.baseline.slot(s) for s in near], np.intp)
            if len(slots):
                self._windows.clear(slots)

    def gap(self, gap: Gap) -> None:
        """Start anew after a stretch in which nothing was recorded."""
        self._windows.clear_all()
        self._recent.clear()
        self.baseline.skip(self._hour(gap.end))
        minutes = min((gap.end - gap.start) * self._step / 60, MAX_AFTER_GAP)
        self._careful_until = gap.end + round(minutes * 60 / self._step)

    def rows(self, block: Block, *, everything: bool = False) -> list[Score]:
        """Return the scores of a block that has been scored, by signal; or those of all signals."""
        scored = self._scored
        if everything and self.baseline.signals:
            slots = np.arange(len(self.baseline.signals), dtype=np.intp)
            self.baseline.refresh(slots, self._hour(block.bucket))
            scored = self._evaluate(slots, self.baseline.signals, block.bucket)
        if scored is None:
            return []
        order = sorted(range(len(scored.signals)), key=lambda i: scored.signals[i].key)
        return [
            Score(
                block.bucket,
                scored.signals[i],
                block.counts.get(scored.signals[i], 0.0),
                float(scored.expected_now[i]),
                float(scored.scores[i]),
                float(scored.recurrence[i]),
            )
            for i in order
        ]


def belongs(complaint: Complaint, signal: Signal) -> bool:
    """Whether a complaint is one of a signal's."""
    return (
        signal.operator in (ANY, complaint.operator)
        and signal.service in (ANY, complaint.service)
        and signal.location.holds(complaint.location)
    )
