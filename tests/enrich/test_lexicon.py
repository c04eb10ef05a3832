import pytest

from outagewatch.enrich.lexicon import Lexicon, Terms
from outagewatch.enrich.normalise import normalise

LEXICON = Lexicon(
    [
        ("operator", "free", ["free", "freebox"]),
        ("operator", "any", ["free lance"]),
        ("account", "free", ["@freebox"]),
        ("service", "fixed_internet", ["internet", "étape 2", "connexion"]),
        ("service", "tv", ["chaîne*"]),
        ("symptom", "no_service", ["plus de réseau", "panne*", "coup* général*"]),
    ]
)


def read(text):
    return Terms.of(LEXICON.find(normalise([text])).get(0, []))


@pytest.mark.parametrize(
    ("text", "fieldname", "names"),
    [
        pytest.param("FREE !", "operator", ["free"], id="case"),
        pytest.param("freedom", "operator", [], id="whole words only"),
        pytest.param("je suis free lance", "operator", ["any"], id="a longer term hides a shorter"),
        pytest.param("l'internet, d'internet", "service", ["fixed_internet"], id="elision"),
        pytest.param("bloqué à l'Étape 2.", "service", ["fixed_internet"], id="accents and marks"),
        pytest.param("deux chaînes", "service", ["tv"], id="star"),
        pytest.param("pannes partout", "symptom", ["no_service"], id="star, plural"),
        pytest.param("coupure générale", "symptom", ["no_service"], id="star inside"),
        pytest.param("coupure de courant", "symptom", [], id="star inside needs the rest"),
        pytest.param("plus   de-réseau", "symptom", ["no_service"], id="several words"),
        pytest.param("@Freebox bonjour", "account", ["free"], id="account"),
        pytest.param("@Freeboxer bonjour", "account", [], id="not another account"),
    ],
)
def test_terms_are_found_as_whole_words(text, fieldname, names):
    assert list(read(text).names(fieldname)) == names


def test_rows_of_a_batch_keep_their_own_terms():
    found = LEXICON.find(normalise(["rien", "panne internet", "😀 free", ""]))
    assert sorted(found) == [1, 2]
    assert {hit.term.name for hit in found[1]} == {"no_service", "fixed_internet"}


def test_one_name_is_named_several_are_any_none_is_unknown():
    assert read("internet").one("service") == "fixed_internet"
    assert read("internet et les chaînes").one("service") == "any"
    assert read("bonjour").one("service") == "unknown"
