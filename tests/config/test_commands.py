"""``config init``, ``check``, ``show`` and ``schema``, as a user runs them."""

import json
import stat
import tomllib

import jsonschema
import pytest

INIT = [
    (["--country", "FR", "--own", "free", "--context", "orange,sfr"], "telecom-fr"),
    (["--country", "gb", "--own", "o2"], "telecom-uk"),
    (["--country", "US"], "telecom-us"),
    (["--profile", "services", "--timezone", "Europe/Paris"], "services"),
    (["--alerts", "https://noc.example/hook"], "telecom-fr"),
]


@pytest.mark.parametrize(("args", "profile"), INIT)
def test_what_init_writes_is_checked_and_used(run, tmp_path, args, profile):
    made = run("config", "init", *args)
    assert made.returncode == 0, made.stderr
    written = tomllib.loads((tmp_path / "outagewatch.toml").read_text())
    assert written["profile"] == profile
    found = run("config", "check")
    assert found.returncode == 0 and f"profile {profile}".encode() in found.stdout
    again = run("config", "init", *args)
    assert again.returncode == 2 and b"--force" in again.stderr
    assert run("config", "init", *args, "--force").returncode == 0


def test_init_makes_a_secret_that_only_its_owner_reads(run, tmp_path):
    run("config", "init", "--alerts", "https://noc.example/hook")
    secret = tmp_path / "outagewatch-noc.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    before = secret.read_text()
    assert before.startswith("whsec_")
    run("config", "init", "--alerts", "https://noc.example/hook", "--force")
    assert secret.read_text() == before
    shown = run("config", "show", "--output", "text").stdout.decode()
    assert before.strip() not in shown and "https://noc.example/***" in shown


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--country", "DE"], "no profile for 'DE'"),
        (["--own", "fre"], "did you mean free?"),
        (["--profile", "telecom-rf"], "did you mean telecom-fr?"),
        (["--timezone", "Mars"], "expected a zone"),
        (["--alerts", "http://noc.example/"], "allow_http"),
        (["--out", "none/o.toml"], "No such file"),
    ],
)
def test_what_init_cannot_write_it_says_in_one_line(run, tmp_path, args, says):
    found = run("config", "init", *args)
    assert found.returncode in (1, 2) and says in found.stderr.decode()
    assert found.stderr.count(b"\n") == 1 and not (tmp_path / "outagewatch.toml").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[board]\nown = ["fre"]', "board.own: no operator 'fre'. did you mean free?"),
        ('[areas.ouest]\ndepartments = ["222"]', "areas.ouest: no place 'FR-222'"),
        ('[[webhooks]]\nname = "noc"', "expected either url or url_file"),
        (
            '[[webhooks]]\nname = "a"\nurl = "https://x/"\nareas = ["o"]',
            "webhook a: areas: no area 'o'",
        ),
        ('[[webhooks]]\nname = "a"\nurl = "https://x/"\nlevl = "b"', "did you mean level?"),
        ('[[webhooks]]\nname = "a"\nurl = "https://x/"\ntypes = ["b"]', "no type 'b'"),
        ('[[webhooks]]\nname = "a"\nurl = "ftp://x/"', "expected https://HOST"),
        (
            '[[webhooks]]\nname = "a"\nurl = "https://x/"\nlevel = "b"',
            'level: expected possible, probable, strong, got "b"',
        ),
        (
            '[[webhooks]]\nname = "a"\nurl = "https://x/"\nsecret_file = "none"',
            "none: No such file",
        ),
    ],
)
def test_check_says_what_is_wrong(run, tmp_path, text, says):
    (tmp_path / "outagewatch.toml").write_text(text)
    found = run("config", "check")
    assert found.returncode == 2 and says in found.stderr.decode()
    assert found.stderr.count(b"\n") == 1


def test_show_says_where_each_value_comes_from(run, tmp_path):
    (tmp_path / "outagewatch.toml").write_text('[operators.free]\nnames = ["ma box"]\n')
    env = {"OUTAGEWATCH_DETECT__FALSE_ALARMS_PER_WEEK": "2"}
    lines = run("config", "show", "--all", "--output", "json", env=env).stdout.splitlines()
    where = {row["key"]: row["where"] for row in map(json.loads, lines)}
    assert where["detect.false_alarms_per_week"] == list(env)
    assert where["operators.free.names"] == ["profile telecom-fr", "outagewatch.toml"]
    assert where["timezone"] == ["profile telecom-fr"]
    assert where["detect.min_people"] == where["profile"] == ["default"]


def test_the_schema_of_alerts_is_that_of_what_replay_prints(run, sample):
    schema = json.loads(run("config", "schema").stdout)
    lines = run("replay", str(sample), "--output", "json").stdout.splitlines()
    assert lines
    for line in lines:
        jsonschema.validate(json.loads(line), schema)


def test_the_schema_of_the_configuration_names_its_keys(run):
    text = run("config", "schema", "config").stdout.decode()
    assert "false_alarms_per_week" in text and "shadow_until" in text


def test_an_area_is_named_in_text_and_data(run, sample, tmp_path):
    (tmp_path / "outagewatch.toml").write_text('[areas.ouest]\ndepartments = ["29", "56"]\n')
    args = ["replay", str(sample), "--location", "FR-29"]
    events = [json.loads(x) for x in run(*args).stdout.splitlines()]
    assert events[0]["data"]["areas"] == ["ouest"]
    if events[0]["data"]["location"]["id"] != "FR":
        assert "area ouest" in run(*args, "--output", "text").stdout.decode()


def test_init_and_demo_do_not_read_the_file_that_is_there(run, tmp_path):
    (tmp_path / "outagewatch.toml").write_text('[board]\nown = ["orange"]\n')
    assert run("config", "init", "--country", "GB", "-o", "gb.toml").returncode == 0
    assert b"CONTEXT" not in run("demo").stdout
    found = run("replay", "-", "--profile", "telecom-uk")
    assert found.returncode == 2 and b"--profile telecom-uk" in found.stderr


def test_a_file_from_notepad_is_read_and_shadow_that_is_over_is_said(run, tmp_path):
    (tmp_path / "outagewatch.toml").write_bytes(b"\xef\xbb\xbf[board]\nshadow_until = 2020-01-01\n")
    found = run("config", "check")
    assert found.returncode == 0 and b"shadow ended at 2020-01-01 00:00 CET" in found.stdout
