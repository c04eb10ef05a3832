"""Posts of CSV as spreadsheets write it, and of Parquet."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outagewatch.errors import UsageError
from outagewatch.sources.base import Tally
from outagewatch.sources.files import Input, ReadOptions
from outagewatch.sources.reading import kind_of, read_posts
from outagewatch.sources.times import TimeStyle, UnclearTimeError, read_time

PARIS = ZoneInfo("Europe/Paris")
TIMES = st.datetimes(datetime(2007, 1, 1), datetime(2026, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, fold=0)
)
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
WESTERN = st.text(st.sampled_from("éèàùçœ€«»'\",;\t aZ9"), max_size=40)
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def posts_of(path, **options):
    tally = Tally()
    source = Input(path, path.name)
    found = [
        post
        for batch in read_posts(source, ReadOptions(4e9, **options), tally)
        for post in batch.posts
    ]
    return found, tally


def written(rows, header, delimiter=",", lineterminator="\r\n"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=lineterminator)
    writer.writerows([header, *rows])
    return text.getvalue()


@QUICK
@given(
    rows=st.lists(st.tuples(CELLS, TIMES, st.floats(-89, 89)), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ends=st.sampled_from(["\n", "\r\n"]),
    sep_line=st.booleans(),
)
def test_a_spreadsheet_comes_back_as_it_went(tmp_path, rows, delimiter, encoding, ends, sep_line):
    table = [
        (text, at.strftime("%d/%m/%Y %H:%M"), f"{lat:.3f}".replace(".", ","), "4,85")
        for text, at, lat in rows
    ]
    data = written(table, ["text", "created_at", "lat", "lon"], delimiter, ends)
    if sep_line:
        data = f"sep={delimiter}{ends}{data}"
    path = tmp_path / "care.csv"
    path.write_bytes(data.encode(encoding))
    found, tally = posts_of(path, timezone="Europe/Paris", dayfirst=True)
    assert tally.n_bad == 0
    assert [post.text for post in found] == [text for text, _, _ in rows]
    for post, (_, at, lat) in zip(found, rows, strict=True):
        assert post.created_at == at.replace(tzinfo=PARIS).astimezone(UTC)
        assert post.lat == pytest.approx(lat, abs=0.001)
        assert post.lon == 4.85


@QUICK
@given(texts=st.lists(WESTERN, min_size=1, max_size=6))
def test_a_file_that_is_not_utf8_is_read_as_cp1252(tmp_path, texts):
    texts = [*texts, "réseau HS à Nîmes"]
    rows = [(text, f"2026-01-05T07:0{n}:00Z") for n, text in enumerate(texts)]
    path = tmp_path / "care.csv"
    path.write_bytes(written(rows, ["text", "created_at"], ";").encode("cp1252"))
    found, _ = posts_of(path)
    assert [post.text for post in found] == texts


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_as_csv_are_posts_bad_lines_or_one_clear_error(tmp_path, data):
    path = tmp_path / "care.csv"
    path.write_bytes(b"text,created_at\nplus rien,2026-01-05T07:00:00Z\n" + data)
    found, tally = posts_of(path, timezone="UTC", dayfirst=True)
    assert found[0].text == "plus rien"
    assert len(found) + tally.n_bad >= 1


@pytest.mark.parametrize(
    ("text", "dayfirst", "expected"),
    [
        ("05/01/2026 07:12", True, "2026-01-05T07:12"),
        ("05/01/2026 07:12", False, "2026-05-01T07:12"),
        ("5.1.2026 07:12:31", None, "2026-01-05T07:12:31"),
        ("5/1/26 7:12 PM", False, "2026-05-01T19:12"),
        ("12/31/2025 12:05 am", False, "2025-12-31T00:05"),
        ("2026/01/05 07:12", None, "2026-01-05T07:12"),
        ("05/01/2026", True, "2026-01-05T00:00"),
        ("05/01/2026 7h12", True, "2026-01-05T07:12"),
    ],
)
def test_times_as_spreadsheets_write_them(text, dayfirst, expected):
    at = read_time(text, TimeStyle(ZoneInfo("UTC"), dayfirst))
    assert at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_day_and_month_that_cannot_be_told_apart_are_refused(tmp_path):
    with pytest.raises(UnclearTimeError):
        read_time("05/01/2026 07:12")
    path = tmp_path / "care.csv"
    path.write_text("text,created_at\nplus rien,05/01/2026 07:12\n")
    with pytest.raises(UsageError, match=r"care.csv:2: .*--dayfirst"):
        posts_of(path, timezone="Europe/Paris")


def test_month_first_is_not_taken_for_a_month_that_is_none(tmp_path):
    path = tmp_path / "care.csv"
    path.write_text("text,created_at\na,01/05/2026 07:12\nb,31/05/2026 07:12\n")
    found, tally = posts_of(path, timezone="UTC", dayfirst=False)
    assert len(found) == 1 and tally.n_bad == 1


def test_the_doubled_hour_is_counted_in_spreadsheet_times_too(tmp_path):
    path = tmp_path / "care.csv"
    path.write_text("text,created_at\na,25/10/2026 02:30\nb,25/10/2026 12:30\n")
    _, tally = posts_of(path, timezone="Europe/Paris", dayfirst=True)
    assert tally.n_doubled_hour == 1


ROWS = st.lists(
    st.tuples(
        CELLS,
        st.datetimes(datetime(2007, 1, 1), datetime(2026, 1, 1)),
        st.none() | st.floats(-89, 89),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@QUICK
@given(ROWS)
def test_parquet_comes_back_as_it_went(tmp_path, rows):
    import pyarrow as pa
    from pyarrow import parquet

    texts, times, lats, reposts = (list(column) for column in zip(*rows, strict=True))
    table = pa.table(
        {
            "Body": pa.array(texts, pa.string()),
            "created_at": pa.array(times, pa.timestamp("us", "UTC")),
            "lat": pa.array(lats, pa.float64()),
            "is_retweet": pa.array(reposts, pa.bool_()),
            "another": pa.array(range(len(rows)), pa.int64()),
        }
    )
    path = tmp_path / "posts"
    parquet.write_table(table, path)
    assert kind_of(Input(path, "posts"), ReadOptions(4e9)) == "parquet"
    found, tally = posts_of(path, columns={"text": "Body"})
    assert tally.n_bad == 0
    assert [(p.text, p.created_at.replace(tzinfo=None), p.lat, p.repost) for p in found] == rows


def test_parquet_times_without_a_zone_are_refused_unless_one_is_given(tmp_path):
    import pandas as pd

    path = tmp_path / "posts.parquet"
    at = datetime(2026, 1, 5, 8, 12)
    pd.DataFrame({"text": ["plus rien"], "created_at": [at]}).to_parquet(path)
    with pytest.raises(UsageError, match="--timezone"):
        posts_of(path)
    found, _ = posts_of(path, timezone="Europe/Paris")
    assert found[0].created_at == (at - timedelta(hours=1)).replace(tzinfo=UTC)


def test_the_same_posts_in_every_format_give_the_same_alerts(run, sample, tmp_path):
    import pandas as pd

    frame = pd.read_json(sample, lines=True, dtype={"id": str, "reply_to": str})
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    frame = frame.astype({"reply_to": "object"}).where(frame.notna(), None)
    frame.to_parquet(tmp_path / "posts.parquet")
    frame.to_csv(tmp_path / "posts.csv", index=False, sep=";", encoding="utf-8-sig")
    expected = run("replay", str(sample), "--output", "json").stdout
    assert expected
    for name in ("posts.parquet", "posts.csv"):
        assert run("replay", name, "--output", "json").stdout == expected, name


def test_a_parquet_file_cut_short_is_one_clear_line(run, tmp_path):
    (tmp_path / "posts.parquet").write_bytes(b"PAR1 and then nothing")
    found = run("replay", "posts.parquet")
    assert found.returncode == 1
    assert found.stderr.decode().count("\n") == 1 and "posts.parquet" in found.stderr.decode()


def test_the_hour_that_spring_skips_is_not_doubled(tmp_path):
    path = tmp_path / "care.csv"
    path.write_text("text,created_at\na,2025-03-30 02:30:00\n")
    _, tally = posts_of(path, timezone="Europe/Paris")
    assert tally.n_doubled_hour == 0


def test_a_quote_that_is_never_closed_is_a_bad_line_and_a_stray_one_is_not(tmp_path):
    path = tmp_path / "care.csv"
    rows = [f'2026-01-05T07:0{n}:00Z,écran 5" noir' for n in range(4)]
    path.write_text("created_at,text\n" + "\n".join(rows) + "\n")
    found, tally = posts_of(path)
    assert len(found) == 4 and tally.n_bad == 0
    rows = [
        "2026-01-05T07:00:00Z,rien",
        '2026-01-05T07:01:00Z,"plus rien',
        *(rows[0][:21] + "x",) * 2,
    ]
    path.write_text("created_at,text\n" + "\n".join(rows) + "\n")
    found, tally = posts_of(path)
    assert len(found) == 2 and tally.n_bad == 1
    assert "care.csv:3: a quote that is never closed" in tally.samples[0]
    path.write_text('created_at,text\n2026-01-05T07:00:00Z,"plus\nrien"\n')
    found, tally = posts_of(path)
    assert found[0].text == "plus\nrien" and tally.n_bad == 0
