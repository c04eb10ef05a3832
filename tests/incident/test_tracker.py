from dataclasses import replace

import pytest

from outagewatch.incident.tracker import Tracker
from outagewatch.records import Block, Excess, Gap, Signal
from outagewatch.settings import IncidentLife
from outagewatch.testing import BREST, FINISTERE, FRANCE, HAMLET, QUIMPER, complaint, minutes

FIRST = int(minutes(0) // 60)


def excess(n, signal, *, people=4, recurrence=1000.0, start=0, **fields):
    return Excess(
        signal, FIRST + n, FIRST + start, people, 0.2, 12.0, recurrence, False,
        evidence=people, evidence_recurrence_hours=recurrence, **fields,
    )  # fmt: skip


def tracker(level="probable"):
    return Tracker(IncidentLife(), false_alarms_per_week=1.0, level=level)


def feed(following, n, complaints=(), excesses=(), restored=()):
    block = Block(FIRST + n, tuple(complaints), restored=tuple(restored))
    return list(following.update(block, excesses))


FREE = Signal("free", "any", FRANCE)


def opened(following=None, n=5, **fields):
    following = following or tracker()
    location = fields.pop("location", FRANCE)
    people = [complaint(i, f"p{i}", location=location) for i in range(4)]
    for i, person in enumerate(people):
        feed(following, i, [person])
    return following, feed(following, n, [], [excess(n, fields.pop("signal", FREE), **fields)])


def test_an_excess_opens_an_incident_at_the_end_of_its_bucket():
    _, [change] = opened()
    assert change.type == "opened" and change.incident.sequence == 1
    assert change.at.timestamp() == minutes(6)
    assert change.incident.people_total == 4
    assert change.incident.detected_at == change.at


def test_an_excess_of_the_same_cause_opens_no_second_one():
    following, _ = opened()
    assert feed(following, 6, [], [excess(6, FREE)]) == []
    brest = Signal("free", "fixed_internet", BREST)
    assert feed(following, 7, [], [excess(7, brest)]) == []


def test_another_operator_is_another_incident():
    following, [first] = opened()
    [second] = feed(following, 6, [], [excess(6, Signal("sfr", "any", FRANCE))])
    assert second.type == "opened" and second.incident.id != first.incident.id


def test_what_is_only_possible_is_not_told_unless_asked():
    _, nothing = opened(recurrence=30.0)
    assert nothing == []
    _, [change] = opened(tracker("possible"), recurrence=30.0)
    assert (change.incident.level, change.incident.severity) == ("possible", "warning")


def test_it_is_told_when_it_becomes_probable():
    following, nothing = opened(recurrence=30.0)
    [change] = feed(following, 9, [], [excess(9, FREE)])
    assert nothing == [] and change.type == "opened"
    assert change.incident.first_possible_at.timestamp() == minutes(6)
    assert change.incident.detected_at.timestamp() == minutes(10)


def test_a_rise_is_told_at_once_and_never_taken_back():
    following, _ = opened()
    [change] = feed(following, 6, [], [excess(6, FREE, recurrence=1e6)])
    assert change.type == "updated" and change.incident.level == "strong"
    assert "level probable -> strong" in change.incident.changed
    assert feed(following, 20, [], [excess(20, FREE, recurrence=200.0)]) == []


def test_growth_waits_five_minutes():
    following, _ = opened()
    many = [complaint(6, f"q{i}") for i in range(5)]
    assert feed(following, 6, many) == []
    [change] = feed(following, 11, [complaint(11, "r")])
    assert "people 4 -> 10" in change.incident.changed


def test_it_resolves_when_quiet_and_time_alone_does_it():
    following, _ = opened()
    assert list(following.advance(minutes(20))) == []
    [change] = following.advance(minutes(600))
    assert change.type == "resolved" and change.incident.resolution == "quiet"
    assert minutes(30) <= change.at.timestamp() <= minutes(200)
    assert following.open_signals() == []


def test_when_time_passes_in_one_step_or_many_makes_no_difference():
    one, _ = opened()
    many, _ = opened()
    whole = list(one.advance(minutes(600)))
    steps = [change for n in range(6, 601) for change in many.advance(minutes(n))]
    assert steps == whole


def test_reports_that_go_on_keep_it_open():
    following, _ = opened()
    for n in range(10, 200, 10):
        assert list(following.advance(minutes(n))) == []
        feed(following, n, [complaint(n, f"late{n}")])


def test_a_gap_is_not_quiet():
    following, _ = opened()
    following.gap(Gap(FIRST + 10, FIRST + 610))
    assert list(following.advance(minutes(610))) == []
    assert [c.type for c in following.advance(minutes(1400))] == ["resolved"]


def test_an_excess_soon_after_reopens_the_same_incident():
    following, [first] = opened()
    [resolved] = following.advance(minutes(60))
    n = int((resolved.at.timestamp() - minutes(0)) / 60) + 30
    [again] = feed(following, n, [complaint(n, "z")], [excess(n, FREE, start=n - 3)])
    assert (again.type, again.incident.id) == ("opened", first.incident.id)
    assert again.incident.sequence == 3
    assert again.incident.detected_at == first.incident.detected_at


def test_an_excess_much_later_is_a_new_incident_that_knows_the_old():
    following, [first] = opened()
    list(following.advance(minutes(2000)))
    [new] = feed(following, 2000, [complaint(2000, "z")], [excess(2000, FREE, start=1990)])
    assert new.incident.id != first.incident.id
    assert new.incident.previous == (f"{first.incident.id} on 2026-01-05",)


def test_two_people_who_say_that_it_is_back_end_it():
    following, _ = opened()
    back = [replace(complaint(20, who), kind="restored") for who in ("p1", "p2")]
    assert feed(following, 20, [], restored=back) == []
    [change] = following.advance(minutes(60))
    assert change.at.timestamp() == minutes(31)
    assert (change.type, change.incident.resolution) == ("resolved", "restored")


def test_a_small_place_is_named_only_for_three_people():
    signal = Signal("free", "any", HAMLET)
    following = tracker()
    for i in range(2):
        feed(following, i, [complaint(i, f"p{i}", location=HAMLET)])
    [few] = feed(following, 5, [], [excess(5, signal, people=2)])
    assert few.incident.location is FINISTERE
    _, [many] = opened(signal=signal, location=HAMLET)
    assert many.incident.location is HAMLET


def test_the_place_grows_only_with_people_elsewhere():
    signal = Signal("free", "any", BREST)
    following, _ = opened(signal=signal, location=BREST)
    for i in range(3):
        feed(following, 6 + i, [complaint(6 + i, f"un{i}")], [excess(6 + i, FREE, people=6)])
    assert following.open_signals() == [signal]
    changes = []
    for i in range(3):
        where = [complaint(12 + i, f"q{i}", location=QUIMPER)]
        wide = Signal("free", "any", FINISTERE)
        changes += feed(following, 12 + i, where, [excess(12 + i, wide, people=9)])
    changes += feed(following, 20, [complaint(20, "last", location=QUIMPER)])
    assert following.open_signals() == [Signal("free", "any", FINISTERE)]
    assert any("area Brest -> Finistère" in c.incident.changed for c in changes)


def test_severity_is_major_for_a_country_and_minor_for_a_town():
    _, [country] = opened()
    _, [town] = opened(signal=Signal("free", "any", BREST), location=BREST)
    assert (country.incident.severity, town.incident.severity) == ("major", "minor")


def test_the_onset_is_what_people_say():
    following = tracker()
    said = replace(complaint(3, "p"), onset_minutes=10)
    feed(following, 3, [said, complaint(3, "q"), complaint(3, "r")])
    [change] = feed(following, 5, [], [excess(5, FREE, start=3)])
    assert change.incident.onset_basis == "said"
    assert change.incident.started_at.timestamp() == minutes(-7)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_spoken_id_is_the_same_in_every_run(seed):
    _, [change] = opened()
    assert change.incident.id == opened()[1][0].incident.id
    assert change.incident.id.startswith("ow-") and len(change.incident.id) == 7


def test_a_reopened_incident_counts_those_who_speak_now_and_ends_later():
    following, _ = opened()
    [resolved] = following.advance(minutes(60))
    n = 70
    people = [complaint(n + i, f"again{i}") for i in range(4)]
    for i, person in enumerate(people):
        feed(following, n + i, [person])
    [again] = feed(following, n + 4, [], [excess(n + 4, FREE, start=n)])
    assert again.incident.people_total == 8
    [end] = following.advance(minutes(600))
    assert end.at > again.at > resolved.at
    assert end.at.timestamp() >= minutes(n + 3 + 30)


def test_counts_do_not_end_while_they_stand_out():
    following = tracker()
    changes = []
    for n in range(0, 120, 5):
        changes += following.advance(minutes(n))
        changes += feed(following, n, [], [excess(n, FREE, people=40 + n)])
    assert [c.type for c in changes].count("resolved") == 0
    ended = list(following.advance(minutes(115 + 1 + 31)))
    assert [c.type for c in ended] == ["resolved"]


def test_areas_of_a_whole_country_are_those_that_people_name():
    following = Tracker(
        IncidentLife(), false_alarms_per_week=1.0, areas={"west": [FINISTERE], "all": [FRANCE]}
    )
    _, [change] = opened(following, location=BREST)
    assert change.incident.areas == ("west", "all")
    elsewhere = Tracker(IncidentLife(), false_alarms_per_week=1.0, areas={"west": [HAMLET]})
    _, [change] = opened(elsewhere, location=BREST)
    assert change.incident.areas == ()


@pytest.mark.parametrize(("state", "operator"), [("quiet", "free"), ("raised", "any")])
def test_several_operators_are_named_only_where_another_stands_out(state, operator):
    """A few who complain of another operator meanwhile do not make it an outage of both."""
    following, _ = opened()
    others = [
        complaint(6, f"q{i}", operator=("sfr", "any")[i % 2], location=QUIMPER) for i in range(4)
    ]
    feed(following, 6, others)
    everyone = Signal("any", "any", FRANCE)
    states = {"free": "raised", "sfr": state}
    told = feed(following, 12, [], [excess(12, everyone, people=40, others=states)])
    signal = following.open_signals()[0]
    assert signal.operator == operator, told


COPIED = "one long text that many people have copied from one"


def test_an_echo_is_told_as_soon_as_an_update_may_be_even_if_nobody_speaks_any_more():
    def following():
        known, _ = opened()
        copies = [complaint(6, f"q{i}", gist=COPIED) for i in range(6)]
        assert feed(known, 6, copies) == []
        other = Signal("sfr", "any", FRANCE)
        feed(known, 6, [complaint(6, "z", operator="sfr")], [excess(6, other, people=3)])
        return known

    known = following()
    assert list(known.advance(minutes(10))) == []
    [change] = known.advance(minutes(11))
    assert (change.type, change.at.timestamp()) == ("updated", minutes(11))
    assert (change.incident.level, change.incident.severity) == ("possible", "warning")
    assert change.incident.changed[0] == "level probable -> possible"
    assert "against: 6 of 10 people wrote nearly the same text" in change.incident.reasons
    one, many = following(), following()
    whole = list(one.advance(minutes(600)))
    assert whole == [c for n in range(7, 601) for c in many.advance(minutes(n))]
    assert [c.at for c in whole] == sorted(c.at for c in whole)


def test_what_is_an_echo_from_the_start_is_told_when_others_have_joined():
    following = tracker()
    feed(following, 1, [complaint(1, f"q{i}", gist=COPIED) for i in range(4)])
    assert feed(following, 5, [], [excess(5, FREE)]) == []
    people = [complaint(8, f"p{i}") for i in range(7)]
    [change] = feed(following, 8, people)
    assert (change.type, change.incident.level) == ("opened", "probable")


def test_one_loud_thread_is_said():
    crowd = excess(5, FREE, people=8)
    crowd = replace(crowd, evidence=2.0, evidence_recurrence_hours=0.1)
    following = tracker("possible")
    feed(following, 1, [complaint(1, f"p{i}", thread="x:t") for i in range(8)])
    [change] = feed(following, 5, [], [crowd])
    assert (change.incident.level, change.incident.severity) == ("possible", "warning")
    assert "against: 7 of 8 people are in one thread" in change.incident.reasons
