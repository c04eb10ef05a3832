"""Find the terms of a profile in posts: operators, services, symptoms, and the words around them.

In: rows of normalised text. Out: for each row the terms it holds. Remembers the profile's terms,
in one automaton: all of them are found in one pass over the batch. A term is whole words; a
``*`` at the end of a word stands for any ending.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick

from outagewatch.enrich.normalise import normalise
from outagewatch.records import ANY, UNKNOWN


class Term(NamedTuple):
    """One spelling, and what it says."""

    field: str  # operator, service, symptom, cue, ignore, restored
    name: str
    pattern: str  # " words " as they stand in a normalised row


class Hit(NamedTuple):
    """A term found in a row, at a position in it."""

    term: Term
    start: int
    end: int


def patterns(spelling: str) -> list[str]:
    """Return how a spelling stands in normalised rows; none if nothing is left of it.

    Examples
    --------
    >>> patterns("panne* générale")
    [' panne* generale ']
    >>> patterns("coupé*")
    [' coupe']
    """
    plain = normalise([spelling.replace("*", "QXQ")]).replace("qxq", "*")
    if not plain.strip():
        return []
    return [plain[:-2]] if plain.endswith("* ") else [plain]


class Lexicon:
    """All terms of a profile.

    Parameters
    ----------
    terms
        ``(field, name, spellings)``: what is said, by any of these spellings.
    """

    def __init__(self, terms: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        self._terms: list[Term] = []
        inner: list[Term] = []
        for fieldname, name, spellings in terms:
            for spelling in spellings:
                for pattern in patterns(spelling):
                    term = Term(fieldname, name, pattern)
                    (inner if "*" in pattern else self._terms).append(term)
        # A "*" inside a term: the part before it is searched for, the whole is then matched.
        self._inner = {}
        for term in inner:
            head = term.pattern[: term.pattern.index("*")]
            whole = re.compile(re.escape(term.pattern).replace(r"\*", r"\S*"))
            self._inner[len(self._terms)] = whole
            self._terms.append(Term(term.field, term.name, head))
        needles = [term.pattern for term in self._terms] or ["\0"]
        self._automaton = AhoCorasick(needles)

    def find(self, normalised: str) -> dict[int, list[Hit]]:
        """Find all terms in all rows.

        Parameters
        ----------
        normalised
            Rows apart by line feeds, each word between two spaces.

        Returns
        -------
        The hits of each row that has any, by row number, in the order in which they stand.
        """
        found = self._automaton.find_matches_as_indexes(normalised, overlapping=True)
        if not found:
            return {}
        breaks = np.flatnonzero(
            np.frombuffer(normalised.encode("utf-32-le"), np.uint32) == ord("\n")
        )
        starts = np.concatenate(([0], breaks + 1))
        rows = np.searchsorted(starts, [start for _, start, _ in found], "right") - 1
        hits: dict[int, list[Hit]] = {}
        for row, (which, start, end) in zip(rows.tolist(), found, strict=True):
            term = self._terms[which]
            if which in self._inner:
                whole = self._inner[which].match(normalised, start)
                if whole is None:
                    continue
                end = whole.end()
            begin = int(starts[row])
            hits.setdefault(row, []).append(Hit(term, start - begin, end - begin))
        return hits


@dataclass(slots=True)
class Terms:
    """What the hits of one row say, longest terms first: one that lies inside another is none."""

    hits: list[Hit] = field(default_factory=list)

    @classmethod
    def of(cls, hits: Iterable[Hit]) -> Terms:
        """Keep the hits that lie inside no longer hit of the same field."""
        kept: list[Hit] = []
        for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
            covered = any(
                other.start <= hit.start
                and hit.end <= other.end
                and other.end - other.start > hit.end - hit.start
                and (other.term.field == hit.term.field or other.term.field == "ignore")
                for other in kept
            )
            if not covered:
                kept.append(hit)
        kept.sort(key=lambda hit: (hit.start, hit.end, hit.term))
        return cls(kept)

    def names(self, fieldname: str) -> Counter[str]:
        """Count the names said in a field, in the order in which they are said."""
        return Counter(hit.term.name for hit in self.hits if hit.term.field == fieldname)

    def words(self, fieldname: str) -> list[str]:
        """Return the words as they stand in the row."""
        return [hit.term.pattern.strip() for hit in self.hits if hit.term.field == fieldname]

    def one(self, fieldname: str) -> str:
        """Return the name a row agrees on: ``unknown`` for none, ``any`` for several."""
        names = [name for name in self.names(fieldname) if name != ANY]
        if not names:
            return UNKNOWN
        return names[0] if len(names) == 1 else ANY
