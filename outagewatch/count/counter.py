"""Close buckets behind the watermark and hand on their counts.

In: complaints, and talk that is none, in any order. Out: one block a bucket in which someone spoke,
oldest first. Remembers: the open buckets, and who spoke in the last hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outagewatch.count.votes import Votes
from outagewatch.records import Block, Complaint, Kind, Signal


class Counter:
    """Counts people by signal and bucket.

    Parameters
    ----------
    bucket_seconds
        Length of a bucket.
    vote_seconds
        How long a person's vote in a signal holds.
    """

    def __init__(self, bucket_seconds: float, vote_seconds: float) -> None:
        self._step = bucket_seconds
        self._open: dict[int, list[Complaint]] = {}
        self._talk: dict[int, dict[str, str]] = {}  # operators by post
        self._votes = Votes(vote_seconds)
        self.n_duplicates = 0

    def add(self, complaints: Iterable[Complaint]) -> None:
        """Put complaints into their buckets."""
        for complaint in complaints:
            bucket = int(complaint.created_at // self._step)
            if complaint.kind == "talk":
                self._talk.setdefault(bucket, {})[complaint.id] = complaint.operator
            else:
                self._open.setdefault(bucket, []).append(complaint)

    def close(self, watermark: float) -> Iterator[Block]:
        """Hand on the buckets that end at or before the watermark, in seconds, oldest first."""
        end = watermark // self._step
        for bucket in sorted(b for b in {*self._open, *self._talk} if b + 1 <= end):
            yield self._block(bucket, self._open.pop(bucket, []))

    def _block(self, bucket: int, complaints: list[Complaint]) -> Block:
        complaints.sort(key=lambda c: (c.created_at, c.id, c.author, c.text))
        self._votes.forget(bucket * self._step)
        kept: dict[Kind, list[Complaint]] = {
            "complaint": [],
            "restored": [],
            "tracker": [],
            "notice": [],
            "talk": [],
        }
        counts: dict[Signal, float] = {}
        for complaint in complaints:
            if not self._votes.is_new(complaint):
                self.n_duplicates += 1
                continue
            kept[complaint.kind].append(complaint)
            if complaint.kind == "complaint":
                for signal in self._votes.cast(complaint):
                    counts[signal] = counts.get(signal, 0.0) + 1.0
        return Block(
            bucket,
            tuple(kept["complaint"]),
            counts,
            tuple(kept["restored"]),
            tuple(kept["tracker"]),
            tuple(kept["notice"]),
            _by_operator(self._talk.pop(bucket, {})),
        )

    def rolled_up(self, block: Block) -> Block:
        """Return a block of counts with those of all places, services and operators above."""
        counts: dict[Signal, float] = {}
        for (operator, service, location), count in block.counts.items():
            for signal in self._votes.signals(operator, service, location):
                counts[signal] = counts.get(signal, 0.0) + count
        return Block(block.bucket, counts=counts)


def _by_operator(talk: dict[str, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for operator in talk.values():
        counts[operator] = counts.get(operator, 0) + 1
    return counts
