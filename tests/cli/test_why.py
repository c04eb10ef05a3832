import json
from datetime import datetime, timedelta

import pytest

from outagewatch.detect.why import people_needed

RANK = {None: 0, "possible": 1, "probable": 2, "strong": 3}
TV = [
    "plus de télé chez sfr depuis 10 min",
    "écran noir sur la box sfr, aucune chaîne ne passe",
    "ma tv sfr vient de couper net, rien à l'écran",
]
INTERNET = [
    "plus d'internet chez free à Montpellier (34) depuis 10 min",
    "freebox en rade à Béziers (34), aucune connexion",
    "la fibre free vient de couper à Sète (34)",
    "free : panne internet à Lunel (34), vous aussi ?",
    "Agde (34), ma freebox clignote et plus rien ne marche",
    "coupure de fibre free à Frontignan (34) ce soir, box en rouge",
    "toujours pas de connexion chez free sur Mauguio (34)",
    "internet ne marche plus à Pézenas (34), merci free",
    "free ne répond plus du tout à Castelnau-le-Lez (34), box morte",
    "wifi et fibre HS à Lattes (34), free bravo",
]


@pytest.fixture
def why(run):
    """Return what is said of a signal at a time, as JSON."""

    def ask(signal, at, *paths):
        found = run("explain", "--signal", signal, "--at", at, *map(str, paths))
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    return ask


@pytest.fixture
def with_more(sample, tmp_path):
    """Return a file of the sample's posts up to a time, and of so many more before it."""

    def write(at, number, texts, *, minutes=60, thread=None):
        """Let each begin a share of the minutes before the time, the first of them first."""
        begin = datetime.fromisoformat(at) - timedelta(minutes=minutes)
        rows = [
            row
            for row in sample.read_text("utf-8").splitlines()
            if json.loads(row)["created_at"] < at
        ]
        for i in range(number):
            when = begin + timedelta(minutes=minutes) * i / number
            post = {"text": texts[i], "created_at": f"{when:%Y-%m-%dT%H:%M:%SZ}", "author": f"n{i}"}
            rows.append(json.dumps(post | ({"thread": thread} if thread else {})))
        path = tmp_path / f"more{number}{thread}.jsonl"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        return path

    return write


def highest(run, path):
    events = [json.loads(row) for row in run("replay", str(path), "--quiet").stdout.splitlines()]
    return [e for e in events if e["type"].endswith(("opened", "updated"))]


def test_before_it_is_told_the_people_missing_are_counted(why, sample):
    found = why("sfr/tv/FR", "2026-01-14T19:12Z", sample)
    assert (found["level"], found["incident"]) == (None, None)
    assert (found["observed"], found["window_minutes"]) == (2.0, 6)
    assert found["missing"] == {"possible": 1, "probable": 1, "strong": 2}
    assert found["people_needed"] == {"possible": 3, "probable": 3, "strong": 4}
    assert len(found["posts"]) == 2 and set(found["posts"][0]) == {"id", "time"}


def test_when_it_is_told_the_numbers_are_those_of_the_alert(run, why, sample):
    found = why("sfr/tv/FR", "2026-01-14T19:14Z", sample)
    alert = json.loads(run("replay", str(sample)).stdout.splitlines()[0])
    data = alert["data"]
    assert alert["time"] == found["at"] == "2026-01-14T19:14:00Z"
    assert found["level"] == data["level"] == "probable"
    assert found["missing"] == {"possible": 0, "probable": 0, "strong": 1}
    assert (found["observed"], found["window_minutes"]) == (data["people"], data["window_minutes"])
    assert found["expected"] == pytest.approx(data["expected"], abs=1e-4)
    assert found["recurrence_hours"] == pytest.approx(data["recurrence_hours"], rel=1e-3)
    assert found["incident"]["incident_id"] == data["incident_id"]
    assert found["incident"]["reasons"] == data["reasons"]


def test_afterwards_nothing_stands_out(why, sample):
    found = why("sfr/tv/FR", "2026-01-14T23:00Z", sample)
    assert (found["level"], found["incident"], found["stands_out"]) == (None, None, False)
    assert (found["observed"], found["window_minutes"], found["score"]) == (0.0, 60, 0.0)
    assert found["missing"]["possible"] >= 3 and found["posts"] == []


def test_a_time_within_a_minute_is_that_of_the_last_one_closed(why, sample):
    within = why("sfr/tv/FR", "2026-01-14T19:13:59Z", sample)
    assert within == why("sfr/tv/FR", "2026-01-14T19:13Z", sample)
    assert within["observed"] == 2.0


@pytest.mark.parametrize("level", ["possible", "probable", "strong"])
@pytest.mark.parametrize(
    ("signal", "at", "texts"),
    [
        pytest.param("sfr/tv/FR", "2026-01-14T19:12:00Z", TV, id="two spoke already"),
        pytest.param("free/any/FR", "2026-01-13T15:00:00Z", INTERNET, id="a quiet hour"),
        pytest.param("free/any/FR-34", "2026-01-13T15:00:00Z", INTERNET, id="never heard"),
        pytest.param("free/any/FR", "2026-01-19T18:45:00Z", INTERNET, id="within a minute"),
        pytest.param("free/any/FR", "2026-01-20T02:07:00Z", INTERNET, id="at night"),
    ],
)
def test_with_the_people_who_were_missing_the_level_is_reached(
    run, why, sample, with_more, signal, at, texts, level
):
    now = why(signal, at, sample)
    missing, minutes = now["missing"][level], now["window_minutes"]
    assert missing
    enough = with_more(at, missing, texts, minutes=minutes)
    assert RANK[why(signal, at, enough)["level"]] >= RANK[level]
    too_few = with_more(at, missing - 1, texts, minutes=minutes)
    assert RANK[why(signal, at, too_few)["level"]] < RANK[level]
    told = highest(run, enough)
    assert level == "possible" or RANK[told[-1]["data"]["level"]] >= RANK[level]
    assert all(event["time"] <= at for event in told if event["type"].endswith("opened"))


