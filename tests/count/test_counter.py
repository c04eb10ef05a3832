from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from outagewatch.count.counter import Counter
from outagewatch.records import Signal
from outagewatch.testing import BREST, FINISTERE, FRANCE, QUIMPER, complaint, minutes

EVERYTHING = minutes(10_000)


def blocks(complaints):
    counter = Counter(60, 3600)
    counter.add(complaints)
    return list(counter.close(EVERYTHING))


def total(complaints, operator="any", service="any", location=FRANCE):
    signal = Signal(operator, service, location)
    return sum(block.counts.get(signal, 0) for block in blocks(complaints))


def test_a_person_counts_once_an_hour():
    said = [complaint(n, "ana") for n in (0, 10, 59, 60, 70)]
    assert total(said) == 2


def test_the_hour_runs_from_the_last_vote_that_counted():
    assert total([complaint(n, "ana") for n in (0, 59, 61, 119, 121)]) == 3


def test_two_people_are_two():
    assert total([complaint(0, "ana"), complaint(0, "bob")]) == 2


def test_a_person_in_two_towns_is_one_in_the_departement():
    said = [complaint(0, "ana", location=BREST), complaint(5, "ana", location=QUIMPER)]
    assert total(said, location=BREST) == total(said, location=QUIMPER) == 1
    assert total(said, location=FINISTERE) == total(said, location=FRANCE) == 1


def test_a_person_who_names_two_services_is_one_at_any():
    said = [complaint(0, "ana", service="tv"), complaint(1, "ana", service="fixed_internet")]
    assert total(said, service="tv") == total(said, service="fixed_internet") == total(said) == 1


def test_unknown_shows_at_any_only():
    [block] = blocks([complaint(0, "ana", operator="unknown", service="unknown")])
    assert list(block.counts) == [Signal("any", "any", FRANCE)]


def test_a_post_that_comes_twice_counts_once():
    counter = Counter(60, 3600)
    counter.add([complaint(0, "ana", post_id="x:1"), complaint(0, "ana", post_id="x:1")])
    [block] = counter.close(EVERYTHING)
    assert len(block.complaints) == 1 and counter.n_duplicates == 1


def test_talk_counts_for_nobody_and_is_told_by_operator():
    said = [
        replace(complaint(n, "ana", operator=who, post_id=post_id), kind="talk")
        for n, who, post_id in (
            (0, "free", "x:1"),
            (0, "free", "x:1"),
            (0, "sfr", "x:2"),
            (5, "free", "x:3"),
        )
    ]
    first, second, third = blocks([*said, complaint(1, "bob")])
    assert (first.talk, first.counts, first.is_talk) == ({"free": 1, "sfr": 1}, {}, True)
    assert not second.talk and not second.is_talk
    assert third.talk == {"free": 1}


def test_only_buckets_behind_the_watermark_are_closed():
    counter = Counter(60, 3600)
    counter.add([complaint(0, "ana"), complaint(3, "bob")])
    assert len(list(counter.close(minutes(0.9)))) == 0
    assert len(list(counter.close(minutes(1)))) == 1
    assert len(list(counter.close(minutes(4)))) == 1


@given(
    st.lists(
        st.tuples(
            st.integers(0, 200), st.sampled_from("abc"), st.sampled_from([BREST, QUIMPER, FRANCE])
        ),
        max_size=30,
    ),
    st.randoms(),
)
def test_the_order_of_arrival_makes_no_difference(said, rng):
    complaints = [
        complaint(n, who, location=where, post_id=f"x:{i}")
        for i, (n, who, where) in enumerate(said)
    ]
    mixed = list(complaints)
    rng.shuffle(mixed)
    assert blocks(mixed) == blocks(complaints)


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from("abcd")), max_size=40))
def test_votes_are_those_of_the_plain_rule(said):
    kept: dict[str, int] = {}
    expected = 0
    for n, who in sorted(said):
        if who not in kept or n - kept[who] >= 60:
            kept[who] = n
            expected += 1
    assert (
        total([complaint(n, w, post_id=f"x:{i:03}") for i, (n, w) in enumerate(sorted(said))])
        == expected
    )
