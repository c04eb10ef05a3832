import pytest

from outagewatch.assets import gazetteer_rows
from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.enrich.location import Locator
from outagewatch.enrich.normalise import normalise
from outagewatch.testing import post


@pytest.fixture(scope="module")
def french_places(gazetteer):
    return Locator(gazetteer, frozenset({"orange", "free", "sfr"}))


@pytest.fixture(scope="module")
def world():
    return Locator(Gazetteer(gazetteer_rows()), frozenset())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("plus rien dans le 34 depuis 20 min", "FR-34"),
        ("Panne (29) ?", "FR-29"),
        ("ici 34 plus de réseau", "FR-34"),
        ("idem 77", "FR-77"),
        ("coupure à Quimper ce soir", "FR-29232"),
        ("plus de box à Saint-Étienne", "FR-42218"),
        ("plus de box à St Etienne", "FR-42218"),
        ("92700 Colombes coupé", "FR-92025"),
        ("sur le 92300 depuis midi", "FR-92044"),
        ("Paris 12e plus rien", "FR-75112"),
        ("coupure dans la Loire", "FR-42"),
        ("panne en Seine-et-Marne", "FR-77"),
        ("toute la Bretagne est coupée", "FR-BRE"),
        ("#hautesavoie plus rien", "FR-74"),
        ("plus de fibre à Orange (84)", "FR-84087"),
        ("panne à Cavaillon et à Pertuis", "FR-84"),
        ("coupure à Saint-Denis de la Réunion", "FR-97411"),
        ("je quitte Orange pour Free", None),
        ("à Orange ils répondent pas", None),
        ("payé 34 euros", None),
        ("rdv le 12 août", None),
        ("box bloquée étape 2", None),
        ("10 mbps au lieu de 600", None),
        ("appelez le 3244", None),
        ("il y a 15 jours", None),
        ("dans les 72 heures", None),
        ("nice, bravo", None),
        ("bon ben la mer c'est bien", None),
        ("@lyon69 salut", None),
        ("dossier 34000 sans réponse", None),
    ],
)
def test_places_are_read_in_french_texts(french_places, text, place):
    [row] = normalise([text]).split("\n")
    found = french_places.text(row, text)
    assert (found.id if found else None) == place


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("San Antonio, TX", "San Antonio"),
        ("Lagos, Nigeria", "Lagos"),
        ("Cleveland, OH", "Cleveland"),
        ("United Kingdom", "United Kingdom"),
        ("somewhere over the rainbow", None),
        ("", None),
    ],
)
def test_place_fields_are_read(world, field, name):
    found = world.field(field)
    assert (found.name if found else None) == name


def test_coordinates_are_trusted_more_than_the_text(french_places):
    brest = post(0, "coupure à Quimper", lat=48.39, lon=-4.49)
    [found] = french_places.locate([brest], [" coupure a quimper "])
    assert (found.location.id, found.source) == ("FR-29019", "coordinates")


def test_where_an_author_lives_says_no_more_than_the_departement(french_places):
    [found] = french_places.locate([post(0, "plus rien", author_place="Brest")], [" plus rien "])
    assert (found.location.id, found.source) == ("FR-29", "author")


def test_coordinates_at_sea_name_no_place(french_places):
    [found] = french_places.locate([post(0, "plus rien", lat=45.0, lon=-30.0)], [" plus rien "])
    assert found is None
