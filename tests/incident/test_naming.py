import pytest

from outagewatch.incident.naming import agreed, spoken_id


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        ({"tv": 7, "sms": 3}, "tv"),
        ({"tv": 6, "sms": 4}, "any"),
        ({"tv": 2, "unknown": 50}, "unknown"),
        ({}, "unknown"),
        ({"any": 3}, "any"),
    ],
)
def test_seven_in_ten_of_at_least_three_must_agree(counts, name):
    assert agreed(counts) == name


def test_a_taken_id_grows_a_letter():
    short = spoken_id("x", ())
    assert spoken_id("x", {short})[:-1] == short
