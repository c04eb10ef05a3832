"""What a screen shows: counters, open incidents, what was said, and how much of it where.

In: closed buckets and changes of incidents. Out: the state to draw. Remembers the last hours of
counts and the last posts; nothing grows with the stream.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from outagewatch.records import ANY, UNKNOWN, Block, Change, Complaint

BIN_MINUTES = 10  # of a sign in a sparkline
BINS = 36  # signs kept: six hours
SAID = 12  # posts kept
RECENT = 4  # ended incidents kept


@dataclass(slots=True)
class Board:
    """The state that a screen draws."""

    now: datetime = datetime(2006, 1, 1, tzinfo=UTC)
    n_complaints: int = 0
    n_located: int = 0
    open: dict[str, Change] = field(default_factory=dict)
    ended: deque[Change] = field(default_factory=lambda: deque(maxlen=RECENT))
    said: deque[Complaint] = field(default_factory=lambda: deque(maxlen=SAID))
    _bins: deque[tuple[int, Counter[tuple[str, str]]]] = field(default_factory=deque)

    def see(self, block: Block) -> None:
        """Take in a closed bucket."""
        for complaint in block.complaints:
            self.n_complaints += 1
            self.n_located += complaint.located
            self.said.append(complaint)
            self._count(complaint)

    def tell(self, change: Change) -> None:
        """Take in a change of an incident."""
        if change.type == "resolved":
            self.open.pop(change.incident.id, None)
            self.ended.append(change)
        else:
            self.open[change.incident.id] = change

    def _count(self, complaint: Complaint) -> None:
        number = int(complaint.created_at // (60 * BIN_MINUTES))
        if not self._bins or self._bins[-1][0] < number:
            self._bins.append((number, Counter()))
        counts = self._bins[-1][1]
        if complaint.service not in (ANY, UNKNOWN):
            counts["service", complaint.service] += 1
        if complaint.located:
            place = complaint.location
            if place.kind == "city" and place.parent is not None:
                place = place.parent
            counts["place", place.name] += 1
        while self._bins and self._bins[0][0] <= number - BINS:
            self._bins.popleft()

    def busiest(self, what: str, most: int, bins: int) -> list[tuple[str, list[int]]]:
        """Return the names most spoken of lately, each with its counts, oldest first.

        Parameters
        ----------
        what
            ``service`` or ``place``.
        most
            Names to return.
        bins
            Counts of each, of :data:`BIN_MINUTES` minutes, the last of them now.
        """
        last = int(self.now.timestamp() // (60 * BIN_MINUTES))
        totals: Counter[str] = Counter()
        series: dict[str, list[int]] = {}
        for number, counts in self._bins:
            at = bins - 1 - (last - number)
            for (kind, name), n in counts.items():
                if kind == what and 0 <= at < bins:
                    totals[name] += n
                    series.setdefault(name, [0] * bins)[at] += n
        ranked = sorted(totals, key=lambda name: (-totals[name], name))
        return [(name, series[name]) for name in ranked[:most]]
