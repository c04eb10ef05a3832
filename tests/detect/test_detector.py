import random

import numpy as np
import pytest

from outagewatch.count.counter import Counter
from outagewatch.detect.detector import Detector
from outagewatch.records import Block, Gap, Signal
from outagewatch.settings import Detect
from outagewatch.testing import BREST, FINISTERE, FRANCE, QUIMPER, complaint, minutes

DAY = 1440


def ordinary(days, an_hour=0.5, seed=1):
    rng = random.Random(seed)
    n = round(days * 24 * an_hour)
    return [complaint(-rng.random() * days * DAY, f"old{i}", service="unknown") for i in range(n)]


def run(complaints, settings=None, gap_before=None):
    detector = Detector(settings or Detect(), 60.0, ("free", "sfr"))
    counter = Counter(60, 3600)
    counter.add(complaints)
    found = []
    for block in counter.close(minutes(10**6)):
        if gap_before is not None and block.bucket * 60 >= minutes(0) and gap_before:
            detector.gap(Gap(int(minutes(-gap_before) // 60), int(minutes(0) // 60)))
            gap_before = None
        found += [e for e in detector.score(block) if block.bucket * 60 >= minutes(0)]
        detector.learn(block, frozen=(), reset=())
    return found, detector


def outage(n, location=FRANCE, operator="free", every=2.0, thread=None):
    return [
        complaint(i * every, f"new{i}", location=location, operator=operator, thread=thread)
        for i in range(n)
    ]


def test_people_who_speak_at_once_stand_out():
    found, detector = run(ordinary(30) + outage(6))
    best = found[-1]
    assert best.observed == 6 and best.expected < 1
    assert detector.budget.level(best.recurrence_hours) == "strong"


def test_ordinary_days_raise_next_to_nothing():
    levels = []
    for seed in range(6):
        complaints = list(ordinary(60, an_hour=1.0, seed=seed))
        shifted = [
            complaint((c.created_at - minutes(0)) / 60 + 30 * DAY, c.author, service="unknown")
            for c in complaints
        ]
        found, detector = run(shifted)
        levels += [
            e for e in found if detector.budget.level(e.recurrence_hours) in ("probable", "strong")
        ]
    assert len(levels) <= 4  # 25 weeks, at a budget of one a week


def test_the_smallest_place_that_explains_the_excess_is_named():
    found, _ = run(ordinary(30) + outage(6, location=BREST))
    assert found[-1].signal.location is BREST
    spread = outage(4, location=BREST) + [
        complaint(i * 2 + 1, f"q{i}", location=QUIMPER) for i in range(4)
    ]
    found, _ = run(ordinary(30) + spread)
    assert found[-1].signal == Signal("free", found[-1].signal.service, FINISTERE)


def test_one_excess_is_named_once():
    found, _ = run(ordinary(30) + outage(8, location=BREST))
    buckets = [e.bucket for e in found]
    assert len(buckets) == len(set(buckets))


def test_one_thread_is_at_most_half_of_the_evidence():
    alone, _detector = run(ordinary(30) + outage(6, thread="t"))
    assert alone[-1].evidence == 0
    mixed = outage(3, thread="t") + [complaint(i * 2 + 1, f"m{i}") for i in range(3)]
    found, _ = run(ordinary(30) + mixed)
    assert found[-1].evidence == found[-1].observed == 6


def test_a_young_baseline_expects_more_than_an_old_one():
    young, _ = run(ordinary(1) + outage(6))
    old, _ = run(ordinary(60) + outage(6))
    assert young[-1].warming_up and not old[-1].warming_up
    assert young[-1].expected > old[-1].expected


def test_after_a_gap_the_level_is_held_down():
    found, _ = run(ordinary(30) + outage(6), gap_before=600)
    assert found and all(e.after_gap for e in found)


def test_a_block_is_scored_before_it_is_learned_from():
    complaints = ordinary(30) + outage(6)
    first, _ = run(complaints)
    later, _ = run(complaints + [complaint(500 + i, f"z{i}") for i in range(50)])
    assert first == later[: len(first)]


def test_what_was_learned_of_an_incident_is_taken_back():
    _, detector = run(ordinary(30) + outage(30, every=0.5))
    signal = Signal("any", "any", FRANCE)
    row = detector.baseline.rows[signal]
    hour = int(minutes(0) // 3600)
    detector.opened(signal, int(minutes(15) // 60))
    detector.baseline.refresh(np.array([row]), hour + 1)
    assert detector.baseline.people[row] < 30 * 24 * 0.5 * 1.05 + 5


def test_the_other_operators_are_looked_at():
    both = outage(6) + [complaint(i * 2 + 0.5, f"s{i}", operator="sfr") for i in range(6)]
    found, _ = run([*ordinary(30), complaint(-100, "x", operator="sfr"), *both])
    assert found[-1].signal.operator == "any"
    found, _ = run([*ordinary(30), complaint(-100, "x", operator="sfr"), *outage(6)])
    assert found[-1].others == {"sfr": "quiet"}


@pytest.mark.parametrize(("budget", "more"), [(0.2, False), (500.0, True)])
def test_a_larger_budget_lowers_the_bar(budget, more):
    few = [complaint(i * 8, f"new{i}", service="unknown") for i in range(3)]
    complaints = ordinary(30) + few
    found, detector = run(complaints, Detect(false_alarms_per_week=budget))
    levels = [detector.budget.level(e.recurrence_hours) for e in found]
    assert ("probable" in levels or "strong" in levels) == more


def test_silence_costs_nothing_and_scores_nothing():
    detector = Detector(Detect())
    assert detector.score(Block(100)) == []
    assert detector.score(Block(10_000_000)) == []
