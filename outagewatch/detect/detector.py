"""Score closed buckets: which signals stand out, how rare that is, and which one to name.

In: blocks, oldest first. Out: one excess a cause. Remembers the last hour's counts and a baseline
for each signal. A block is scored before it is learned from. All signals of a block are worked on
at once, as columns.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from outagewatch.detect.baseline import LEVELS, MOST_INHERITED, Baseline, Floats, Rows, level_of
from outagewatch.detect.budget import Budget
from outagewatch.detect.glr import Best, best_windows, poisson_llr
from outagewatch.detect.hierarchy import explain
from outagewatch.detect.highs import Highs
from outagewatch.detect.peaks import Peaks
from outagewatch.detect.why import MOST_POSTS, MOST_RELATED, Needed, Why, people_needed
from outagewatch.detect.windows import SLOW, Windows
from outagewatch.records import (
    ANY,
    Block,
    Complaint,
    Excess,
    Gap,
    Level,
    Location,
    Score,
    Signal,
)
from outagewatch.settings import Detect

MIN_STEPS = 12  # of a window
MAX_AFTER_GAP = 60  # minutes after a gap for which the level is held down, at most
MANY_PEOPLE = 100  # an open excess of so many is looked at in every MANY_EVERY-th bucket only
MANY_EVERY = 5
START_MINUTES = 60  # after the beginning of a stream for which the level is held down
DEEPEST_SLOW = 2  # level of place down to which slow burns are looked for: départements
SURE_HOURS = 876_000.0  # recurrence of which a second one in a day tells nothing new
TUNING_HOURS = 0.2  # recurrence without a history, from which one is looked at for thresholds
_RAISED_PEOPLE = 2  # of another operator, for it to be called raised
_KNOWN_RELATIVES = 256  # signals whose relatives are remembered


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
        self._hours = step_seconds / 3600
        self._operators = operators
        self._length = max(round(settings.window_minutes * 60 / step_seconds), MIN_STEPS)
        self.baseline = Baseline(settings, self._hours)
        self.windows = Windows(self._length)
        self._highs = Highs()
        self.budget = Budget(settings.false_alarms_per_week, len(LEVELS) if places else 1)
        self._places = places
        self._recent: deque[tuple[int, Complaint]] = deque()
        self._rows: Rows = np.zeros(0, np.int64)  # of the block that was scored last
        self._observed: Floats = np.zeros(0)
        self._new: Floats = np.zeros(0)  # their scores that are a new high
        self._due: Floats = np.zeros(0)  # people expected in the bucket, of the rows scored last
        self._relatives: dict[Signal, tuple[int, NDArray[np.int64]]] = {}
        self._held: list[Signal] = []  # of open incidents
        self._counted_hour = -1  # in which the windows of the board were counted last
        self.peaks: Peaks | None = None  # that thresholds are to be fitted to
        self._careful_until = -1  # bucket to which the level is held down after a gap

    def score(self, block: Block) -> list[Excess]:
        """Return what stands out in a block, one excess a cause, best first."""
        self._remember(block)
        bucket, hour = block.bucket, self._hour(block.bucket)
        self.baseline.watch(hour)
        if self._careful_until < 0:  # the beginning of a stream is as a gap: nothing is known
            self._careful_until = bucket + round(START_MINUTES * 60 / self._step)
        rows, people = self._rows_of(block)
        self._advance(bucket)
        self._highs.advance(hour, len(self.baseline.signals))
        self._rows, self._observed = rows, people
        self._new = np.zeros(rows.shape)
        if not rows.size:
            return []
        self._count_windows(hour)
        self.windows.add(rows, people)
        self.baseline.counted[rows] = 1
        self.baseline.refresh(rows, hour)
        best = self._windows(rows)
        due = self._due
        self._new = self._new_highs(rows, best.score)
        self._highs.add(rows, self._new)
        every = self._excesses(rows, best, bucket, slow=False)
        named = explain(every)
        shallow = rows[self.baseline.level[rows] <= DEEPEST_SLOW]
        if shallow.size and not self.baseline.warming_up:
            found = self._excesses(shallow, self._slow_windows(shallow), bucket, slow=True)
            signals = [excess.signal for excess in named]
            named += explain(
                [e for e in found if not any(e.signal.related(signal) for signal in signals)]
            )
        looked_at = [self._with_evidence(e) for e in named if self._looks_at(e)]
        self._due = due
        if self.peaks is not None:
            looked_at = self._note_peaks(looked_at, every, self.peaks)
        return looked_at

    def _note_peaks(self, named: list[Excess], every: list[Excess], peaks: Peaks) -> list[Excess]:
        """Note what alerts would be made of; return what is worth a look without a history.

        Whichever level is named, each that stands out could have been.
        """
        if not self.baseline.warming_up:
            for best in named:
                if best.slow or best.scattered or best.after_gap:
                    continue
                share = min(best.evidence / best.observed, 1.0)
                for e in every:
                    if e.signal.related(best.signal):
                        level = self._level(e.signal.location)
                        hour, operator = self._hour(e.bucket), best.signal.operator
                        peaks.add(hour, operator, e.score * share, level)
        return [e for e in named if e.recurrence_hours >= self.budget.possible_hours]

    def _rows_of(self, block: Block) -> tuple[Rows, Floats]:
        """Return the rows of a block's signals and the people of each; begin those not known."""
        known = self.baseline.rows
        rows, people = [], []
        for signal, count in block.counts.items():
            row = known.get(signal)
            if row is None:
                row = self._begin(signal)
            if row < 0 or not count:
                continue
            rows.append(row)
            people.append(count)
        return np.array(rows, np.int64), np.array(people, float)

    def _advance(self, bucket: int) -> None:
        baseline = self.baseline
        n = len(baseline.signals)

        def usual(at: int) -> Floats:
            factors = baseline.factors(self._hour(at))
            return np.asarray(baseline.mean[:n] * factors[baseline.group[:n]] * self._hours)

        self.windows.advance(bucket, n, usual)

    def _count_windows(self, hour: int) -> None:
        """Tell the budget, once an hour, how busy the board is."""
        if hour > self._counted_hour:
            self._counted_hour = hour
            rows = np.arange(len(self.baseline.signals))
            self.budget.learn(self._levels(rows), self.baseline.mean[rows])

    def _excesses(self, rows: Rows, best: Best, bucket: int, *, slow: bool) -> list[Excess]:
        """Return the windows that are worth a look."""
        recurrence = self.budget.recurrence(best.score, self._levels(rows), slow=slow)
        bar = self.budget.possible_hours
        if self.peaks is not None:
            bar = min(bar, TUNING_HOURS)
        worth = (recurrence >= bar) & (best.observed >= self._settings.min_people)
        chosen = np.flatnonzero(worth).tolist()
        return [self._excess(rows, best, recurrence, i, bucket, slow=slow) for i in chosen]

    def _excess(
        self, rows: Rows, best: Best, recurrence: Floats, i: int, bucket: int, *, slow: bool
    ) -> Excess:
        return Excess(
            self.baseline.signals[rows[i]],
            bucket,
            bucket - int(best.length[i]),
            float(best.observed[i]),
            float(best.expected[i]),
            float(best.score[i]),
            float(recurrence[i]),
            self.baseline.warming_up,
            after_gap=bucket < self._careful_until,
            slow=slow,
        )

    def _looks_at(self, excess: Excess) -> bool:
        """Whether an excess is looked at in its bucket; a large one that is open, now and then."""
        if excess.observed < MANY_PEOPLE or excess.bucket % MANY_EVERY == 0:
            return True
        return not any(excess.signal.related(signal) for signal in self._held)

    def _remember(self, block: Block) -> None:
        oldest = block.bucket - SLOW * self._length
        while self._recent and self._recent[0][0] <= oldest:
            self._recent.popleft()
        self._recent.extend((block.bucket, complaint) for complaint in block.complaints)

    def _begin(self, signal: Signal) -> int:
        """Begin to remember a signal, and those above it; return its row, or -1."""
        before = len(self.baseline.signals)
        row = self.baseline.row(signal)
        for new in self.baseline.signals[before:]:
            self.budget.count(self._level(new.location))
        return row

    def _shape(self, groups: Rows, buckets: Floats) -> Floats:
        """Return the rhythm's factors at times, in buckets: shape (times, groups)."""
        hours = buckets * self._hours - 0.5  # those of an hour hold at its middle
        whole = np.floor(hours).astype(np.int64)
        first = int(whole.min())
        table = np.stack(
            [self.baseline.factors(hour)[groups] for hour in range(first, int(whole.max()) + 2)]
        )
        part = (hours - whole)[:, None]
        return np.asarray(table[whole - first] * (1 - part) + table[whole - first + 1] * part)

    def _expected(self, rows: Rows) -> tuple[Floats, Floats, Floats]:
        """Return counts and people expected in windows, each shape (length, rows), and rhythm."""
        baseline, windows = self.baseline, self.windows
        assert windows.newest is not None
        counts = windows.counts(rows)
        groups, at = np.unique(baseline.group[rows], return_inverse=True)
        middles = windows.newest + 0.5 - np.arange(float(self._length))
        shape = self._shape(groups, middles)[:, at]
        sources = baseline.sources(rows)
        own = sources == rows
        ran = np.ones_like(counts)
        if own.any():
            ran[:, own] = self._ran(rows[own], counts[:, own], shape[:, own])
        above = (sources >= 0) & ~own
        if above.any():
            busy, where = np.unique(sources[above], return_inverse=True)
            groups, at = np.unique(baseline.group[busy], return_inverse=True)
            of_busy = self._ran(busy, windows.counts(busy), self._shape(groups, middles)[:, at])
            ran[:, above] = np.clip(of_busy, 1 / MOST_INHERITED, MOST_INHERITED)[:, where]
        rate = np.maximum(baseline.upper[rows] * ran, baseline.of_last_day(rows)) * self._hours
        return counts, rate * shape.cumsum(0), shape

    def _ran(self, rows: Rows, counts: Floats, shape: Floats) -> Floats:
        usual = self.baseline.mean[rows] * self._hours * shape
        return self.windows.ran(rows, counts, usual, self.baseline.whole_day[rows])

    def _windows(self, rows: Rows) -> Best:
        """Return the window of each refreshed row that stands out most, up to now."""
        counts, expected, _ = self._expected(rows)
        self._due = expected[0]
        return best_windows(counts, expected, self._scatter(rows, expected))

    def _scatter(self, rows: Rows, expected: Floats) -> Floats:
        """Return the variance over the mean of the windows up to now, shape (length, rows)."""
        bucket = self._step / 60
        minutes = np.arange(1.0, self._length + 1) * bucket
        excess = self.baseline.scatter.of_windows(expected, minutes, bucket)
        return np.asarray(excess * self.baseline.spread[rows])

    def _slow_windows(self, rows: Rows) -> Best:
        """Return the best of the windows that are longer than the longest of the others."""
        baseline, windows = self.baseline, self.windows
        assert windows.newest is not None
        counts, ends = windows.cells(rows)
        lengths = np.diff(ends, prepend=0.0)
        groups, at = np.unique(baseline.group[rows], return_inverse=True)
        shape = self._shape(groups, windows.newest + 1 - ends + lengths / 2)[:, at]
        rate = np.maximum(
            baseline.upper[rows] * baseline.whole_day[rows], baseline.of_last_day(rows)
        )
        expected = (rate * self._hours) * (shape * lengths[:, None]).cumsum(0)
        minutes = ends * (self._step / 60)
        excess = baseline.scatter.of_windows(expected, minutes, self._step / 60)
        longer = (counts > 0) & (ends > self._length)[:, None]
        best = best_windows(counts, expected, excess * baseline.spread[rows], longer)
        length = ends[best.length].astype(np.int64) - 1
        return best._replace(length=length)

    def _new_highs(self, rows: Rows, score: Floats) -> Floats:
        high = self.budget.score_of(SURE_HOURS, self._levels(rows))
        return self._highs.new(rows, score, high)

    def _levels(self, rows: Rows) -> Rows:
        return self.baseline.level[rows] if self._places else np.zeros(rows.shape, np.int64)

    def _level(self, location: Location) -> int:
        return level_of(location) if self._places else 0

    def _hour(self, bucket: int) -> int:
        return int(bucket * self._step // 3600)

    def _with_evidence(self, excess: Excess) -> Excess:
        """Add what the score is worth if people of one thread are at most half of it."""
        people = self._people(excess.signal, excess.first_bucket)
        threads = Counter(complaint.thread for complaint in people.values())
        largest = max(threads.values(), default=0)
        counted = sum(threads.values())
        evidence = excess.observed
        if counted:
            evidence *= min(1.0, 2 * (counted - largest) / counted)
        score = excess.score
        if evidence < excess.observed:
            score *= poisson_llr(evidence, excess.expected)
            score /= poisson_llr(excess.observed, excess.expected)
        level = np.array([self._level(excess.signal.location)])
        others = self._others(excess)
        return replace(
            excess,
            evidence=evidence,
            evidence_recurrence_hours=float(
                self.budget.recurrence(np.array([score]), level, slow=excess.slow)[0]
            ),
            others=others,
            scattered=excess.signal.operator == ANY
            and level_of(excess.signal.location) == 0  # in a town, that several fail is a sign
            and "raised" not in others.values()
            and self._name_operators(people.values()),
        )

    def _name_operators(self, complaints: Collection[Complaint]) -> bool:
        """Whether most say of whom they complain, and not all of the same operator."""
        named = Counter(c.operator for c in complaints if c.operator in self._operators)
        return 2 * named.total() > len(complaints) and len(named) > 1

    def _people(self, signal: Signal, first_bucket: int) -> dict[str, Complaint]:
        """Return who spoke in a signal since a bucket, each with the first post."""
        people: dict[str, Complaint] = {}
        for bucket, complaint in self._recent:
            if bucket >= first_bucket and belongs(complaint, signal):
                people.setdefault(complaint.author, complaint)
        return people

    def _others(self, excess: Excess) -> dict[str, str]:
        """Say how the other operators look where an excess is: quiet, raised or unknown."""
        known, location = self.baseline.rows, excess.signal.location
        states, here = {}, {}
        for operator in self._operators:
            if operator == excess.signal.operator:
                continue
            row = known.get(Signal(operator, ANY, location))
            if row is not None:
                here[operator] = row
                states[operator] = "quiet"
            else:
                heard = Signal(operator, ANY, location.path[-1]) in known
                states[operator] = "quiet" if heard else "unknown"
        if here:
            rows = np.array(list(here.values()), np.int64)
            self.baseline.refresh(rows, self._hour(excess.bucket))
            best = self._windows(rows)
            rare = self.budget.recurrence(best.score, self._levels(rows))
            raised = (rare >= self.budget.possible_hours) & (best.observed >= _RAISED_PEOPLE)
            for operator, is_raised in zip(here, raised.tolist(), strict=True):
                if is_raised:
                    states[operator] = "raised"
        return states

    def why(self, signal: Signal, bucket: int) -> Why | None:
        """Say how a signal looks after a bucket, the newest or one in which nobody spoke since.

        Begins to remember a signal in which nobody ever spoke, and lets time pass: for a run that
        ends with it. None where there are too many signals to begin one more.
        """
        hour = self._hour(bucket)
        known = self.baseline.rows.get(signal)
        heard = known is not None and bool(self.baseline.counted[known] == 1)
        self.baseline.watch(hour)
        row = self._begin(signal)
        if row < 0:
            return None
        self._as_if_heard(row)
        self._advance(bucket)
        rows = np.array([row])
        self.baseline.refresh(rows, hour)
        excess, stands_out = self._most(rows, bucket)
        people = self._people(signal, excess.first_bucket)
        threads = Counter(complaint.thread for complaint in people.values())
        newest = sorted(people.values(), key=lambda c: (c.created_at, c.id))[-MOST_POSTS:]
        return Why(
            excess=self._with_evidence(excess) if stands_out else excess,
            stands_out=stands_out,
            heard=heard,
            needed=self._needed(rows, excess, max(threads.values(), default=0)),
            next_hour=self._next_hour(rows),
            related=self._related_highs(signal, bucket),
            counted=tuple(newest) if excess.observed else (),
        )

    def _as_if_heard(self, row: int) -> None:
        """Let a row be rated as it will be when the first person speaks, who is of all above it."""
        baseline = self.baseline
        while row >= 0 and baseline.counted[row] != 1:
            baseline.counted[row] = 1
            baseline.fresh_hour[row] = -1
            row = int(baseline.parent[row])

    def _most(self, rows: Rows, bucket: int) -> tuple[Excess, bool]:
        """Return the window of one row that stands out most, and whether any does at all."""
        levels = self._levels(rows)
        best = self._windows(rows)
        found = self._excess(
            rows, best, self.budget.recurrence(best.score, levels), 0, bucket, slow=False
        )
        deep = self.baseline.level[rows[0]] > DEEPEST_SLOW
        if (
            found.recurrence_hours < self.budget.possible_hours
            and not deep
            and not self.baseline.warming_up
        ):
            best = self._slow_windows(rows)
            rare = self.budget.recurrence(best.score, levels, slow=True)
            slow = self._excess(rows, best, rare, 0, bucket, slow=True)
            if slow.recurrence_hours >= self.budget.possible_hours:
                return slow, True
        if found.observed:
            return found, True
        counts, expected, _ = self._expected(rows)
        whole = replace(
            found,
            first_bucket=bucket - self._length + 1,
            observed=float(counts.sum()),
            expected=float(expected[-1, 0]),
        )
        return whole, False

    def _needed(self, rows: Rows, excess: Excess, in_one_thread: int) -> dict[Level, Needed]:
        """Return what each level takes in the window of an excess."""
        if excess.score > 0:
            scatter = poisson_llr(excess.observed, excess.expected) / excess.score
        else:
            scatter = float(self._scatter(rows, self._expected(rows)[1])[-1, 0])
        budget = self.budget
        levels: dict[Level, float] = {
            "possible": budget.possible_hours,
            "probable": budget.probable_hours,
            "strong": budget.strong_hours,
        }
        needed = {}
        for level, hours in levels.items():
            score = float(budget.score_of(hours, self._levels(rows), slow=excess.slow)[0])
            people = people_needed(
                score,
                excess.expected,
                scatter,
                least=self._settings.min_people,
                in_one_thread=0 if level == "possible" else in_one_thread,
            )
            needed[level] = Needed(score, people, max(people - int(excess.observed), 0))
        return needed

    def _next_hour(self, rows: Rows) -> float:
        """Return how many people a row usually has in the hour after the newest bucket."""
        baseline = self.baseline
        ahead = self._newest + 1.5 + np.arange(float(max(round(1 / self._hours), 1)))
        shape = self._shape(baseline.group[rows], ahead)
        rate = np.maximum(baseline.mean[rows] * baseline.follow[rows], baseline.of_last_day(rows))
        return float((rate * self._hours * shape).sum())

    def _related_highs(self, signal: Signal, bucket: int) -> tuple[Excess, ...]:
        """Return the related signals whose windows stand out most, best first."""
        rows = self._related(signal)
        rows = rows[rows != self.baseline.rows[signal]]
        if not rows.size:
            return ()
        self.baseline.refresh(rows, self._hour(bucket))
        best = self._windows(rows)
        recurrence = self.budget.recurrence(best.score, self._levels(rows))
        least = min(self._settings.min_people, 2)  # one person in a village explains nothing
        found = [
            self._excess(rows, best, recurrence, i, bucket, slow=False)
            for i in np.flatnonzero(best.observed >= least).tolist()
        ]
        return tuple(sorted(found, key=lambda e: (-e.score, e.signal.key))[:MOST_RELATED])

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
        hour = (block.bucket + 0.5) * self._hours
        held = self._held = list(frozen)
        rows = self._rows
        if rows.size:
            is_frozen = None
            if held and not self.baseline.warming_up:  # else it would never learn
                is_frozen = np.isin(rows, np.concatenate([self._related(s) for s in held]))
            self.baseline.learn(rows, self._observed, hour, frozen=is_frozen)
        for complaint in block.complaints:
            self.baseline.learn_depth(level_of(complaint.location) if complaint.located else 0)

    def opened(self, signal: Signal, bucket: int) -> None:
        """Take back what the windows of a new incident have taught."""
        if self.baseline.warming_up:
            return
        rows = self._related(signal)
        counts, expected, shape = self._expected(rows)
        self.baseline.unlearn(rows, counts.sum(0), expected[-1])
        busy = self.baseline.sources(rows) == rows
        if busy.any():
            ran = self._ran(rows[busy], counts[:, busy], shape[:, busy])
            age = min(max(self._newest - bucket, 0), self._length - 1)
            self.windows.hold(rows[busy], ran[age])

    @property
    def _newest(self) -> int:
        return self.windows.newest or 0

    def usual(self, signal: Signal) -> float:
        """Return how many people a bucket of a signal usually has at this hour."""
        row = self.baseline.rows.get(signal)
        if row is None:
            return 0.0
        rows = np.array([row])
        rate = self.baseline.upper[rows] * self.baseline.follow[rows]
        factor = self.baseline.factors(self._hour(self._newest))[self.baseline.group[row]]
        return float(np.maximum(rate, self.baseline.of_last_day(rows))[0] * factor * self._hours)

    @property
    def hour(self) -> int:
        """The hour since the epoch of the newest bucket."""
        return self._hour(self._newest)

    def floor(self, signal: Signal, hour: int, minutes: float) -> int:
        """Return how many people in so many minutes of an hour are ``probable`` by their score."""
        rows = np.array([self.baseline.row(signal)])
        self.baseline.refresh(rows, self._hour(self._newest))
        factor = self.baseline.factors(hour)[self.baseline.group[rows]]
        expected = self.baseline.upper[rows] * factor * (minutes / 60)
        scatter = self.baseline.scatter.of_windows(
            expected[:, None], np.array([minutes]), self._step / 60
        )
        score = self.budget.score_of(self.budget.probable_hours, self._levels(rows))
        return people_needed(
            float(score[0]),
            float(expected[0]),
            float((scatter * self.baseline.spread[rows])[0, 0]),
            least=self._settings.min_people,
        )

    def placed(self) -> float:
        """Return the share of people who usually say where they are, below the country."""
        return self.baseline.placed

    def reset(self, signals: Iterable[Signal]) -> None:
        """Start the windows of ended incidents anew, and of all that shares people with them."""
        for ended in signals:
            rows = self._related(ended)
            self.windows.clear(rows)
            self.windows.release(rows)

    def _related(self, signal: Signal) -> Rows:
        """Return the rows that may share people with a signal."""
        signals = self.baseline.signals
        seen, rows = self._relatives.get(signal, (0, np.zeros(0, np.int64)))
        if seen < len(signals):
            new = [i for i in range(seen, len(signals)) if signals[i].related(signal)]
            rows = np.concatenate([rows, np.array(new, np.int64)])
            if len(self._relatives) >= _KNOWN_RELATIVES:
                self._relatives.clear()
            self._relatives[signal] = (len(signals), rows)
        return rows

    def gap(self, gap: Gap) -> None:
        """Start anew after a stretch in which nothing was recorded."""
        self.windows.skip(gap.end)
        self._recent.clear()
        self.baseline.skip(self._hour(gap.end))
        minutes = min((gap.end - gap.start) * self._step / 60, MAX_AFTER_GAP)
        self._careful_until = gap.end + round(minutes * 60 / self._step)

    def rows(self, block: Block, *, everything: bool = False) -> list[Score]:
        """Return the scores of a block that has been scored, by signal; or those of all signals.

        A score is 0 where one was told in the last day that comes by chance once in 100 years, and
        it is not half as high again: an episode tells once what it is worth, and then as it grows.
        """
        rows, people, score = self._rows, self._observed, self._new
        if everything:
            rows = np.arange(len(self.baseline.signals))
            if not rows.size:
                return []
            signals = self.baseline.signals
            people = np.array([block.counts.get(signal, 0.0) for signal in signals])
            self.baseline.refresh(rows, self._hour(block.bucket))
            score = self._new_highs(rows, self._windows(rows).score)
            score[self._rows] = self._new
        if not rows.size:
            return []
        recurrence = self.budget.recurrence(score, self._levels(rows))
        columns = (rows, people, self._due, score, recurrence)
        found = [
            Score(block.bucket, self.baseline.signals[row], *numbers)
            for row, *numbers in zip(*(column.tolist() for column in columns), strict=True)
        ]
        return sorted(found, key=lambda row: row.signal.key)


def belongs(complaint: Complaint, signal: Signal) -> bool:
    """Whether a complaint is one of a signal's."""
    return (
        signal.operator in (ANY, complaint.operator)
        and signal.service in (ANY, complaint.service)
        and signal.location.holds(complaint.location)
    )
