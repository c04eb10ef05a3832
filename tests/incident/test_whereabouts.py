from outagewatch.incident.whereabouts import likeliest
from outagewatch.testing import BREST, BRETAGNE, FINISTERE, FRANCE, QUIMPER, complaint


def people(where, unplaced=0):
    placed = [complaint(i, f"p{i}", location=place) for i, place in enumerate(where)]
    return placed + [complaint(i, f"u{i}", location=FRANCE) for i in range(unplaced)]


def place(where, unplaced=0, usual=0.5, placed=0.3):
    found = likeliest(people(where, unplaced), usual=usual, placed=placed)
    return None if found is None else found[0]


def test_people_who_say_where_name_the_place_for_those_who_do_not():
    assert place([BREST] * 4, unplaced=8) is BREST
    assert place([BREST, QUIMPER, BREST, QUIMPER, FINISTERE], unplaced=8) is FINISTERE


def test_where_nobody_says_where_nothing_is_made_out():
    assert place([], unplaced=9) is None


def test_one_who_says_where_among_many_is_not_enough_for_a_town():
    assert place([BREST], unplaced=12) in (BRETAGNE, FRANCE)


def test_who_is_usual_elsewhere_does_not_widen_it():
    assert place([BREST] * 6 + [QUIMPER], unplaced=10, usual=6.0) is BREST
