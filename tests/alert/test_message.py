import json
from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.alert.base import harmless, redact
from outagewatch.alert.message import event, line, title
from outagewatch.alert.schema import json_schema
from outagewatch.incident.tracker import Tracker
from outagewatch.records import Block, Change, Excess, Planned, Signal
from outagewatch.settings import IncidentLife
from outagewatch.testing import BREST, BRETAGNE, FRANCE, NOON, QUIMPER, complaint, minutes

FIELDS = [
    "incident_id",
    "sequence",
    "title",
    "status",
    "level",
    "severity",
    "operator",
    "service",
    "operators",
    "services",
    "scope",
    "others",
    "location",
    "locations",
    "unplaced",
    "started_at",
    "onset_basis",
    "first_possible_at",
    "detected_at",
    "last_report_at",
    "resolved_at",
    "warming_up",
    "resolution",
    "people",
    "posts",
    "window_minutes",
    "expected",
    "recurrence_hours",
    "people_total",
    "trend",
    "symptoms",
    "keywords",
    "channels",
    "reasons",
    "changed",
    "previous",
    "coverage",
    "acknowledged_at",
    "areas",
    "supervision",
    "planned",
    "evidence",
]


@pytest.fixture
def change():
    first = int(minutes(0) // 60)
    following = Tracker(IncidentLife(), false_alarms_per_week=1.0)
    said = [
        complaint(i, f"p{i}", operator="bouygues", service=("fixed_internet", "mobile_data")[i % 2],
                  location=(BREST, QUIMPER)[i % 2], text="plus rien @moi 06 12 34 56 78")
        for i in range(6)
    ]  # fmt: skip
    signal = Signal("bouygues", "any", BRETAGNE)
    found = Excess(
        signal, first + 14, first, 6, 0.1, 20.0, 840.0, False, evidence=6,
        evidence_recurrence_hours=840.0, others={"orange": "quiet"},
    )  # fmt: skip
    [opened] = following.update(Block(first + 14, tuple(said)), [found])
    return opened


def test_the_sentence_says_what_a_person_on_duty_needs(change, french):
    assert title(change, french) == (
        "13:15 CET NEW probable/major Bouygues Telecom fixed+mobile, Finistère (Brest, Quimper): "
        f"6 people in 15 min, usual 0-1; since ~13:00; other operators quiet. {change.incident.id}"
    )


@pytest.mark.parametrize(
    ("planned", "says"),
    [
        (Planned("none"), "; no planned works, other operators quiet. ow-"),
        (Planned("matching", "W-12", NOON + timedelta(hours=3)), "; planned works W-12 until 16:00, o"),
        (Planned("matching", None, NOON + timedelta(hours=3)), "; planned works until 16:00, o"),
        (Planned("matching", "W", NOON + timedelta(days=9)), "; planned works W until 2026-01-14 13:00, o"),
        (Planned("overrun", "W-12", NOON - timedelta(minutes=25)), "; planned works W-12 overrun by 40 min, o"),
        (Planned("overrun", "W", NOON - timedelta(hours=3)), "; planned works W overrun by 3 h, o"),
    ],
)  # fmt: skip
def test_planned_works_are_said_beside_what_else_is_known(change, french, planned, says):
    told = replace(change, incident=replace(change.incident, planned=planned))
    assert says in title(told, french)
    data = event(told, french, host="noc", evidence="ids").data
    assert (data.planned.state, data.planned.reference) == (planned.state, planned.reference)


def test_every_field_of_the_promise_is_there(change, french):
    alert = event(change, french, host="noc", evidence="ids")
    fields = json.loads(line(alert))
    assert set(fields["data"]) == set(FIELDS)
    assert fields["type"] == "io.outagewatch.incident.opened"
    assert fields["subject"] == "bouygues/any/FR-29"
    assert fields["time"] == "2026-01-05T12:15:00Z"
    assert fields["data"]["title"] == title(change, french)
    jsonschema.validate(fields, json_schema())


@pytest.mark.parametrize(
    ("evidence", "text"), [("ids", None), ("redacted", "plus rien [handle] [number]")]
)
def test_posts_are_shown_as_far_as_asked(change, french, evidence, text):
    shown = event(change, french, host="noc", evidence=evidence).data.evidence
    assert len(shown) == 3 and {e.text for e in shown} == {text}
    assert event(change, french, host="noc", evidence="none").data.evidence == []


def test_no_author_leaves(change, french):
    text = line(event(change, french, host="noc", evidence="redacted"))
    assert not any(f'"p{i}"' in text for i in range(6))


def test_the_host_is_the_one_field_that_differs(change, french):
    here, there = (event(change, french, host=h, evidence="ids") for h in ("a", "b"))
    assert {k for k in here.__struct_fields__ if getattr(here, k) != getattr(there, k)} == {
        "source"
    }


def test_unknown_and_any_are_never_written(change, french):
    vague = replace(change.incident, operator="unknown", service="unknown", location=FRANCE)
    text = title(Change("opened", change.at, vague), french)
    assert "unknown" not in text and "any" not in text


def test_the_sentence_is_one_harmless_line_of_200(change, french):
    hostile = replace(BRETAGNE, name="x" * 300 + "\x1b[31m\n")
    told = title(Change("opened", change.at, replace(change.incident, location=hostile)), french)
    assert len(told) <= 200 and "\n" not in told and "\x1b" not in told
    assert told.endswith(change.incident.id)


@given(st.text(max_size=300))
def test_harmless_text_has_no_control_characters(text):
    safe = harmless(text)
    assert all(ord(char) >= 32 and not 0x7F <= ord(char) < 0xA0 for char in safe)
    assert not set(safe) & set("\u202e\u2066\u200b\u2028")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@free appelez 0612345678", "[handle] appelez [number]"),
        ("mail a.b@free.fr https://t.co/x", "mail [mail] [link]"),
        ("ligne +33 6 12 34 56 78 HS", "ligne [number] HS"),
        ("@jean.dupont et @jean-luc.", "[handle] et [handle]."),
        ("voir bit.ly/abc", "voir [link]"),
        ("client AB12345678X", "client [account]"),
        ("panne depuis 20 min dans le 34000", "panne depuis 20 min dans le 34000"),
        ("a\x1b[31mrouge\x1b[0m [bold]b", "a[31mrouge[0m [bold]b"),
    ],
)
def test_what_could_name_a_person_is_taken_out(text, shown):
    assert redact(text) == shown
