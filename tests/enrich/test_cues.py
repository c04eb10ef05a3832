import pytest

from outagewatch.enrich.cues import is_past, onset_minutes


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
