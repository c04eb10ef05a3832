"""How often operator, service and place are read right on posts that we wrote for that."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.pipeline import Pipeline
from outagewatch.records import Post
from outagewatch.testing import post

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 3, 4, 20, tzinfo=UTC)
PROFILE_OF = {"FR": "telecom-fr", "GB": "telecom-uk", "US": "telecom-us"}


@pytest.fixture(scope="module")
def enrichers():
    shipped = profiles()
    return {
        profile: Pipeline(load(None, profile, environment={}, shipped=shipped)).enricher
        for profile in PROFILE_OF.values()
    }


def table(name):
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read(enrichers, rows, profile_of):
    for profile, enricher in enrichers.items():
        part = [row for row in rows if profile_of(row) == profile]
        posts = [Post(text=row["text"], created_at=NOW) for row in part]
        yield from zip(part, enricher.read(posts, everything=True), strict=True)


@pytest.mark.parametrize(
    ("name", "operator", "service"), [("operators", 0.95, 0.85), ("operators-2", 0.85, 0.85)]
)
def test_operator_and_service(enrichers, name, operator, service):
    rows, right = table(name), {"operator": 0, "service": 0}
    for row, v in read(enrichers, rows, lambda row: row["profile"]):
        for field in right:
            right[field] += getattr(v, field) in row[field].split("|")
    assert right["operator"] >= operator * len(rows) and right["service"] >= service * len(rows)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("places", 0.97, 0.85), ("places-2", 0.95, 0.85), ("places-3", 0.95, 0.85)],
)
def test_places(enrichers, name, precision, recall):
    rows = table(name)
    right = named = 0
    for row, v in read(enrichers, rows, lambda row: PROFILE_OF[row["country"]]):
        place = v.found.location.id if v.found is not None else None
        named += place is not None
        right += place is not None and place in row["expected"].split("|")
    there = sum(bool(row["expected"]) for row in rows)
    assert right >= precision * named and right >= recall * there
    assert there * 2 == len(rows)  # half name none


@pytest.mark.parametrize(
    ("text", "operator", "service"),
    [
        (
            "je quitte Orange pour Free, encore en panne ce matin",
            "orange",
            "fixed_internet|unknown",
        ),
        ("passé de sfr à free hier et depuis plus d'internet", "free", "fixed_internet"),
        ("chez Bouygues ça marche, chez SFR plus rien", "sfr", "unknown"),
        ("heureusement que j'ai la 4G de SFR, la freebox est morte", "free", "fixed_internet"),
        ("SFR et Bouygues sont down à Lyon", "any", "unknown"),
        ("j'écris en 4G, plus de fibre orange", "orange", "fixed_internet"),
        ("RED ne capte plus à Brest", "sfr", "mobile_data"),
        ("le voyant passe au rouge, plus d'internet", "unknown", "fixed_internet"),
        ("Lebara affiche rien depuis midi", "lebara", "mobile_data"),
        ("#PanneSFR depuis 20h", "sfr", "unknown"),
    ],
)
def test_who_and_what_is_complained_of(enrichers, text, operator, service):
    [v] = enrichers["telecom-fr"].read([post(0, text)], everything=True)
    assert v.operator == operator and v.service in service.split("|")


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("left O2 for EE and now EE has no signal", "ee"),
        ("My BT broadband is down so I'm on Vodafone data", "bt"),
        ("Three won't load anything tonight", "three"),
        ("three days without internet", "unknown"),
        ("EE and Three both down in Hull", "any"),
    ],
)
def test_words_that_are_operators_too(enrichers, text, operator):
    [v] = enrichers["telecom-uk"].read([post(0, text)], everything=True)
    assert v.operator == operator


def test_a_post_of_nothing_but_marks_and_names_is_read(enrichers):
    for text in ("@free @orange", "free, orange, sfr!!!", "…,,;;", "Free\x01Orange panne", ""):
        [v] = enrichers["telecom-fr"].read([post(0, text)], everything=True)
        assert v.operator in ("any", "free", "orange", "unknown")
