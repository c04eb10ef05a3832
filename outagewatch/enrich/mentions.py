"""Find the places that a text names.

In: a post's normalised row and the text as typed. Out: one place, or none; of several the smallest
that holds all. An ordinary word that is a place too needs the words of a place around it ("à Orange
(84)"), a bare number the words of a département ("dans le 34"), and a name that is a person's or a
team's too is none beside the words of one. Remembers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from outagewatch.enrich import place_cues as cues
from outagewatch.enrich.gazetteer import MAX_WORDS, Gazetteer, Name, place_words
from outagewatch.enrich.normalise import normalise
from outagewatch.records import Location

_DIGITS = frozenset("0123456789")
_DISTRICT = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?")
_SCORE = re.compile(r"\d{1,2}")
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-zà-öø-ÿ]\w*")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name that stands in a text, and what stands around it."""

    words: list[str]
    start: int
    end: int
    raw: str

    @property
    def phrase(self) -> str:
        return " ".join(self.words[self.start : self.end])

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def capital(self) -> bool:
        return _capital(self.phrase, self.raw)

    @property
    def leads(self) -> bool:
        return _leads(self.words, self.start)

    def before(self, n: int) -> str:
        return self.words[self.start - n] if self.start >= n else ""

    def after(self, n: int) -> str:
        return self.words[self.end + n - 1] if self.end + n <= len(self.words) else ""


