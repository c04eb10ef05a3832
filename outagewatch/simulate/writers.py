"""How people write: a text of the corpus with names filled in, typed as somebody types.

In: kinds of posts, operators, places, chance. Out: texts. Remembers the corpus, and the places of
each area with their share of its people.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.errors import UsageError
from outagewatch.records import UNKNOWN, Location
from outagewatch.settings import Settings

Corpus = Mapping[tuple[str, str], Sequence[str]]  # texts by kind and service
_PLACED = re.compile(r"\{(?:place|town)\}")
_AGENTS = {
    "fr": ["Léa", "Karim", "Inès", "Paul", "Maud", "Yann", "Sofia", "Hugo"],
    "en": ["Amy", "Dev", "Zoe", "Kofi", "Beth", "Sam", "Nia", "Tom"],
}
_BOX = {"fr": ["box"], "en": ["router", "hub"]}
_EMOJI = ["😡", "🤬", "😭", "🙃", "😤", "🤦", "👀", "😩"]
_TO = {
    "fr": ["à {}", "à {}", "sur {}", "vers {}"],
    "en": ["in {}", "in {}", "around {}", "near {}"],
}
_SMALL = 20_000  # people: of a smaller place many readers need to be told where it is


class Writers:
    """Those who write under one profile, in one language.

    Parameters
    ----------
    corpus
        Texts by kind and service.
    language
        ``fr`` or ``en``.
    settings
        The profile.
    traits
        Share and box names by operator.
    gazetteer
        The places.
    """

    def __init__(
        self,
        corpus: Corpus,
        language: str,
        settings: Settings,
        traits: Mapping[str, Any],
        gazetteer: Gazetteer,
    ) -> None:
        self.language = language
        self._corpus = corpus
        self._settings = settings
        self._traits = traits
        self._gazetteer = gazetteer
        self._operators = list(settings.operators)
        plain = 0.0 if traits else 1.0  # of an operator whose share is not known
        shares = [traits.get(name, {}).get("share", plain) for name in self._operators]
        self._shares = list(accumulate(shares))
        self._towns = lru_cache(maxsize=None)(self._towns_of)
        self._texts = lru_cache(maxsize=None)(self._texts_of)

    def operator(self, rng: Random) -> str:
        """Return an operator, by how often people write about it."""
        return self._operators[_index(self._shares, rng)]

    def services(self, kind: str) -> list[str]:
        """Return the services of the profile that texts of a kind are about."""
        known = {*self._settings.services, UNKNOWN}
        found = [service for of_kind, service in self._corpus if of_kind == kind]
        return [service for service in found if service in known]

    def text(
        self,
        rng: Random,
        kind: str,
        operator: str,
        *,
        service: str = UNKNOWN,
        place: Location | None = None,
        minutes: float = 10.0,
        used: set[str] | None = None,
    ) -> str:
        """Return a post of a kind, with or without a place, before it is typed.

        Texts that are ``used`` are left out while there are others; what is returned is used then.
        """
        texts = self._texts(kind, service, place is not None)
        if used:
            texts = [text for text in texts if text not in used] or texts
        text = _one(rng, texts)
        if used is not None:
            used.add(text)
        if place is not None:
            text = text.replace("{place}", self._phrase(rng, place))
            text = text.replace("{town}", place.name)
        for marker, name in (
            ("{op}", self._name(rng, operator)),
            ("{at}", self._handle(rng, operator)),
            ("{box}", self._box(rng, operator)),
            ("{min}", str(max(round(minutes), 2))),
            ("{name}", _one(rng, _AGENTS[self.language])),
            ("{link}", f"https://t.co/{_word(rng, 10)}"),
        ):
            text = text.replace(marker, name)
        return text

    def addressed(self, rng: Random, text: str, operator: str, *, share: float) -> str:
        """Return a post that, for a share of those that name no operator, speaks to its account."""
        known = self._settings.operators[operator]
        named = any(name.lower() in text.lower() for name in [*known.names, *known.accounts])
        if named or rng.random() >= share:
            return text
        return f"{self._handle(rng, operator)} {text}"

    def _texts_of(self, kind: str, service: str, placed: bool) -> Sequence[str]:
        for wanted in (service, UNKNOWN):
            texts = [
                text
                for text in self._corpus.get((kind, wanted), ())
                if bool(_PLACED.search(text)) == placed
            ]
            if texts:
                return texts
        anything = [t for (k, _), found in self._corpus.items() if k == kind for t in found]
        if not anything:
            raise UsageError(f"simulate: no posts of kind {kind!r} in {self.language!r}")
        return [_PLACED.sub("", text) for text in anything] if not placed else anything

    def _name(self, rng: Random, operator: str) -> str:
        known = self._settings.operators[operator]
        label = known.label or operator
        return label if rng.random() < 0.3 else (known.names or [label])[0]

    def _handle(self, rng: Random, operator: str) -> str:
        accounts = self._settings.operators[operator].accounts[:3]
        return f"@{_one(rng, accounts).lstrip('@')}" if accounts else self._name(rng, operator)

    def _box(self, rng: Random, operator: str) -> str:
        return _one(rng, self._traits.get(operator, {}).get("box") or _BOX[self.language])

    def account(self, operator: str) -> str:
        """Return the account that an operator answers with."""
        accounts = self._settings.operators[operator].accounts
        return accounts[min(1, len(accounts) - 1)] if accounts else operator

    def town(self, rng: Random, location: Location) -> Location:
        """Return a town in a place, by the people that live there."""
        towns, people = self._towns(location)
        return towns[_index(people, rng)] if towns else location

    def _towns_of(self, location: Location) -> tuple[list[Location], list[float]]:
        countries = set(self._settings.countries)
        towns = [
            place
            for place in self._gazetteer.locations
            if place.kind == "city"
            and place.population > 0
            and location.holds(place)
            and (not countries or place.country in countries)
        ]
        return towns, list(accumulate(float(place.population) for place in towns))

    def _phrase(self, rng: Random, place: Location) -> str:
        above = place.parent
        number = ""
        if above is not None and above.kind == "department":
            number = above.id.removeprefix("FR-") if above.country == "FR" else above.name
        if place.kind == "department" and place.country == "FR":
            return f"dans le {place.id.removeprefix('FR-')}"
        if number and self.language == "fr" and rng.random() < 0.25:
            return f"dans le {number}"
        phrase = _one(rng, _TO[self.language]).format(place.name)
        if self.language == "fr":
            phrase = phrase.replace("à Le ", "au ").replace("à Les ", "aux ")
        if number and place.population < _SMALL and rng.random() < 0.6:
            phrase += f" ({number})" if self.language == "fr" else f", {number}"
        return phrase


def typed(rng: Random, text: str, language: str) -> str:
    """Return a text as somebody types it: without accents, in small letters, with a slip."""
    if rng.random() < 0.35:
        text = " ".join(w if w.startswith(("@", "http")) else w.lower() for w in text.split(" "))
    if language == "fr" and rng.random() < 0.25:
        text = "".join(
            c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
        )
    if rng.random() < 0.12:
        text = text.replace("\u2019", "'").replace("'", " " if rng.random() < 0.5 else "")
    if rng.random() < 0.06 and len(text) > 20:
        at = 5 + int(rng.random() * (len(text) - 12))
        if text[at : at + 2].isalpha():
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    ending = rng.random()
    if ending < 0.06:
        text += " " + _one(rng, _EMOJI)
    elif ending < 0.12:
        text = text.rstrip(".") + _one(
            rng, ["!!", "...", "??", " svp" if language == "fr" else " pls"]
        )
    return text


def _one(rng: Random, choices: Sequence[str]) -> str:
    return choices[int(rng.random() * len(choices))]


def _index(cumulated: Sequence[float], rng: Random) -> int:
    return min(bisect.bisect_right(cumulated, rng.random() * cumulated[-1]), len(cumulated) - 1)


def _word(rng: Random, length: int) -> str:
    letters = "abcdefghijkmnopqrstuvwxyz0123456789"
    return "".join(_one(rng, letters) for _ in range(length))
