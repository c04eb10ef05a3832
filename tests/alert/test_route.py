"""A receiver first hears opened and last resolved, whatever it asks for."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.alert.message import trial
from outagewatch.alert.route import Route, Wanted
from outagewatch.records import Change, Incident
from outagewatch.testing import BRETAGNE, FRANCE, NOON


def incident(**fields) -> Incident:
    base = dict.fromkeys(Incident.__dataclass_fields__)
    base |= {
        "id": "ow-1", "sequence": 1, "status": "open", "level": "probable", "severity": "minor",
        "operator": "free", "service": "tv", "operators": {"free": 3}, "services": {"tv": 3},
        "scope": "own", "location": FRANCE, "areas": (), "detected_at": NOON,
    }  # fmt: skip
    return Incident(**base | fields)


def change(kind, minutes=0, **fields):
    at = NOON + timedelta(minutes=minutes)
    return Change(kind, at, incident(detected_at=NOON, **fields))


def test_a_rise_to_what_is_asked_for_opens_and_the_end_is_told():
    route = Route(Wanted(severity="major"))
    assert route.of(change("opened")) is None
    opened = route.of(change("updated", 7, severity="major"))
    assert opened.type == "opened"
    assert opened.incident.detected_at == opened.at == NOON + timedelta(minutes=7)
    fallen = route.of(change("updated", 9, severity="minor"))
    assert fallen.type == "updated" and fallen.incident.detected_at == opened.at
    assert route.of(change("resolved", 60)).type == "resolved"
    assert route.of(change("resolved", 61)) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["possible", "probable", "strong"]),
            st.sampled_from(["warning", "minor", "major"]),
            st.sampled_from(["own", "context"]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["possible", "probable", "strong"]),
    st.sampled_from(["warning", "minor", "major"]),
)
def test_whatever_happens_the_first_is_opened_and_the_last_resolved(states, level, severity):
    route = Route(Wanted(level=level, severity=severity, own_only=True))
    kinds = ["opened", *["updated"] * (len(states) - 1)]
    changes = [
        change(k, n, level=a, severity=b, scope=c)
        for n, (k, (a, b, c)) in enumerate(zip(kinds, states, strict=True))
    ]
    told = [t for c in [*changes, change("resolved", 99)] if (t := route.of(c)) is not None]
    if told:
        kinds = " ".join(t.type for t in told)
        assert re.fullmatch(r"(opened (updated )*resolved ?)+", kinds)
        assert len({t.incident.detected_at for t in told}) == 1


@pytest.mark.parametrize(
    ("wanted", "fields", "opens"),
    [
        ({"operators": ["orange"]}, {}, False),
        ({"operators": ["free"]}, {}, True),
        ({"operators": ["free"]}, {"operator": "any"}, True),
        ({"services": ["sms"]}, {}, False),
        ({"areas": ["ouest"]}, {}, False),
        ({"areas": ["ouest"]}, {"location": BRETAGNE, "areas": ("ouest",)}, True),
        ({"own_only": True}, {"scope": "context"}, False),
        ({"context": ["sfr"]}, {"scope": "context"}, False),
        ({"context": ["free"]}, {"scope": "context"}, True),
        ({"since": NOON + timedelta(hours=1)}, {}, False),
        ({"types": ["incident.resolved"]}, {}, False),
    ],
)
def test_what_is_asked_for(wanted, fields, opens):
    assert (Route(Wanted(**wanted)).of(change("opened", **fields)) is not None) == opens


def test_a_ticket_is_not_closed_because_it_went_quiet():
    for resolution, told in (("quiet", False), ("restored", True)):
        route = Route(Wanted(auto_resolve=False))
        route.of(change("opened"))
        assert (route.of(change("resolved", 50, resolution=resolution)) is not None) == told


@pytest.mark.parametrize("asked", [{"level": "probable"}, {"severity": "minor"}])
def test_what_is_demoted_is_over_for_who_asks_for_more_until_it_rises(asked):
    route = Route(Wanted(**asked, auto_resolve=False))
    echo = {"level": "possible", "severity": "warning"}
    states = [
        ("opened", {}),
        ("updated", echo),
        ("updated", echo),
        ("updated", {}),
        ("resolved", {}),
    ]
    told = [route.of(change(kind, n, **fields)) for n, (kind, fields) in enumerate(states)]
    assert [t and t.type for t in told] == ["opened", "resolved", None, "opened", "resolved"]
    end = told[1].incident
    assert (end.status, end.resolution, end.resolved_at) == ("resolved", "demoted", told[1].at)
    assert told[3].incident.detected_at == NOON
    everything = Route(Wanted())
    assert [everything.of(change(k, n, **f)).type for n, (k, f) in enumerate(states[:2])] == [
        "opened",
        "updated",
    ]


def test_what_is_over_while_it_is_demoted_is_not_told_again():
    route = Route(Wanted(level="probable"))
    told = [
        route.of(change("opened")),
        route.of(change("updated", 6, level="possible")),
        route.of(change("resolved", 60, level="possible", resolution="quiet")),
    ]
    assert [t and t.type for t in told] == ["opened", "resolved", None]


def test_a_reopened_incident_is_opened_again():
    route = Route(Wanted())
    kinds = [route.of(change(k, n)).type for n, k in enumerate(["opened", "resolved", "opened"])]
    assert kinds == ["opened", "resolved", "opened"]


def test_a_test_says_that_it_is_one(french):
    alert = trial(french, NOON, host="noc")
    assert alert.type == "io.outagewatch.test" and "no network is failing" in alert.data.title
    assert replace(change("opened")).type == "opened"
