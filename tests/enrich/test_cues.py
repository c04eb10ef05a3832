import pytest

from outagewatch.enrich.cues import is_past, onset_minutes
from outagewatch.enrich.enricher import Enricher
from outagewatch.testing import post


@pytest.mark.parametrize(
    ("row", "minutes"),
    [
        (" plus rien depuis 15 min ", 15),
        (" ca fait 2 heures que rien ", 120),
        (" il y a 5 minutes tout a coupe ", 5),
        (" no power for an hour ", 60),
        (" power went out 10 min ago ", 10),
        (" depuis une demi heure ", 30),
        (" depuis 19 heures ", None),
        (" depuis 3 jours ", None),
        (" bonjour ", None),
    ],
)
def test_people_say_since_when(row, minutes):
    assert onset_minutes(row) == minutes


def test_last_night_is_over_by_day_and_not_by_night():
    assert is_past(" coupure cette nuit ", 9)
    assert not is_past(" coupure cette nuit ", 2)
    assert not is_past(" rien depuis hier soir ", 9)


def test_notices_among_the_posts_we_wrote():
    """47 of 64 notices are known, and no reply, planned work or end of one is taken for it."""
    from outagewatch.assets import posts_of
    from outagewatch.enrich.cues import is_notice
    from outagewatch.enrich.normalise import normalise, rows

    names = {
        "{op}": "free", "{at}": "@free", "{box}": "box", "{place}": "à Lyon", "{town}": "Lyon",
        "{min}": "20", "{link}": "https://t.co/x", "{name}": "Léa",
    }  # fmt: skip
    known = written = 0
    for language in ("fr", "en"):
        _, texts, _ = posts_of([language], "telecom-fr")
        for (kind, _), found in texts.items():
            for marker, name in names.items():
                found = [text.replace(marker, name) for text in found]
            taken = sum(is_notice(r, to_one=kind == "reply") for r in rows(normalise(found)))
            if kind == "notice":
                known, written = known + taken, written + len(found)
            elif kind in ("notice_end", "works", "reply", "other"):
                assert taken == 0, kind
    assert (known, written) == (47, 64)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("@free c'est revenu chez moi", True),
        ("Plus de souci pour moi, incident terminé apparemment @free", True),
        ("Ça y est c'est réparé chez moi @free", True),
        ("nickel c'est reparti à Lyon @free", True),
        ("@free c'est pas revenu", False),
        ("@free quand c'est revenu vous prévenez ?", False),
        ("free promet un retour à la normale dans la soirée", False),
        ("@free retour à la normale prévu demain", False),
        ("@free plus d'internet depuis 20 min", False),
    ],
)
def test_what_is_back_is_told_from_what_is_hoped_for(gazetteer, french, model, text, back):
    enricher = Enricher(french, gazetteer, model)
    [verdict] = enricher.read([post(0, text)], everything=True)
    assert (verdict.kind == "restored") == back


def test_most_that_say_it_is_back_are_known_and_no_complaint_is_taken_for_it(
    gazetteer, french, model
):
    from outagewatch.assets import posts_of

    names = {"{op}": "free", "{at}": "@free", "{box}": "freebox", "{place}": "à Lyon"}
    names |= {"{town}": "Lyon", "{min}": "20", "{link}": "https://t.co/x", "{name}": "Léa"}
    told = {}
    for (kind, _), texts in posts_of(["fr"], "telecom-fr")[1].items():
        for word, name in names.items():
            texts = [text.replace(word, name) for text in texts]
        posts = [post(i, f"@free {text}") for i, text in enumerate(texts)]
        found = Enricher(french, gazetteer, model).read(posts, everything=True)
        told.setdefault(kind, []).extend(v.kind == "restored" for v in found)
    assert sum(told["restored"]) >= 0.8 * len(told["restored"])
    assert not any(any(told[kind]) for kind in ("acute", "slow", "confirm", "chronic", "about"))
