"""What planned works do to incidents, through the tracker."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from outagewatch.incident.case import utc
from outagewatch.incident.tracker import Tracker
from outagewatch.incident.works import Plan
from outagewatch.records import Block, Excess, Signal, Work
from outagewatch.settings import IncidentLife, PlannedWorks
from outagewatch.testing import BREST, BRETAGNE, FINISTERE, FRANCE, QUIMPER, complaint, minutes

FIRST = int(minutes(0) // 60)
FREE = Signal("free", "any", FINISTERE)
WORK = Work(utc(minutes(-30)), utc(minutes(60)), "free", "fixed_internet", FINISTERE, "W-12")
ENDING = replace(WORK, end=utc(minutes(-4.5)))  # has overrun before the incident is over


class Following:
    """A tracker with what it has told; complaints of Brest, and an excess with the last of them."""

    def __init__(self, *works, action="annotate", level="probable", plan=None):
        plan = plan or Plan(works, PlannedWorks(action=action), ZoneInfo("Europe/Paris"))
        self.tracker = Tracker(IncidentLife(), false_alarms_per_week=1.0, plan=plan, level=level)
        self.changes = []

    def people(self, n, names, signal=FREE, *, recurrence=1000.0, **fields):
        found = Excess(
            signal, FIRST + n, FIRST, 4, 0.002, 12.0, recurrence, False, evidence=4,
            evidence_recurrence_hours=recurrence,
        )  # fmt: skip
        said = {"location": BREST, **fields}
        block = Block(FIRST + n, tuple(complaint(n, name, **said) for name in names))
        return self._told(self.tracker.update(block, [found]))

    def wait(self, n):
        return self._told(self.tracker.advance(minutes(n)))

    def _told(self, changes):
        new = list(changes)
        self.changes += new
        return new


def opened(*works, people="abcd", **options):
    fields = {k: options.pop(k) for k in ("signal", "service", "operator") if k in options}
    following = Following(*works, **options)
    following.people(0, people, **fields)
    return following


def state(following):
    planned = following.changes[-1].incident.planned
    return planned.state, planned.reference


def test_nothing_is_said_of_works_where_no_file_is_configured():
    assert state(opened(plan=Plan())) == ("not_configured", None)
    assert state(opened()) == ("none", None)


@pytest.mark.parametrize(
    ("change", "matches"),
    [
        pytest.param({}, True, id="operator, service, place and time"),
        pytest.param({"operator": ""}, True, id="of all operators"),
        pytest.param({"service": ""}, True, id="of all services"),
        pytest.param({"location": None}, True, id="everywhere"),
        pytest.param({"location": BRETAGNE}, True, id="of the region"),
        pytest.param({"operator": "sfr"}, False, id="another operator"),
        pytest.param({"service": "tv"}, False, id="another service"),
        pytest.param({"location": QUIMPER}, False, id="a town of the department"),
        pytest.param({"start": utc(minutes(5))}, True, id="just before its start"),
        pytest.param({"start": utc(minutes(6))}, False, id="before its start"),
        pytest.param({"end": utc(minutes(-5))}, True, id="just after its end"),
        pytest.param({"end": utc(minutes(-6))}, False, id="after its end"),
    ],
)
def test_works_match_by_operator_service_place_and_onset(change, matches):
    following = opened(replace(WORK, **change))
    assert state(following) == (("matching", "W-12") if matches else ("none", None))


@pytest.mark.parametrize(
    ("services", "of_the_work", "matches"),
    [
        pytest.param(["unknown"] * 4, "tv", True, id="nobody says which"),
        pytest.param(["unknown"] * 3 + ["tv"], "tv", True, id="who says which says that"),
        pytest.param(["unknown"] * 3 + ["tv"], "fixed_internet", False, id="says another"),
        pytest.param(["tv", "tv", "sms", "sms"], "tv", False, id="several"),
        pytest.param(["tv", "tv", "sms", "sms"], "", True, id="several, of works on all"),
    ],
)
def test_what_service_few_name_must_fit(services, of_the_work, matches):
    following = Following(replace(WORK, service=of_the_work))
    for n, service in enumerate(services):
        following.people(n, f"p{n}", recurrence=1.0 if n < 3 else 1000.0, service=service)
    assert state(following)[0] == ("matching" if matches else "none")


@pytest.mark.parametrize("operator", ["any", "unknown"])
def test_several_operators_or_none_are_not_that_of_the_works(operator):
    everyone = {"signal": Signal("any", "any", FINISTERE), "operator": operator}
    assert state(opened(WORK, **everyone))[0] == "none"
    assert state(opened(replace(WORK, operator=""), **everyone))[0] == "matching"


def test_counts_that_name_no_service_are_of_all_of_them():
    for of_the_work, expected in (("tv", "none"), ("", "matching")):
        assert state(opened(replace(WORK, service=of_the_work), people=""))[0] == expected
    tv = Signal("free", "tv", FINISTERE)
    assert state(opened(replace(WORK, service="tv"), people="", signal=tv))[0] == "matching"


def test_of_several_works_those_that_end_last_are_named():
    longer = replace(WORK, end=WORK.end + timedelta(hours=1), reference="W-13")
    assert state(opened(WORK, longer)) == state(opened(longer, WORK)) == ("matching", "W-13")


def test_the_reason_names_works_and_their_end():
    [change] = opened(WORK).changes
    reason = "against: planned works W-12 explain it until 14:00 CET"
    assert change.incident.reasons[-1] == reason
    days = replace(WORK, end=WORK.end + timedelta(days=3), reference="")
    assert (
        opened(days)
        .changes[0]
        .incident.reasons[-1]
        .endswith("works explain it until 2026-01-08 14:00 CET")
    )


def test_overrun_is_told_by_time_alone_at_its_very_minute():
    following = opened(ENDING)
    [change] = following.wait(29)
    assert change.type == "updated" and change.at == utc(minutes(26))
    assert change.incident.changed == ("planned matching -> overrun",)
    assert change.incident.planned.state == "overrun"
    assert (
        change.incident.reasons[-1]
        == "planned works W-12 were to end at 12:55 CET, and have overrun"
    )
    assert following.wait(29.5) == []


def test_in_one_step_or_many_time_says_the_same():
    one, many = opened(ENDING), opened(ENDING)
    one.wait(600)
    for n in range(1, 601):
        many.wait(n)
    assert many.changes == one.changes
    assert [change.type for change in one.changes] == ["opened", "updated", "resolved"]


def test_what_is_over_does_not_overrun():
    following = opened(WORK)
    following.wait(600)
    assert [change.type for change in following.changes] == ["opened", "resolved"]
    assert state(following)[0] == "matching"


def test_what_is_found_after_the_overrun_is_opened_so():
    following = Following(replace(WORK, end=utc(minutes(5))), action="mute")
    for n in (0, 20):
        following.people(n, f"a{n}", recurrence=1.0)
    [change] = following.people(36, "xyz")
    assert (change.type, change.incident.planned.state) == ("opened", "overrun")


@pytest.mark.parametrize("action", ["annotate", "lower", "mute"])
def test_an_incident_that_grows_out_of_the_area_is_told_at_once(action):
    here = Signal("free", "any", BREST)
    following = opened(replace(WORK, location=BREST), action=action, signal=here)
    assert len(following.changes) == (action != "mute")
    for n in (1, 2):
        following.people(n, [f"far{n}"], FREE, location=QUIMPER)
    last = following.changes[-1]
    assert last.at == utc(minutes(3)) and last.incident.planned.state == "none"
    assert ("planned matching -> none" in last.incident.changed) == (action != "mute")
    assert last.incident.location is FINISTERE and last.incident.severity == "minor"
    assert following.changes[0].type == "opened"


def test_an_incident_that_grows_out_of_the_service_is_told():
    following = opened(WORK, action="mute")
    assert following.changes == []
    told = following.people(1, "wxyz", service="mobile_data")
    assert [(change.type, change.incident.planned.state) for change in told] == [("opened", "none")]


def test_people_without_a_place_may_be_elsewhere_so_many_of_them_are_not_muted():
    here = Signal("free", "any", BREST)
    for place, told in ((BREST, 1), (None, 0)):
        following = opened(replace(WORK, location=place), action="mute", signal=here)
        following.people(1, "wxyz", Signal("free", "any", FRANCE), location=FRANCE)
        assert following.changes == []
        following.people(2, "v", Signal("free", "any", FRANCE), location=FRANCE)
        assert [change.type for change in following.changes] == ["opened"] * told
        assert all(change.incident.planned.state == "matching" for change in following.changes)


@pytest.mark.parametrize(("n_people", "others"), [(7, 2), (30, 3)])
def test_several_people_of_another_service_are_not_muted(n_people, others):
    following = opened(WORK, action="mute", people=[f"p{n}" for n in range(n_people)])
    for n in range(1, others):
        assert following.people(n, f"{n}", service="tv") == []
    [change] = following.people(others, "z", service="tv")
    assert (change.type, change.incident.service) == ("opened", "fixed_internet")


@pytest.mark.parametrize(
    ("people", "usual", "lowered"), [("abcd", "minor", "warning"), (range(20), "major", "minor")]
)
def test_lower_takes_a_step_off_until_the_overrun(people, usual, lowered):
    names = [str(person) for person in people]
    assert opened(WORK, people=names).changes[0].incident.severity == usual
    following = opened(ENDING, people=names, action="lower")
    incident = following.changes[0].incident
    assert incident.severity == lowered and "a step lower" in incident.reasons[-1]
    [change] = following.wait(29)
    assert change.incident.severity == usual and change.at == utc(minutes(26))
    assert f"severity {lowered} -> {usual}" in change.incident.changed


def test_what_is_possible_stays_a_warning():
    following = Following(WORK, action="lower", level="possible")
    following.people(0, "abcd", recurrence=30.0)
    assert following.changes[0].incident.severity == "warning"


def test_muted_is_not_told_and_told_when_it_overruns():
    following = opened(replace(WORK, end=utc(minutes(10))), action="mute")
    following.people(20, "efgh")
    assert following.changes == [] and following.tracker.open_signals()
    [change] = following.wait(40)
    assert change.type == "opened" and change.incident.detected_at == utc(minutes(40))
    assert change.incident.sequence == 1 and change.incident.people_total == 8
    assert change.incident.started_at < utc(minutes(1))
    following.wait(600)
    assert [change.type for change in following.changes] == ["opened", "resolved"]


def test_muted_and_over_is_never_told():
    following = opened(WORK, action="mute")
    following.wait(600)
    assert following.changes == [] and not following.tracker.open_signals()


def test_what_has_been_told_is_told_on_when_works_explain_it_after_all():
    following = opened(
        WORK, action="mute", operator="unknown", signal=Signal("any", "any", FINISTERE)
    )
    assert [change.type for change in following.changes] == ["opened"]
    following.wait(600)
    assert [change.type for change in following.changes] == ["opened", "resolved"]


def test_an_onset_that_people_say_decides_and_is_told_at_once():
    following = opened(replace(WORK, start=utc(minutes(-4))))
    since = tuple(replace(complaint(1, name, location=BREST), onset_minutes=45) for name in "xyz")
    [change] = following.tracker.update(Block(FIRST + 1, since), [])
    assert change.incident.started_at == utc(minutes(-44))
    assert change.incident.changed == ("planned matching -> none",)
