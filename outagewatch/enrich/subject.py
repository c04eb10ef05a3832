"""Tell who and what a post complains of, where it names several operators or services.

In: the post as typed, and the profile's terms in each of its clauses. Out: one operator, one
service, ``any`` or ``unknown``. Remembers nothing. A clause is what stands between two marks or
two words such as "mais" and "because"; in it an operator fails, works, lends a hand while another
fails, is left or is joined, and the one that most speaks against is the one complained of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from outagewatch.enrich import blame_cues as cues
from outagewatch.enrich.lexicon import Hit, Lexicon, Terms
from outagewatch.enrich.normalise import normalise, rows
from outagewatch.records import ANY, UNKNOWN

_NAMING = frozenset({"operator", "account", "service", "symptom"})


def settled(hits: list[Hit], row: str, raw: str) -> list[Hit]:
    """Return hits with words that may be an operator settled: "Three" is one, "three days" none.

    Such a word is a name where it is written with a capital and the post names a service, a
    failure or another operator.
    """
    if not any(hit.term.field == "maybe" for hit in hits):
        return hits
    apt = any(hit.term.field in _NAMING and hit.term.name != ANY for hit in hits)
    found = []
    for hit in hits:
        if hit.term.field == "maybe":
            word = hit.term.pattern.strip()
            after = row[hit.end - 1 :].split(maxsplit=1)[:1]
            named = re.search(
                rf"\b({re.escape(word.capitalize())}|{re.escape(word.upper())})\b", raw
            )
            if not apt or named is None or (after and after[0] in cues.COUNTED):
                continue
            hit = Hit(hit.term._replace(field="operator"), hit.start, hit.end)
        found.append(hit)
    return found


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a post, and the terms of the profile in it."""

    row: str
    hits: Sequence[Hit]

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Whether the clause holds a pattern."""
        return pattern.search(self.row) is not None

    @property
    def fails(self) -> bool:
        """Whether something fails in it."""
        return any(hit.term.field == "symptom" for hit in self.hits) or self.matches(cues.LOSS)

    def marked(self, name: str) -> list[str]:
        """Return the row once for each mention of an operator, with a mark in its place."""
        return [f"{self.row[:start]} \x01 {self.row[end:]}" for start, end in self._spans(name)]

    def both(self, first: str, then: str) -> list[str]:
        """Return the row with two marks for each two mentions of one operator before another."""
        return [
            f"{self.row[:a]} \x01 {self.row[b:c]} \x02 {self.row[d:]}".replace("  ", " ")
            for a, b in self._spans(first)
            for c, d in self._spans(then)
            if b <= c + 1
        ]

    def _spans(self, name: str) -> list[tuple[int, int]]:
        return sorted(
            {
                (hit.start, hit.end)
                for hit in self.hits
                if hit.term.field in ("operator", "account") and hit.term.name == name
            }
        )


def clauses(texts: Sequence[str], lexicon: Lexicon) -> list[list[Clause]]:
    """Split posts into clauses, and find the profile's terms in each.

    Parameters
    ----------
    texts
        Posts as typed.
    lexicon
        The profile's terms.
    """
    if not texts:
        return []
    parts = [_split(text) for text in texts]
    flat = normalise([part for post in parts for part in post])
    found = lexicon.find(flat)
    every = [
        Clause(row, Terms.of(settled(found.get(number, []), row, part)).hits)
        for number, (row, part) in enumerate(
            zip(rows(flat), [part for post in parts for part in post], strict=True)
        )
    ]
    starts, at = [], 0
    for post in parts:
        starts.append(at)
        at += len(post)
    return [every[start : start + len(post)] for start, post in zip(starts, parts, strict=True)]


def _split(text: str) -> list[str]:
    """Split a post; a word that would stand alone goes with what follows."""
    parts: list[str] = []
    alone = ""
    for part in cues.MARK.split(text):
        joined = f"{alone} {part}".strip()
        alone = joined if len(joined.split()) == 1 else ""
        if joined and not alone:
            parts.append(joined)
    if alone and parts:
        parts[-1] += f" {alone}"
    return parts or [alone]


def blamed(names: Collection[str], parts: Sequence[Clause]) -> str:
    """Return which of several operators a post complains of, ``any`` where it is more than one.

    Parameters
    ----------
    names
        The operators that the post names, two or more.
    parts
        The post's clauses.
    """
    points = dict.fromkeys(names, 0.0)
    regrets = any(part.matches(cues.REGRET) for part in parts)
    last: str | None = None
    for part in parts:
        marked = {name: part.marked(name) for name in points}
        marked = {name: found for name, found in marked.items() if found}
        here = {
            name: max((_points(row, part, len(marked) > 1, regrets) for row in found), key=abs)
            for name, found in marked.items()
        }
        if len(here) > 1:
            _level(here, part)
        for name, worth in here.items():
            points[name] += worth
        if len(here) == 1 and (name := next(iter(here))) and here[name] > -1:
            last = name
        elif here:
            ranked = sorted(points, key=lambda n: -points[n])
            last = ranked[0] if points[ranked[0]] > points[ranked[1]] else None
        elif last is not None and part.fails:
            points[last] += 0.5
    order = sorted(points, key=lambda n: -points[n])
    return order[0] if points[order[0]] - points[order[1]] >= cues.MARGIN else ANY


def _level(here: dict[str, float], part: Clause) -> None:
    """Give operators that are named in one breath, "SFR and Free", the worth of the worse one."""
    for name in here:
        for other in here:
            if name != other and any(cues.TOGETHER.search(row) for row in part.both(name, other)):
                here[name] = here[other] = max(here[name], here[other])


def _points(marked: str, part: Clause, several: bool, regrets: bool) -> float:
    """Return how much a mention of an operator speaks of it as the one that fails."""
    row = re.sub(r" +", " ", marked)
    found = 0.0
    if several:
        found += _near(row)
    else:
        found += 2.0 if part.fails else 0.0
        found -= 3.0 if part.matches(cues.FINE) else 0.0
        found -= 3.0 if part.matches(cues.SPARE) else 0.0
        found -= 1.0 if part.matches(cues.OTHERS) and not part.matches(cues.LOSS) else 0.0
        found -= 3.0 if part.matches(cues.WAS) else 0.0
        found += 0.25 if part.matches(cues.MINE) else 0.0
    for pattern, worth in (
        (cues.HOST, -3.0), (cues.WORSE_THAN, -3.0), (cues.BETTER_THAN, 4.0), (cues.COMPARED, -3.0),
        (cues.NOT_IT, -5.0), (cues.IT_IS, 1.0), (cues.BLAMES, -2.0), (cues.TELLS, 1.0),
    ):  # fmt: skip
        found += worth if pattern.search(row) else 0.0
    if cues.BETTER.search(row) and not cues.BETTER_THAN.search(row):
        found -= 2.0
    return found + _moves(row, part.row, regrets)


def _moves(row: str, plain: str, regrets: bool) -> float:
    """Weigh leaving and joining: what is left now has failed, what was joined since fails now."""
    left = cues.LEFT.search(row) or (regrets and cues.LEAVES.search(row))
    if left:
        return -3.0
    if cues.LEAVES.search(row):
        return 1.5
    gone = cues.ANY_LEFT.search(plain) or (regrets and cues.ANY_LEAVES.search(plain))
    if gone and cues.TO.search(row):
        return 2.0
    if cues.ANY_LEAVES.search(plain) and cues.TO.search(row):
        return -3.0
    return -2.0 if cues.JOIN.search(row) else 0.0


def _near(row: str) -> float:
    """Weigh what stands closest around a mention, where its clause names others too."""
    words = row.split()
    at = words.index("\x01")
    after = f" {' '.join(words[at + 1 : at + 6])} "
    before = f" {' '.join(words[max(0, at - 4) : at])} "
    found = 1.5 if cues.LOSS.search(after) else 0.75 if cues.LOSS.search(before) else 0.0
    found -= 2.0 if cues.FINE.search(after) else 0.0
    found -= 2.0 if cues.SPARE.search(before) else 0.0
    found -= 1.0 if cues.OTHERS.search(before) or cues.OTHERS.search(after) else 0.0
    found -= 1.5 if cues.WAS.search(before) or cues.WAS.search(after) else 0.0
    return found


_FIXED = frozenset({"fixed_internet", "tv", "mobile_voice", "mail"})
_MOBILE = frozenset({"mobile_data", "mobile_voice", "sms"})


def failing_service(parts: Sequence[Clause]) -> str:
    """Return the service that fails, of several that a post names.

    What a brand's name implies counts only where nothing else is named; what works, or helps out,
    does not count; and what carries the others stands for them: a line for its television.
    """
    named: dict[str, float] = {}
    for part in parts:
        brands = [(h.start, h.end) for h in part.hits if h.term.field in ("operator", "account")]
        works = part.matches(cues.FINE) or part.matches(cues.SPARE)
        for hit in part.hits:
            if hit.term.field != "service":
                continue
            brand = any(start <= hit.start and hit.end <= end for start, end in brands)
            worth = 0.5 if brand else 1.0
            worth *= 0.1 if works else 2.0 if part.fails else 1.0
            named[hit.term.name] = max(named.get(hit.term.name, 0.0), worth)
    if not named:
        return UNKNOWN
    most = max(named.values())
    found = {name for name, worth in named.items() if worth == most}
    if len(found) == 1:
        return found.pop()
    if "emergency_calls" in found:
        return "emergency_calls"
    if "fixed_internet" in found and found <= _FIXED:
        return "fixed_internet"
    if "mobile_data" in found and found <= _MOBILE:
        return "mobile_data"
    return ANY
