from hypothesis import given
from hypothesis import strategies as st

from outagewatch.incident.quiet import quiet_at


def test_a_busy_incident_is_quiet_after_the_least_time():
    assert quiet_at([0.0], rate=1.0, usual=0.0, at_least=1800) == 1800


def test_a_slow_incident_waits_longer():
    assert quiet_at([0.0], rate=4 / 7200, usual=0.0, at_least=1800) > 7200


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=30), st.floats(1e-5, 1))
def test_it_is_never_over_before_the_newest_report(reports, rate):
    reports.sort()
    assert quiet_at(reports, rate=rate, usual=0.0001, at_least=1800) >= reports[-1] + 1800
