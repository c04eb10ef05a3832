import numpy as np
import pytest

from outagewatch.detect.rhythm import Exposure, Rhythm, Zone, local_hour


def learned(hours, people, timezone="UTC"):
    exposure = Exposure(Zone(timezone))
    rhythm = Rhythm(exposure, diurnal=False)
    for hour in range(hours):
        exposure.watch(hour, 1.0)
        n = people(hour)
        if n:
            rhythm.learn(hour, n, 1.0)
    return rhythm


def test_busy_hours_are_found():
    rhythm = learned(24 * 60, lambda hour: 6.0 if 18 <= hour % 24 < 22 else 1.0)
    assert rhythm.factor(20, Zone("UTC")) > 2 * rhythm.factor(4, Zone("UTC"))


def test_days_that_were_never_watched_are_not_quiet():
    rhythm = learned(24 * 4, lambda _: 20.0)  # Thursday to Sunday
    _, days = rhythm.factors()
    assert days.min() > 0.8


def test_factors_are_one_on_average():
    hours, days = learned(24 * 60, lambda hour: float(hour % 24)).factors()
    assert hours.mean() == pytest.approx(1) and days.mean() == pytest.approx(1)


def test_hours_are_those_of_the_place_with_daylight_saving():
    january = int(np.datetime64("2026-01-15T12").astype("datetime64[h]").astype(int))
    july = int(np.datetime64("2026-07-15T12").astype("datetime64[h]").astype(int))
    assert local_hour(Zone("Europe/Paris"), january)[0] == 13
    assert local_hour(Zone("Europe/Paris"), july)[0] == 14
