"""Tell an echo from an outage: copies, links, and complaints that are a share of other talk.

In: the people of a case, and what else was said meanwhile. Out: what speaks against it; a sentence
is enough for an echo. Remembers a case's texts, and a day of talk by operator.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from outagewatch.records import ANY, Block, Complaint

MOST = 0.5  # share of the people who wrote one text, above which it is an echo
MOST_LINKS = 0.4  # share of their posts with a link
FEW = 3  # who copy, or hold a link, may do so by chance
SAME_WORDS = 6  # in a text from which the same again is a copy: "pareil, plus rien" is anyone's
OWN_WORDS = 6  # in a text from which nearly the same is a copy
ALIKE = 0.6  # words in common, of all: 1 pair of real complaints in 100,000 has so many
_TEXTS = 100  # different texts of a case kept
_TIMES = 1000  # people of a case of whom it is kept when they spoke
MIN_TALK = 10  # posts more than usual that make a wave
TALK_TO_PEOPLE = 3.0  # posts of it to a person who complains; in real outages it is 0 to 1.2
USUAL_SHARE = 3.0  # times the usual complaints to a post of talk, up to which a wave brings them
STAYS = 0.8  # of a bar, above which an echo stays one: it does not come and go with each person
_BEFORE = 7200.0  # seconds of talk before it that are usual
_KNOWN = 1800.0  # seconds that must be known of them
_KEPT = 86400.0  # seconds of talk kept
_LONG_AGO = 5000.0  # posts about an operator from which older ones count half
_PRIOR = (1.0, 10.0)  # complaints to posts of talk, where little is known


@dataclass(slots=True)
class Copies:
    """The different texts of people, and how many wrote each."""

    most: int = 0  # people who wrote one text, or nearly
    _people: dict[frozenset[str], int] = field(default_factory=dict)
    _own: dict[frozenset[str], int] = field(default_factory=dict)

    def add(self, gist: str, n_own: int) -> None:
        """Take in what a new person wrote: its words, and how many are one's own."""
        words = frozenset(gist.split())
        if len(words) < SAME_WORDS:
            return
        known = words if words in self._people else self._alike(words, n_own)
        if known is None and len(self._people) < _TEXTS:
            known, self._own[words] = words, n_own
        if known is not None:
            self._people[known] = self._people.get(known, 0) + 1
            self.most = max(self.most, self._people[known])

    def _alike(self, words: frozenset[str], n_own: int) -> frozenset[str] | None:
        if n_own < OWN_WORDS:
            return None
        for known, own in self._own.items():
            if own >= OWN_WORDS and len(words & known) >= ALIKE * len(words | known):
                return known
        return None


class Talk:
    """How much is said of each operator beside complaints.

    Parameters
    ----------
    step_seconds
        Length of a bucket.
    """

    def __init__(self, step_seconds: float) -> None:
        self._step = step_seconds
        self._since: float | None = None
        self._heard: deque[tuple[float, dict[str, int]]] = deque()
        self._usual: dict[str, tuple[float, float]] = {}  # complaints and talk

    def hear(self, block: Block) -> None:
        """Take in a closed bucket."""
        at = block.bucket * self._step
        if self._since is None:
            self._since = at
        if block.talk:
            self._heard.append((at, block.talk))
        while self._heard and self._heard[0][0] < at - _KEPT:
            self._heard.popleft()
        for operator, n in block.talk.items():
            self._learn(operator, 0, n)
        for complaint in block.complaints:
            self._learn(complaint.operator, 1, 0)

    def _learn(self, operator: str, complaints: int, talk: int) -> None:
        for name in {operator, ANY}:
            before = self._usual.get(name, _PRIOR)
            now = (before[0] + complaints, before[1] + talk)
            if sum(now) > _LONG_AGO:
                now = (now[0] / 2, now[1] / 2)
            self._usual[name] = now

    def wave(self, operator: str, onset: float, spoke: Iterable[float], *, bar: float = 1.0) -> int:
        """Return of how many posts a wave was that explains the complaints in it; 0 if none does.

        That is if talk had risen before half of the people spoke, and brought no more complaints
        than as much talk usually does. Talk that an outage brings comes after its people.

        Parameters
        ----------
        operator
            Who is complained of; ``any`` for all talk.
        onset
            When it began, seconds since the epoch.
        spoke
            When each person spoke.
        bar
            Share of the usual bar that is enough.
        """
        times = sorted(spoke)
        if not times or self._since is None:
            return 0
        half = len(times) // 2
        known = min(onset - self._since, _BEFORE)
        if known < _KNOWN:
            return 0
        before = self._between(operator, onset - known, onset) / known
        more = self._between(operator, onset, times[half]) - before * (times[half] - onset)
        complaints, talk = self._usual.get(operator, _PRIOR)
        explained = more * min(1 / TALK_TO_PEOPLE, USUAL_SHARE * complaints / talk)
        return round(more) if more >= bar * MIN_TALK and bar * (half + 1) <= explained else 0

    def _between(self, operator: str, start: float, end: float) -> int:
        """Count the posts of the buckets that lie in a stretch, seconds since the epoch."""
        n = 0
        for at, talk in reversed(self._heard):
            if at < start:
                break
            if at + self._step <= end:
                n += sum(talk.values()) if operator == ANY else talk.get(operator, 0)
        return n


@dataclass(slots=True)
class Signs:
    """What the people of a case wrote, as far as it tells an echo."""

    copies: Copies = field(default_factory=Copies)
    people: int = 0
    spoke: list[float] = field(default_factory=list)  # the first of them, seconds since the epoch
    links: float = 0.0
    n_linked: int = 0
    bar: float = 1.0  # lower while it is an echo

    def add(self, complaint: Complaint) -> None:
        """Take in a new person."""
        self.people += 1
        self.copies.add(complaint.gist, complaint.n_own)
        if len(self.spoke) < _TIMES:
            self.spoke.append(complaint.created_at)
        self.links += complaint.link
        self.n_linked += complaint.link > 0

    def against(self, wave: int) -> Sequence[str]:
        """Return what makes it an echo, as sentences; none if nothing does."""
        people, copies = self.people, self.copies.most
        found = []
        if copies >= FEW and copies > self.bar * MOST * people:
            found.append(f"against: {copies} of {people} people wrote nearly the same text")
        if self.n_linked >= FEW and self.links > self.bar * MOST_LINKS * people:
            found.append(f"against: {self.n_linked} of {people} posts carry a link")
        if wave:
            found.append(
                f"against: {people} people in a wave of {wave} posts of other talk, "
                "no more than such talk brings"
            )
        self.bar = STAYS if found else 1.0
        return found
