def test_france_is_known_to_the_commune(gazetteer):
    places = list(gazetteer.locations)
    assert sum(p.kind == "department" and p.id.startswith("FR-") for p in places) == 101
    assert sum(p.kind == "city" and p.country == "FR" for p in places) > 34_800
    assert sum(p.kind == "region" and p.country == "FR" for p in places) == 13


def test_every_french_place_lies_in_france(gazetteer):
    france = gazetteer.get("FR")
    for place in gazetteer.locations:
        if place.country == "FR":
            assert france.holds(place), place.id


def test_a_commune_knows_what_holds_it(gazetteer):
    brest = gazetteer.get("FR-29019")
    assert [p.id for p in brest.path] == ["FR-29019", "FR-29", "FR-BRE", "FR"]
    assert brest.timezone == "Europe/Paris"
    assert gazetteer.get("FR-97411").timezone == "Indian/Reunion"


def test_the_nearest_city_is_found(gazetteer):
    [found] = gazetteer.nearest([(48.39, -4.49)])
    assert found.id == "FR-29019"
