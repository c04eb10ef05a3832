"""Say where a post is about: from coordinates, place field, text or author's place.

In: posts and their normalised rows. Out: a place and what told it, or none; in that order of
trust. An ordinary word that is a place too needs the words of a place around it ("à Orange (84)"),
a bare number the words of a département ("dans le 34"). Remembers the places it has looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from outagewatch.enrich.gazetteer import MAX_WORDS, Gazetteer, Name, place_words
from outagewatch.enrich.normalise import normalise
from outagewatch.records import Location, Post

LARGE_CITY = 20_000  # inhabitants from which a bare, capitalised name is read as a place
COMMON_CITY = 5_000  # and for a name that is an ordinary word too
SMALL_CITY = 2_000  # below this a name needs both a capital and the words of a place
_KNOWN_PLACES = 50_000  # place fields remembered

_AT = frozenset(
    [
        "a",
        "au",
        "aux",
        "en",
        "sur",
        "vers",
        "dans",
        "ici",
        "in",
        "near",
        "at",
        "around",
        "across",
        "outside",
        "secteur",
        "region",
        "ville",
        "commune",
        "agglo",
        "pres",
        "proche",
        "chez",
        "hier",
        "idem",
        "pareil",
        "here",
        "over",
    ]
)
_ARTICLE = frozenset(["le", "la", "l", "les", "the"])
_BEFORE_ARTICLE = frozenset(
    ["dans", "sur", "in", "en", "vers", "de", "sous", "a", "across", "around", "near"]
)
_OF = frozenset(["de", "d", "du", "des", "of"])
_BEFORE_OF = frozenset(
    [
        "pres",
        "cote",
        "ville",
        "commune",
        "region",
        "secteur",
        "quartier",
        "banlieue",
        "sud",
        "nord",
        "est",
        "ouest",
        "centre",
        "autour",
        "agglo",
        "agglomeration",
        "departement",
        "loin",
        "hauteur",
        "zone",
        "pays",
        "parts",
        "area",
        "east",
        "west",
        "north",
        "south",
        "city",
    ]
)
_STREET = frozenset(
    "rue avenue av boulevard bd place route chemin quai cours gare porte allee impasse pont "  # noqa: SIM905
    "faubourg college lycee universite stade tour banque credit caisse road street".split()
)
_NO_DEPARTMENT = frozenset(
    [
        "h",
        "heure",
        "heures",
        "min",
        "mn",
        "minutes",
        "%",
        "€",
        "euros",
        "euro",
        "mbps",
        "mb",
        "go",
        "mo",
        "gb",
        "ans",
        "an",
        "jours",
        "j",
        "jour",
        "secondes",
        "sec",
        "km",
        "eme",
        "e",
        "er",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "dernier",
        "prochain",
        "fois",
        "pm",
        "am",
        "points",
        "janv",
        "fev",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_NO_POSTCODE_BEFORE = frozenset(
    ["ticket", "dossier", "n", "no", "numero", "ref", "reference", "client", "id", "code", "€"]
)
_NO_POSTCODE_AFTER = frozenset(
    [
        "€",
        "euros",
        "euro",
        "mo",
        "go",
        "mb",
        "mbps",
        "fois",
        "abonnes",
        "personnes",
        "clients",
        "signalements",
        "km",
        "m",
        "users",
    ]
)
_SAME = frozenset(["pareil", "idem", "meme", "aussi", "ici", "same"])


_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-zà-öø-ÿ]\w*")


class Found(NamedTuple):
    """A place read in a post, and what told it."""

    location: Location
    source: str  # coordinates, place, text, author


_WHERE = frozenset(
    ["a", "au", "aux", "en", "in", "vers", "depuis", "ici", "tout", "from", "across"]
)
_ARTICLES = frozenset(["la", "le", "les", "l", "the"])


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
        self._departments = {
            place.id.removeprefix("FR-").lower(): place
            for place in gazetteer.locations
            if place.kind == "department" and place.id.startswith("FR-")
        }
        self._fields: dict[str, Location | None] = {}

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
                article = before in _ARTICLES and (words[i - 2] if i > 1 else "")
                if (
                    i == 0
                    or before in _WHERE
                    or before in self._operators
                    or (before in _ARTICLES and (i == 1 or article in _WHERE))
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
            best = self._one_of([name.location for name in names])
            if best is not None:
                return best
        return None

    def _inside(self, place: Location, parts: Sequence[str]) -> bool:
        above = set(place.path[1:])
        return any(
            name.location in above for part in parts for name in self._gazetteer.names.get(part, ())
        )

    @staticmethod
    def _one_of(places: Sequence[Location]) -> Location | None:
        """Return the place that a name means where nothing else says which, or None."""
        if not places:
            return None
        order = sorted(set(places), key=lambda p: (-p.population, p.id))
        inside = [p for p in order if order[0] in p.path]  # Paris the city in Paris the department
        if len(inside) == len(order):
            return order[0]
        if order[0].population >= 4 * order[1].population:
            return order[0]
        return None

    def text(self, row: str, raw: str) -> Location | None:
        """Read the place that a text names, or None; of several the smallest that holds all."""
        places: list[Location] = []
        words = place_words(row)
        i = 0
        while i < len(words):
            place, length = self._at(words, i, raw)
            if place is not None:
                places.append(place)
            i += length
        return _together(places)

    def _at(self, words: list[str], i: int, raw: str) -> tuple[Location | None, int]:
        word = words[i]
        if word[0].isdigit():
            return self._number(words, i, raw), 1
        left = len(words) - i
        longest = 1
        if left > 1 and f"{word} {words[i + 1]}" in self._gazetteer.openings:
            longest = min(MAX_WORDS, left)
        elif word not in self._gazetteer.names:
            return None, 1
        for length in range(longest, 0, -1):
            names = self._gazetteer.names.get(" ".join(words[i : i + length]))
            if names:
                place = self._named(names, words, i, length, raw)
                if place is not None:
                    return place, length
        return None, 1

    def _number(self, words: list[str], i: int, raw: str) -> Location | None:
        word = words[i]
        before = words[i - 1] if i else ""
        after = words[i + 1] if i + 1 < len(words) else ""
        if len(word) == 5 and word in self._gazetteer.postcodes:
            if before in _NO_POSTCODE_BEFORE or after in _NO_POSTCODE_AFTER:
                return None
            return _together(self._gazetteer.postcodes[word], or_none=False)
        place = self._departments.get(word)
        if place is None or after in _NO_DEPARTMENT or (after[:1].isdigit() and after != word):
            return None
        two_before = words[i - 2] if i > 1 else ""
        told = (
            (before == "le" and two_before in {"dans", "sur"})
            or before in {"dept", "dpt", "departement", "dep"}
            or (before in _SAME and not after)
            or before in {"ici"}
            or re.search(rf"\(\s*{re.escape(word)}\s*\)", raw, re.IGNORECASE) is not None
        )
        return place if told else None

    def _named(
        self, names: list[Name], words: list[str], i: int, length: int, raw: str
    ) -> Location | None:
        phrase = " ".join(words[i : i + length])
        after = words[i + length] if i + length < len(words) else ""
        numbered = [name.location for name in names if self._has_number(name.location, after)]
        if numbered:
            return self._one_of(numbered)
        before, two_before = words[i - 1] if i else "", words[i - 2] if i > 1 else ""
        preceded = [name.location for name in names if self._has_number(name.location, before)]
        if preceded:
            return self._one_of(preceded)
        if before in _OF and two_before in _STREET:
            return None
        follows = self._state(after, raw)
        if follows is not None:
            inside = [name.location for name in names if follows in name.location.path[1:]]
            if inside:
                return self._one_of(inside)
        if phrase in self._operators or len(phrase) <= 2:
            return None
        tagged = f"#{phrase}" in raw.lower() or phrase.startswith(("au ", "aux "))
        told, capital = tagged or _told(words, i), _capital(phrase, raw)
        fitting = [
            name.location
            for name in names
            # a country named in a text says nothing of where the fault is
            if name.location.kind != "country" and _fits(name, told=told, capital=capital)
        ]
        return self._one_of(fitting)

    def _has_number(self, place: Location, after: str) -> bool:
        if not after[:1].isdigit():
            return False
        department = self._departments.get(after)
        if department is not None:
            return department in place.path
        return place in self._gazetteer.postcodes.get(after, ())

    def _state(self, after: str, raw: str) -> Location | None:
        """Return the state of two capital letters, or the region, that follows a name."""
        if not after:
            return None
        for name in self._gazetteer.names.get(after, ()):
            if name.location.kind in ("region", "country") and (
                len(after) > 2 or re.search(rf"\b{re.escape(after.upper())}\b", raw)
            ):
                return name.location
        return None


def _told(words: list[str], i: int) -> bool:
    """Whether the words before position i are those before a place."""
    before = words[i - 1] if i else ""
    two_before = words[i - 2] if i > 1 else ""
    return (
        before in _AT
        or (before in _ARTICLE and two_before in _BEFORE_ARTICLE)
        or (before in _OF and two_before in _BEFORE_OF)
    )


def _capital(phrase: str, raw: str) -> bool:
    """Whether the phrase begins with a capital somewhere in the text as typed."""
    wanted = (phrase.partition(" ")[0], phrase.replace(" ", ""))
    if raw.isupper():
        return False
    return any(_plain(word) in wanted for word in _CAPITAL.findall(raw))


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    """Return a word as it stands in a normalised row, saints written out."""
    words = place_words(normalise([word]))
    return words[0] if words else ""


def _fits(name: Name, *, told: bool, capital: bool) -> bool:
    place = name.location
    if name.common:
        return told and capital and (place.population >= COMMON_CITY or place.kind != "city")
    if place.kind != "city" or place.population >= LARGE_CITY:
        return told or capital
    if place.population >= SMALL_CITY:
        return told
    return told and capital


def _together(places: Sequence[Location], *, or_none: bool = True) -> Location | None:
    """Return the smallest place that holds all; the first where only a country would."""
    if not places:
        return None
    deepest = [p for p in places if not any(p in q.path[1:] for q in places)]
    first = deepest[0]
    for place in first.path:
        if all(place in other.path for other in deepest):
            return place if place.kind not in ("country", "any") or not or_none else first
    return first
