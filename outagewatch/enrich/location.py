"""Say where a post is about: from coordinates, place field, text or author's place.

In: posts and their normalised rows. Out: a place and what told it, or none; in that order of
trust. Remembers the place fields it has looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from outagewatch.enrich import place_cues as cues
from outagewatch.enrich.gazetteer import Gazetteer, place_words
from outagewatch.enrich.mentions import Mentions, one_of
from outagewatch.enrich.normalise import normalise
from outagewatch.records import Location, Post

_KNOWN_PLACES = 50_000  # place fields remembered


class Found(NamedTuple):
    """A place read in a post, and what told it."""

    location: Location
    source: str  # coordinates, place, text, author


class Locator:
    """Reads places.

    Parameters
    ----------
    gazetteer
        The places there are.
    operator_names
        Normalised names of operators: a place of that name needs its number beside it.
    """

    def __init__(self, gazetteer: Gazetteer, operator_names: frozenset[str]) -> None:
        self._gazetteer = gazetteer
        self._operators = operator_names
        self._fields: dict[str, Location | None] = {}
        self.text = Mentions(gazetteer, operator_names).text

    def locate(self, posts: Sequence[Post], rows: Sequence[str]) -> list[Found | None]:
        """Return where each post is about, or None where nothing says so.

        Parameters
        ----------
        posts
            The posts.
        rows
            Their normalised texts, as many.
        """
        found: list[Found | None] = [None] * len(posts)
        placed = [
            i
            for i, post in enumerate(posts)
            if post.lat is not None and post.lon is not None and abs(post.lat) <= 90
        ]
        if placed:
            at = [(posts[i].lat or 0.0, posts[i].lon or 0.0) for i in placed]
            for i, place in zip(placed, self._gazetteer.nearest(at), strict=True):
                if place is not None:
                    found[i] = Found(place, "coordinates")
        for i, post in enumerate(posts):
            if found[i] is None:
                found[i] = self._told(post, rows[i])
        return found

    def abroad(self, row: str) -> bool:
        """Whether a row says that it speaks of another country: "Orange Mali", "en Espagne".

        A name counts behind an operator's, behind words that say where, or as the first of all.
        """
        words = place_words(row)
        foreign = self._gazetteer.foreign
        for i in range(len(words)):
            for length in (3, 2, 1):
                if " ".join(words[i : i + length]) not in foreign:
                    continue
                before = words[i - 1] if i else ""
                article = before in cues.ARTICLE and (words[i - 2] if i > 1 else "")
                if (
                    i == 0
                    or before in cues.WHERE
                    or before in self._operators
                    or (before in cues.ARTICLE and (i == 1 or article in cues.WHERE))
                ):
                    return True
        return False

    def _told(self, post: Post, row: str) -> Found | None:
        said = self.field(post.place) if post.place else None
        if said is not None and said.kind not in ("country", "any"):
            return Found(said, "place")
        in_text = self.text(row, post.text)
        if in_text is not None:
            return Found(in_text, "text")
        if said is not None:
            return Found(said, "place")
        home = self.field(post.author_place) if post.author_place else None
        if home is None:
            return None
        if home.kind == "city" and home.parent is not None:
            home = home.parent  # where somebody lives says little of where the fault is
        return Found(home, "author")

    def field(self, text: str) -> Location | None:
        """Read a place field such as ``San Antonio, TX`` or ``Lyon``."""
        if text not in self._fields:
            if len(self._fields) >= _KNOWN_PLACES:
                self._fields.clear()
            self._fields[text] = self._read_field(text)
        return self._fields[text]

    def _read_field(self, text: str) -> Location | None:
        known = self._gazetteer.get(text)
        if known is not None:
            return known
        parts = [
            " ".join(word for word in place_words(row) if not word.isdigit())
            for row in normalise(list(re.split(r"[,(/|]", text[:120]))).split("\n")
        ]
        parts = [part for part in parts if part]
        for number, part in enumerate(parts):
            names = self._gazetteer.names.get(part, ())
            rest = parts[number + 1 :]
            if rest:
                names = [name for name in names if self._inside(name.location, rest)] or names
            best = one_of([name.location for name in names])
            if best is not None:
                return best
        return None

    def _inside(self, place: Location, parts: Sequence[str]) -> bool:
        above = set(place.path[1:])
        return any(
            name.location in above for part in parts for name in self._gazetteer.names.get(part, ())
        )
