import msgspec
import pytest

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.enrich.enricher import Enricher
from outagewatch.pipeline import load_gazetteer
from outagewatch.testing import post


@pytest.fixture(scope="module")
def enricher(french, gazetteer, model):
    return Enricher(french, gazetteer, model)


def verdict(enricher, text, **fields):
    [found] = enricher.read([post(0, text, **fields)], everything=True)
    return found


@pytest.mark.parametrize(
    ("text", "operator", "service"),
    [
        ("@Freebox plus d'internet depuis ce matin", "free", "fixed_internet"),
        ("Bbox HS ce soir, plus de wifi", "bouygues", "fixed_internet"),
        ("plus de 4g chez sfr à Brest là", "sfr", "mobile_data"),
        ("la livebox est bloquée, plus de télé ni internet", "orange", "fixed_internet"),
        ("plus d'internet depuis 10 min chez moi", "unknown", "fixed_internet"),
        ("SFR et Bouygues sont down ce soir, plus de réseau", "any", "mobile_data"),
        ("@free écran noir sur la télé depuis 1h", "free", "tv"),
    ],
)
def test_operator_and_service_are_read(enricher, text, operator, service):
    found = verdict(enricher, text)
    assert (found.operator, found.service, found.kind) == (operator, service, "complaint")


@pytest.mark.parametrize(
    ("text", "fields", "why"),
    [
        ("plus d'internet chez @Freebox", {"author": "Freebox"}, "own account"),
        ("plus d'internet chez @Freebox", {"author": "@freebox"}, "own account"),
        ("RT @x: plus d'internet chez @Freebox", {}, "repost"),
        ("plus d'internet à Genève @Freebox", {"place": "Genève, Suisse"}, "another country"),
        ("encore une coupure internet cette nuit @free", {}, "time that is over"),
    ],
)
def test_what_never_counts(enricher, text, fields, why):
    found = verdict(enricher, text, **fields)
    assert found.kind == "none" and why in found.why_not


def test_the_operator_field_is_read_where_the_text_names_none(enricher):
    assert (
        verdict(enricher, "plus d'internet depuis 10 min", operator="Bouygues Telecom").operator
        == "bouygues"
    )
    assert (
        verdict(enricher, "plus d'internet @free depuis 10 min", operator="sfr").operator == "free"
    )


def test_trackers_corroborate_and_never_count(enricher):
    found = verdict(enricher, "#PANNE Free : 20 signalements à Brest", author="zoneadsl_panne")
    assert found.kind == "tracker"
    assert enricher.enrich([found.post])[0].kind == "tracker"


def test_it_is_back_is_told_apart(enricher):
    assert (
        verdict(enricher, "@free c'est revenu chez moi à l'instant, internet remarche").kind
        == "restored"
    )
    assert (
        verdict(enricher, "@free toujours pas revenu, plus d'internet depuis 1h").kind
        == "complaint"
    )


def test_everyday_posts_are_not_even_read(enricher):
    assert list(enricher.read([post(0, "il fait beau ce matin au jardin")])) == []


def test_a_profile_of_ten_lines_counts_by_keywords_without_places(tmp_path):
    path = tmp_path / "metro.toml"
    path.write_text(
        'title = "Metro"\nplaces = false\ncounting = "keywords"\n'
        '[operators.ratp]\nnames = ["ratp", "metro"]\naccounts = ["RATP"]\n'
        '[services.line]\nkeywords = ["ligne*"]\n'
        '[symptoms.stopped]\nkeywords = ["arrêt*", "bloqué*"]\n'
    )
    own = load(None, str(path), environment={}, shipped=profiles())
    found = verdict(Enricher(own, load_gazetteer(own), None), "métro bloqué ligne 4 à Paris @RATP")
    assert (found.kind, found.operator, found.service, found.found) == (
        "complaint",
        "ratp",
        "line",
        None,
    )


def test_order_and_size_of_batches_make_no_difference(enricher):
    posts = [
        post(i, t, author=f"a{i}", id=str(i))
        for i, t in enumerate(
            [
                "plus d'internet @free à Brest",
                "bonjour",
                "pareil dans le 29 @free",
                "@SFR panne ce soir",
            ]
            * 5
        )
    ]
    together = enricher.enrich(posts)
    alone = [c for p in posts for c in enricher.enrich([p])]
    assert [msgspec.to_builtins(c.id) for c in together] == [c.id for c in alone]
    assert together == alone


@pytest.mark.parametrize(
    "text",
    [
        "Free ??",
        "@free ?",
        "panne de courant dans tout Lyon",
        "le métro est bloqué, panne à Lyon",
        "WhatsApp down ?",
    ],
)
def test_what_names_no_service_of_the_profile_counts_for_nobody(enricher, text):
    assert verdict(enricher, text).kind == "none"


def test_same_here_is_enough_said(enricher):
    assert verdict(enricher, "@u_1 @free Pareil ici").kind == "complaint"


def test_equal_long_texts_without_author_are_one_persons(enricher):
    """What is copied, or recorded twice, is no second person; two words may be anyone's."""
    long = "@free plus d'internet chez moi depuis 20 minutes, je travaille comment moi ?"
    for text, people in ((long, 1), ("@free plus d'internet", 2)):
        posts = [post(i, text, author=None, id=str(i)) for i in range(2)]
        first, second = enricher.enrich(posts)
        assert len({first.author, second.author}) == people
        assert first.anonymous == second.anonymous == (people == 2)


@pytest.mark.parametrize(
    ("text", "fields", "is_talk"),
    [
        ("#BFM panne géante chez Free, le gouvernement réagit", {}, True),
        ("je quitte free, trop cher", {}, True),
        ("RT @x: plus d'internet chez @Freebox", {}, True),
        ("RT @x: une box @Freebox à gagner", {}, False),
        ("plus d'internet à Genève @Freebox", {"place": "Genève, Suisse"}, True),
        ("bonjour @x, passez en message privé", {"author": "Freebox", "operator": "free"}, False),
        ("il fait beau ce matin", {}, False),
    ],
)
def test_talk_is_kept_without_its_words(enricher, text, fields, is_talk):
    found = enricher.enrich([post(0, text, **fields)])
    assert [c.kind for c in found] == ["talk"] * is_talk
    assert not any(c.text or c.author or c.gist for c in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hier mon internet Free est tombé et il n'est toujours pas revenu", "complaint"),
        ("Si Free tombe en panne ce soir pendant le match je pète un câble", "none"),
        ("Mon internet marche très bien chez Free depuis ce matin", "none"),
        ("ça marche très bien chez le voisin mais plus d'internet ici @free", "complaint"),
    ],
)
def test_what_goes_on_is_told_from_what_might_be_and_what_works(enricher, text, kind):
    assert verdict(enricher, text).kind == kind
