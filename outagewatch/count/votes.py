"""Who has spoken of what in the last hour, so that a person counts once a signal.

In: complaints in order of time. Out: the signals in which each makes a new person. Remembers
authors for as long as their vote holds, and ids of posts for as long.
"""

from __future__ import annotations

from collections import deque

from outagewatch.records import ANY, UNKNOWN, Complaint, Location, Signal

_KNOWN_LEAVES = 100_000


class Votes:
    """One vote a person and signal, for a time from the last vote that counted.

    Parameters
    ----------
    hold_seconds
        How long a vote holds.
    """

    def __init__(self, hold_seconds: float) -> None:
        self._hold = hold_seconds
        self._votes: dict[str, dict[Signal, float]] = {}
        self._last: dict[str, float] = {}
        self._queue: deque[tuple[float, str]] = deque()
        self._ids: dict[str, float] = {}
        self._leaves: dict[tuple[str, str, Location], tuple[Signal, ...]] = {}

    def is_new(self, complaint: Complaint) -> bool:
        """Whether a post of this id has not come before; from now on it has."""
        if complaint.id in self._ids:
            return False
        self._ids[complaint.id] = complaint.created_at
        return True

    def cast(self, complaint: Complaint) -> tuple[Signal, ...] | list[Signal]:
        """Return the signals in which a complaint makes a new person."""
        signals = self.signals(complaint.operator, complaint.service, complaint.location)
        if complaint.anonymous:
            return signals
        at, author = complaint.created_at, complaint.author
        held = self._votes.get(author)
        if held is None:
            self._votes[author] = dict.fromkeys(signals, at)
            counted: tuple[Signal, ...] | list[Signal] = signals
        else:
            since = at - self._hold
            counted = [s for s in signals if (last := held.get(s)) is None or last <= since]
            held.update(dict.fromkeys(counted, at))
        if counted:
            self._last[author] = at
            self._queue.append((at, author))
        return counted

    def signals(self, operator: str, service: str, location: Location) -> tuple[Signal, ...]:
        """Return all signals that a complaint belongs to: its own and all that hold it.

        ``unknown`` is a value of the complaint alone: its excess shows at ``any``.
        """
        leaf = (operator, service, location)
        known = self._leaves.get(leaf)
        if known is None:
            if len(self._leaves) >= _KNOWN_LEAVES:
                self._leaves.clear()
            operators = (operator, ANY) if operator not in (UNKNOWN, ANY) else (ANY,)
            services = (service, ANY) if service not in (UNKNOWN, ANY) else (ANY,)
            known = tuple(
                Signal(o, s, p) for p in location.path for o in operators for s in services
            )
            self._leaves[leaf] = known
        return known

    def forget(self, before: float) -> None:
        """Drop what no longer holds at a time, seconds since the epoch."""
        while self._queue and self._queue[0][0] <= before - self._hold:
            _, author = self._queue.popleft()
            last = self._last.get(author)
            if last is not None and last <= before - self._hold:
                del self._last[author], self._votes[author]
        # Ids stand in order of their bucket, so the old ones come first.
        for post_id, at in list(self._ids.items())[:256]:
            if at > before - self._hold:
                break
            del self._ids[post_id]