def test_people_of_one_thread_are_half_of_the_evidence(why, with_more):
    at = "2026-01-13T15:00:00Z"
    apart = why("free/fixed_internet/FR", at, with_more(at, 3, INTERNET, minutes=4))
    together = why("free/fixed_internet/FR", at, with_more(at, 3, INTERNET, minutes=4, thread="t"))
    assert (apart["level"], apart["missing"]["probable"]) == ("strong", 0)
    assert (together["level"], together["missing"]["possible"]) == ("possible", 0)
    assert together["missing"]["probable"] > 0


def test_a_signal_in_which_nobody_spoke_says_what_it_would_take(run, sample):
    found = run(
        "explain", "--signal", "orange/tv/FR-48", "--at", "2026-01-14T19:12Z", str(sample),
        "--output", "text",
    )  # fmt: skip
    told = found.stdout.decode()
    assert "up to 2026-01-14 20:12 CET" in told and "nobody ever spoke in it" in told
    assert "possible  takes 3 people in that window" in told
    assert "incident  none is open" in told


def test_a_related_signal_is_named(why, sample):
    found = why("sfr/tv/FR-34", "2026-01-14T19:12Z", sample)
    assert found["heard"] is False
    assert found["related"][0]["signal"] == "sfr/tv/FR"
    assert found["related"][0]["observed"] == 2.0


def test_places_are_named_as_people_do(why, sample):
    at = "2026-01-14T19:40Z"
    assert why("SFR/tv/Hérault", at, sample) == why("sfr/tv/FR-34", at, sample)
    assert why("sfr/tv/any", at, sample) == why("sfr/tv/FR", at, sample)


def test_it_says_when_little_is_known(why, sample):
    young = why("free/any/FR", "2026-01-06T12:00Z", sample)
    assert young["warming_up"]
    assert not young["silent"] and not why("free/any/FR", "2026-01-14T19:12Z", sample)["silent"]
    assert why("free/any/FR", "2026-02-20T12:00Z", sample)["silent"]


def test_warm_up_is_learned_from(run, sample, tmp_path):
    rows = sample.read_bytes().splitlines(keepends=True)
    (tmp_path / "past.jsonl").write_bytes(b"".join(rows[:2000]))
    (tmp_path / "now.jsonl").write_bytes(b"".join(rows[2000:]))
    asked = ["explain", "--signal", "sfr/tv/FR", "--at", "2026-01-14T19:14Z"]
    warmed = json.loads(run(*asked, "now.jsonl", "--warm-up", "past.jsonl").stdout)
    cold = json.loads(run(*asked, "now.jsonl").stdout)
    assert (warmed["warming_up"], cold["warming_up"]) == (False, True)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--signal", "fre/any/FR", "--at", "2026-01-14", "S"], "did you mean free?"),
        (["--signal", "free/tvv/FR", "--at", "2026-01-14", "S"], "did you mean tv?"),
        (["--signal", "free/any/Herault34", "--at", "2026-01-14", "S"], "did you mean herault?"),
        (["--signal", "free/any/FR-OC", "--at", "2026-01-14", "S"], "did you mean FR-OCC?"),
        (["--signal", "free", "--at", "2026-01-14", "S"], "expected operator/service/place"),
        (
            ["--signal", "unknown/any/FR", "--at", "2026-01-14", "S"],
            "unknown is never tested alone; its excess shows at any",
        ),
        (["--signal", "free/any/FR", "--at", "noon", "S"], "--at: expected a time such as"),
        (["--signal", "free/any/FR", "S"], "--signal: expected --at too"),
        (["--at", "2026-01-14", "S"], "--at and --warm-up go with --signal"),
        (
            ["--signal", "free/any/FR", "--at", "2026-01-14"],
            "--signal: no state is kept yet; expected the posts too, as PATH...",
        ),
        (["one", "two"], "explain: expected either a text or --input PATH"),
    ],
)
def test_what_cannot_be_asked_is_one_line(run, sample, args, message):
    found = run("explain", *(str(sample) if word == "S" else word for word in args))
    assert found.returncode == 2
    assert found.stdout == b""
    assert message in found.stderr.decode() and found.stderr.count(b"\n") == 1


def test_no_posts_before_it_is_an_error(run, sample):
    found = run("explain", "--signal", "free/any/FR", "--at", "2025-01-14", str(sample))
    assert found.returncode == 1
    assert b"--at: no posts before 2025-01-14 01:00 CET in " in found.stderr


@pytest.mark.parametrize("score", [3.0, 8.4, 15.9])
@pytest.mark.parametrize("expected", [1e-6, 0.3, 4.0, 250.0])
def test_one_person_less_is_not_enough(score, expected):
    from outagewatch.detect.glr import poisson_llr

    people = people_needed(score, expected, 1.3)
    assert poisson_llr(people, expected) / 1.3 >= score
    assert poisson_llr(people - 1, expected) / 1.3 < score
    assert people_needed(score, expected, 1.3, least=1000) == 1000