class Mentions:
    """Reads places in texts.

    Parameters
    ----------
    gazetteer
        The places there are.
    operator_names
        Normalised names of operators: a place of that name needs its number or region beside it.
    """

    def __init__(self, gazetteer: Gazetteer, operator_names: frozenset[str]) -> None:
        self._gazetteer = gazetteer
        self._operators = operator_names
        self._french = any(p.country == "FR" for p in gazetteer.locations if p.kind == "city")
        self._departments = {
            place.id.removeprefix("FR-").lower(): place
            for place in gazetteer.locations
            if place.kind == "department" and place.id.startswith("FR-")
        }

    def text(self, row: str, raw: str) -> Location | None:
        """Read the place that a text names, or None; of several the smallest that holds all."""
        places: list[Location] = []
        words = place_words(row)
        first, ends = self._gazetteer.first_words, 0
        for i, word in enumerate(words):
            if i < ends or not (word in first or word[0] in _DIGITS or word[-1] in _DIGITS):
                continue  # nearly every word
            place, length = self._at(words, i, raw)
            if place is not None:
                places.append(place)
                ends = i + length
        return together(places)

    def _at(self, words: list[str], i: int, raw: str) -> tuple[Location | None, int]:
        word = words[i]
        if word[0].isdigit():
            return self._number(words, i, raw), 1
        left = len(words) - i
        longest = 1
        if left > 1 and f"{word} {words[i + 1]}" in self._gazetteer.openings:
            longest = min(MAX_WORDS, left)
        elif word not in self._gazetteer.names:
            if word[:3] == "dep" and (place := self._departments.get(word[3:])) is not None:
                return place, 1
            return self._district(words, i, raw), 1
        for length in range(longest, 0, -1):
            names = self._gazetteer.names.get(" ".join(words[i : i + length]))
            if names:
                place = self._named(names, words, i, length, raw)
                if place is not None:
                    return place, length
        return None, 1

    def _district(self, words: list[str], i: int, raw: str) -> Location | None:
        """Read a British postcode district: "M14", "EX23"."""
        word = words[i]
        if _DISTRICT.fullmatch(word) is None or (i and words[i - 1] in cues.NO_DISTRICT_BEFORE):
            return None
        area = word.rstrip("abcdefghijklmnopqrstuvwxyz").rstrip("0123456789")
        places = self._gazetteer.postcodes.get(area.upper())
        if not places or word.upper() not in raw:
            return None
        told = self._is_told(_Mention(words, i, i + 1, raw))
        if words[i + 1 : i + 2] and words[i + 1] in cues.DEVICE_AFTER:
            return None
        if len(area) == 1 and not told and (area in cues.LATE_DISTRICTS or not _leads(words, i)):
            return None
        return places[0]

    def _number(self, words: list[str], i: int, raw: str) -> Location | None:
        word = words[i]
        before = words[i - 1] if i else ""
        after = words[i + 1] if i + 1 < len(words) else ""
        if len(word) == 5 and word in self._gazetteer.postcodes:
            told_number = before != "postal" and not cues.NO_POSTCODE_BEFORE.isdisjoint(
                words[max(0, i - 2) : i]
            )
            if told_number or after in cues.NO_POSTCODE_AFTER:
                return None
            return together(self._gazetteer.postcodes[word], or_none=False)
        place = self._departments.get(word)
        if place is None or after in cues.NO_DEPARTMENT or (after[:1].isdigit() and after != word):
            return None
        if not cues.CHANNELS.isdisjoint(words):
            return None
        two_before = words[i - 2] if i > 1 else ""
        no_day = not word.isdigit() or int(word) > cues.LAST_DAY
        told = (
            (before == "le" and two_before in {"dans", "sur", "ds", "tout"})
            or before in {"dept", "dpt", "departement", "dep"}
            or (before in cues.SAME and not after)
            or before in {"ici"}
            or (before in {"le", "du"} and no_day and after in cues.PLAIN_NUMBER_AFTER)
            or (no_day and _leads(words, i) and after in cues.PLAIN_NUMBER_AFTER)
            or (before == "du" and two_before in cues.BEFORE_OF)
            or (len(word) == 3 and no_day and _leads(words, i))
            or re.search(rf"\(\s*{re.escape(word)}\s*\)", raw, re.IGNORECASE) is not None
        )
        return place if told else None

    def _named(
        self, names: list[Name], words: list[str], i: int, length: int, raw: str
    ) -> Location | None:
        m = _Mention(words, i, i + length, raw)
        numbered = [name.location for name in names if self._has_number(name.location, m.after(1))]
        if numbered:
            return one_of(numbered)
        preceded = [
            name.location
            for name in names
            if (not name.common or len(m.before(1)) == 5)
            and m.phrase not in cues.MONTHS
            and self._has_number(name.location, m.before(1))
        ]
        if preceded:
            return one_of(preceded)
        inside = self._inside_what_follows(names, m)
        if inside:
            return one_of(inside)
        if m.phrase in self._operators or self._is_no_place(m):
            return None
        if len(m.phrase) <= 2:
            leads = m.leads and m.phrase not in cues.STATE_WORDS
            if not _in_capitals(m.phrase, raw) or not (leads or m.before(1) in cues.BEFORE_SHORT):
                return None
        fitting = [
            name.location
            for name in names
            # a country named in a text says nothing of where the fault is
            if name.location.kind != "country" and self._fits(name, m)
        ]
        return one_of(fitting)

    def _is_no_place(self, m: _Mention) -> bool:
        """Whether what stands around a name says that nothing fails there.

        It is then a person, a team, a film, a street, a firm, food, abroad, or where one moves to.
        """
        before, after = m.before(1), m.after(1)
        return (
            before in cues.PERSON_BEFORE
            or before in cues.GIVEN_NAMES
            or not cues.NO_PLACE_BEFORE.isdisjoint(m.words[max(0, m.start - 3) : m.start])
            or after in cues.NO_PLACE_AFTER
            or (after == "a" and m.after(2) in ("gagne", "perdu"))
            or (after == "by" and m.after(2) == "the")
            or (after == "we" and m.after(2) == "have")
            or (_SCORE.fullmatch(after) is not None and _SCORE.fullmatch(m.after(2)) is not None)
            or (after in cues.COMPASS and m.phrase in cues.COMPASS)
            or after in self._gazetteer.foreign
            or self._is_street(m)
            or (not m.capital and before in cues.BEFORE_THING and not self._is_told(m))
            or (not m.capital and before == "the" and m.after(1) in cues.OF)
            or (m.phrase in cues.FIRST_NAMES and (m.before(2) == "merci" or after == "du"))
            or (not self._is_told(m) and not cues.SPORT.isdisjoint(m.words))
        )

    @staticmethod
    def _is_street(m: _Mention) -> bool:
        of = m.before(2) if m.before(1) in cues.OF else m.before(3)
        linked = m.before(1) in cues.OF or (m.before(1) in cues.ARTICLE and m.before(2) in cues.OF)
        return (linked and of in cues.STREET) or m.after(1) in cues.STREET_AFTER

    def _inside_what_follows(self, names: list[Name], m: _Mention) -> list[Location]:
        """Return the places of a name that lie in what is named behind it: "Die dans la Drôme"."""
        words, at, skipped = m.words, m.end, 0
        while skipped < 3 and at < len(words) and words[at] in cues.BETWEEN:
            at, skipped = at + 1, skipped + 1
        if at >= len(words):
            return []
        above: list[Location] = []
        if words[at][0].isdigit():
            department = self._departments.get(words[at])
            above = [department] if department is not None and skipped else []
        for length in (4, 3, 2, 1) if not above else ():
            phrase = " ".join(words[at : at + length])
            if phrase in cues.STATE_WORDS and not _in_capitals(phrase, m.raw):
                continue
            above += [
                name.location
                for name in self._gazetteer.names.get(phrase, ())
                if name.location.kind in ("region", "department")
            ]
            if above:
                break
        return [
            name.location
            for name in names
            if name.location.kind in ("city", "department")
            and any(place in name.location.path[1:] for place in above)
        ]

    def _is_told(self, m: _Mention) -> bool:
        """Whether the words before a name are those before a place."""
        before, two_before = m.before(1), m.before(2)
        if m.words[m.start] in ("au", "aux"):
            return True
        return (
            (before in cues.AT and (before != "a" or self._french))
            or (
                before in cues.ARTICLE
                and (two_before in cues.BEFORE_ARTICLE or _leads(m.words, m.start - 1))
            )
            or (before in cues.OF and two_before in cues.BEFORE_OF)
        )

    def _fits(self, name: Name, m: _Mention) -> bool:
        """Whether enough speaks for a name being a place here."""
        place, phrase, before, capital = name.location, m.phrase, m.before(1), m.capital
        city = place.kind == "city"
        tagged = f"#{phrase.replace(' ', '')}" in m.raw.lower()
        told = tagged or self._is_told(m)
        if city and before == "en" and self._french:
            told = tagged  # "en bordeaux" is a colour; people say "à Bordeaux"
        leads = m.leads or _ends(m.words, m.end)
        if phrase.startswith("les "):
            return before in cues.TO_INHABITANTS or (leads and phrase != "les marseillais")
        if phrase in cues.ORDINARY:
            return told and capital
        if phrase in cues.FIRST_NAMES:
            populous = not city or place.population >= cues.COMMON_CITY
            return told and (capital or m.raw.islower()) and populous
        if name.common:
            if city and place.population < cues.COMMON_CITY:
                return False
            sure = before in cues.NEAR or (before in cues.OF and m.before(2) in cues.WHOLE)
            inside = not city and m.before(2) == "dans" and m.after(1) not in cues.OF
            return (told and (capital or place.population >= cues.KNOWN_CITY)) or sure or inside
        if not city:
            river = phrase in cues.RIVERS
            if river and before in ("s", "sur"):
                return False
            bare = len(phrase) >= cues.LONG_NAME - 1 and not river
            return told or capital or leads or bare
        rare = m.length > 1 or len(phrase) >= cues.LONG_NAME
        if place.population >= cues.LARGE_CITY:
            return told or capital or leads or (m.length > 1 and len(phrase) > 12)
        if place.population >= cues.SMALL_CITY:
            return told or (leads and rare) or m.length > 2
        return capital and (told or (leads and m.length > 1 and len(phrase) > cues.LONG_NAME + 3))

    def _has_number(self, place: Location, after: str) -> bool:
        if not after[:1].isdigit():
            return False
        department = self._departments.get(after)
        if department is not None:
            return department in place.path
        return place in self._gazetteer.postcodes.get(after, ())


def _in_capitals(phrase: str, raw: str) -> bool:
    """Whether a short name stands in capitals, in a text that is not all capitals."""
    return not raw.isupper() and re.search(rf"\b{re.escape(phrase.upper())}\b", raw) is not None


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


def _leads(words: list[str], i: int) -> bool:
    """Whether nothing but handles and words such as "bonjour" stands before position i."""
    return all(word[0] == "@" or word in cues.LEAD for word in words[:i])


def _ends(words: list[str], end: int) -> bool:
    """Whether nothing but handles and marks follows position end."""
    return all(word[0] == "@" or not word[0].isalnum() or word == "url" for word in words[end:])


def together(places: Sequence[Location], *, or_none: bool = True) -> Location | None:
    """Return the smallest place that holds all; the first where only a country would."""
    if not places:
        return None
    deepest = [p for p in places if not any(p in q.path[1:] for q in places)]
    # a département that is named decides which of the towns of one name is meant
    above = [p for p in deepest if p.kind == "department"]
    first = above[0] if above else deepest[0]
    for place in first.path:
        if all(place in other.path for other in deepest):
            return place if place.kind not in ("country", "any") or not or_none else first
    return first


def one_of(places: Sequence[Location]) -> Location | None:
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
