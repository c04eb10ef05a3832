"""The places that posts may name, and how they hold each other.

In: rows of the shipped table. Out: :class:`~outagewatch.records.Location` objects, one a place,
found by id, by name, by postcode and by coordinates. Remembers all places of the countries asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np

from outagewatch.enrich.normalise import normalise
from outagewatch.enrich.place_cues import NOT_SHORT
from outagewatch.records import Location

EARTH_KM = 6371.0
MAX_KM = 60.0  # farther than this from any known place, coordinates name none
FOREIGN_CITY = 300_000  # people of a city that is known by name abroad
HOME_TOWN = 10_000  # people of a town whose name means it rather than a place abroad
MAX_WORDS = 7  # of a place's name
_TO = {"le": "au", "les": "aux"}
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write a place."""

    location: Location
    common: bool  # an ordinary word too
    official: bool  # its own name rather than an alias


SHORT_CITY = 30_000  # people of a town that goes by the first part of its name


def _is_called_short(place: Location, words: Sequence[str], common: bool) -> bool:
    return (
        place.country == "FR"
        and place.kind == "city"
        and place.population >= SHORT_CITY
        and len(words) > 1
        and len(words[0]) > 4
        and words[0] not in NOT_SHORT
        and not common
    )


def place_words(normalised: str) -> list[str]:
    """Split a normalised row into words, saints written out.

    Examples
    --------
    >>> place_words(" a st etienne ")
    ['a', 'saint', 'etienne']
    """
    return [_SAINTS.get(word, word) for word in normalised.split()]


class Gazetteer:
    """Places by id, name, postcode and coordinates.

    Parameters
    ----------
    rows
        The shipped table, header first: id, kind, name, country, parent, lat, lon, population,
        timezone, postcodes, aliases, flags.
    countries
        Countries whose places are kept; empty for all. Countries themselves are always known.
    """

    def __init__(self, rows: Sequence[Sequence[str]], countries: Sequence[str] = ()) -> None:
        table = [row for row in rows if not countries or row[3] in countries or row[1] == "country"]
        self.world = Location("any", "any", "any", None, None, None, 0, None)
        self._by_id: dict[str, Location] = {"any": self.world}
        alone = countries[0] if len(countries) == 1 else None
        waiting = {row[0]: row for row in table if row[0] != "id"}
        for place_id in waiting:
            self._place(place_id, waiting, alone)
        self.root = self._by_id.get(alone or "any", self.world)
        self.names: dict[str, list[Name]] = {}
        self.postcodes: dict[str, list[Location]] = {}
        self.openings: set[str] = set()  # the first two words of all longer names
        self.first_words: set[str] = set()  # the first word of all names
        self._index(list(waiting.values()))
        self.foreign = self._foreign(rows, countries) if countries else frozenset()

    def _place(self, place_id: str, rows: dict[str, Sequence[str]], alone: str | None) -> Location:
        known = self._by_id.get(place_id)
        if known is not None:
            return known
        row = rows[place_id]
        parent: Location | None = self.world
        if row[4] and row[4] in rows:
            parent = self._place(row[4], rows, alone)
        elif place_id == alone:
            parent = None  # where all is one country, the world says nothing more
        kind = cast(Literal["city", "department", "region", "country"], row[1])
        place = Location(
            place_id,
            row[2],
            kind,
            row[3] or None,
            float(row[5]) if row[5] else None,
            float(row[6]) if row[6] else None,
            int(row[7] or 0),
            row[8] or None,
            parent,
        )
        self._by_id[place_id] = place
        return place

    def _index(self, rows: list[Sequence[str]]) -> None:
        spellings: list[str] = []
        owners: list[tuple[Location, bool, int]] = []
        for row in rows:
            place = self._by_id[row[0]]
            common = "common_word" in row[11]
            aliases = [alias for alias in row[10].split("|") if alias]
            for number, spelling in enumerate([row[2], *aliases]):
                spellings.append(spelling)
                owners.append((place, common, number))
            for postcode in filter(None, row[9].split("|")):
                self.postcodes.setdefault(postcode, []).append(place)
        plain = normalise(spellings).split("\n")
        for row_text, (place, common, number) in zip(plain, owners, strict=True):
            words, official = place_words(row_text), number == 0
            common = common and (official or len(words) == 1)
            self._add(" ".join(words), Name(place, common, official))
            if words[:1] in (["le"], ["les"]) and place.country == "FR":  # au Havre, aux Abymes
                self._add(" ".join([_TO[words[0]], *words[1:]]), Name(place, common, official))
            if number == 0 and _is_called_short(place, words, common):  # Corbeil, Athis
                self._add(words[0], Name(place, common, official=False))
            if place.country == "FR" and "sur" in words:  # Chalon s/ Saône
                short = " ".join("s" if word == "sur" else word for word in words)
                self._add(short, Name(place, common, official=False))
            if place.country == "GB" and "s" in words:  # Kings Lynn
                self._add(" ".join(words).replace(" s", "s"), Name(place, common, official=False))
            large = place.kind != "city" or place.population >= 20_000
            if large and len(words) > 1:  # hashtags: #hautesavoie
                self._add("".join(words), Name(place, common, official=False))

    def _foreign(self, rows: Sequence[Sequence[str]], countries: Sequence[str]) -> frozenset[str]:
        """Return how other countries and their large cities are called, but for names of ours."""
        spellings = [
            spelling
            for row in rows[1:]
            if row[3] not in countries
            and (row[1] == "country" or (row[1] == "city" and int(row[7] or 0) >= FOREIGN_CITY))
            for spelling in (row[2], *filter(None, row[10].split("|")))
        ]
        phrases = {" ".join(place_words(row)) for row in normalise([*spellings, ""]).split("\n")}
        ours = {
            p
            for p, names in self.names.items()
            if any(n.location.country in countries for n in names)
        }
        return frozenset(p for p in phrases - ours if len(p) > 3)

    @staticmethod
    def _is_known_at_home(name: Name) -> bool:
        place = name.location
        return place.kind in ("region", "department") or (
            place.kind == "city" and place.population >= HOME_TOWN
        )

    def _add(self, phrase: str, name: Name) -> None:
        if not phrase:
            return
        self.names.setdefault(phrase, []).append(name)
        words = phrase.split(" ", 2)
        self.first_words.add(words[0])
        if len(words) > 1:
            self.openings.add(f"{words[0]} {words[1]}")

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, place_id: str) -> Location | None:
        """Return the place of an id, or None."""
        return self._by_id.get(place_id)

    @property
    def locations(self) -> Iterable[Location]:
        """All places."""
        return self._by_id.values()

    @cached_property
    def _tree(self) -> tuple[Any, list[Location]]:
        from scipy.spatial import cKDTree

        cities = [p for p in self._by_id.values() if p.kind == "city" and p.lat is not None]
        return cKDTree(_on_sphere([(p.lat or 0.0, p.lon or 0.0) for p in cities])), cities

    def nearest(self, coordinates: Sequence[tuple[float, float]]) -> list[Location | None]:
        """Return the nearest city of each pair of latitude and longitude in degrees, or None."""
        tree, cities = self._tree
        distances, indexes = tree.query(_on_sphere(coordinates))
        return [
            cities[index] if distance * EARTH_KM <= MAX_KM else None
            for distance, index in zip(distances, indexes, strict=True)
        ]


def _on_sphere(coordinates: Sequence[tuple[float, float]]) -> np.ndarray:
    lat, lon = np.radians(np.asarray(coordinates, float).reshape(-1, 2)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
