"""Files of planned works: read as they are written, refused where a row could mean too much."""

import csv
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outagewatch.errors import UsageError
from outagewatch.records import Work
from outagewatch.sources.files import Input
from outagewatch.sources.times import TimeStyle
from outagewatch.sources.works import COLUMNS, read_works
from outagewatch.testing import BREST, FINISTERE

HEADER = ",".join(COLUMNS)
OPERATORS, SERVICES = ["free", "orange", "sfr"], ["fixed_internet", "mobile_data", "tv"]
PLACES = {"FR-29": FINISTERE, "Finistère": FINISTERE, "Brest": BREST}
START, END = datetime(2026, 3, 11, 1, tzinfo=UTC), datetime(2026, 3, 11, 5, tzinfo=UTC)


def read(path, *lines, zone=None):
    if lines:
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return read_works(
        Input(path, path.name),
        PLACES.get,
        operators=OPERATORS,
        services=SERVICES,
        times=TimeStyle(zone and ZoneInfo(zone)),
    )


@pytest.mark.parametrize(
    ("row", "work"),
    [
        (
            "2026-03-11T01:00Z,2026-03-11T05:00Z,free,tv,FR-29,W-12",
            Work(START, END, "free", "tv", FINISTERE, "W-12"),
        ),
        (
            "2026-03-11T02:00+01:00,2026-03-11 06:00+01:00, free ,tv,Finistère,W-12",
            Work(START, END, "free", "tv", FINISTERE, "W-12"),
        ),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,,,,", Work(START, END, "", "", None, "")),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,any,any,any,", Work(START, END, "", "", None, "")),
    ],
)
def test_a_row_is_a_work_and_what_is_empty_stands_for_all(tmp_path, row, work):
    assert read(tmp_path / "w.csv", HEADER, row, ",,,,,") == [work]


def test_times_without_a_zone_are_of_the_zone_that_is_set(tmp_path):
    row = "11.03.2026 02:00,2026-03-11 06:00,,,,"
    [work] = read(tmp_path / "w.csv", HEADER, row, zone="Europe/Paris")
    assert (work.start, work.end) == (START, END)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-03-11 01:00,2026-03-11T05:00Z,,,,", "01:00+01:00 in 'start', got '2026-03-11 01:00' (planned.timezone"),
        ("2026-03-11T01:00Z,,,,,", "expected a time such as 2026-03-11T01:00+01:00 in 'end', got ''"),
        ("2026-03-11T01:00Z,soon,,,,", "in 'end', got 'soon'"),
        ("202603110100,2026-03-11T05:00Z,,,,", "in 'start', got '202603110100'"),
        ("2026-03-11T05:00Z,2026-03-11T05:00Z,,,,", "expected an end after 2026-03-11T05:00Z, got"),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,Free,,,", "no operator 'Free'. did you mean free?"),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,zzz,,,", "no operator 'zzz'. There are free, orange, sfr"),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,,mobile,,", "no service 'mobile'. did you mean mobile_data?"),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,,,Nowhere,", "expected a place in 'location', such as FR-29 or a name, got 'Nowhere'"),
        ("2026-03-11T01:00Z,2026-03-11T05:00Z,free", f"expected {HEADER}, got only 3 of them"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line_with_its_number(tmp_path, row, says):
    with pytest.raises(UsageError) as error:
        read(tmp_path / "w.csv", HEADER, "2026-03-11T01:00Z,2026-03-11T05:00Z,,,,W-1", row)
    assert str(error.value).startswith("w.csv:3: ") and says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("missing", [*COLUMNS[:5]])
def test_no_column_may_lack_as_that_would_stand_for_all(tmp_path, missing):
    header = HEADER.replace(missing, "other")
    with pytest.raises(UsageError, match=rf"w.csv: no column '{missing}'; expected a works file"):
        read(tmp_path / "w.csv", header, "2026-03-11T01:00Z,2026-03-11T05:00Z,,,,")
    assert read(tmp_path / "w.csv", HEADER) == []


TIMES = st.datetimes(datetime(2007, 1, 1), datetime(2100, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
REFERENCES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    works=st.lists(
        st.builds(
            lambda start, length, *rest: Work(start, start + length, *rest),
            TIMES,
            st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
            st.sampled_from(["", *OPERATORS]),
            st.sampled_from(["", *SERVICES]),
            st.sampled_from([None, BREST, FINISTERE]),
            REFERENCES.map(str.strip),
        ),
        max_size=6,
    ),
    delimiter=st.sampled_from(",;\t"),
    zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York"]),
)
def test_works_come_back_as_they_were_written(tmp_path, works, delimiter, zone):
    names = {None: "", BREST: "Brest", FINISTERE: "FR-29"}
    path = tmp_path / "w.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(COLUMNS)
        for w in works:
            times = [at.astimezone(ZoneInfo(zone)).isoformat() for at in (w.start, w.end)]
            table.writerow([*times, w.operator, w.service, names[w.location], w.reference])
    assert read(path) == works
