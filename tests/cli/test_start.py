import os
import subprocess
import sys

import pytest


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['outagewatch', '--help']\n"
        "from outagewatch.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'sklearn', 'tweepy', 'numpy', 'scipy', 'msgspec', 'rich'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "heavy: []" in found.stdout


def test_a_replay_loads_no_library_it_has_no_use_for(sample):
    code = (
        f"import sys\nsys.argv = ['outagewatch', 'replay', {str(sample)!r}, '--quiet']\n"
        "from outagewatch.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('heavy:', sorted({'pandas', 'sklearn', 'tweepy'} & set(sys.modules)))\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "heavy: []" in found.stdout


@pytest.mark.parametrize(
    "args",
    [["--help"], ["replay", "--help"], ["explain", "--help"], ["train", "--help"], ["--version"]],
)
def test_help_is_there(run, args):
    assert run(*args).returncode == 0


def test_explain_says_what_is_read(run):
    text = run(
        "explain", "Plus d'internet dans le 34 depuis 20 min @Freebox", "--output", "text"
    ).stdout.decode()
    assert "counts as a person" in text and "Hérault (FR-34)" in text and "free" in text
    assert "for " in text


def test_explain_tells_every_kind_of_post_of_a_stream(run, sample):
    told = run("explain", "--input", str(sample), "--output", "text")
    assert told.returncode == 0, told.stderr
    for kind in ("counts as a person", "does not count", "public notice", "it is back", "tracker"):
        assert kind in told.stdout.decode(), kind


def test_explain_reads_a_table_as_replay_does(run, tmp_path):
    (tmp_path / "c.csv").write_text("Date;Body\n05/01/2026 07:12;plus d'internet free\n")
    told = run(
        "explain", "--input", "c.csv", "--map", "text=Body,created_at=Date",
        "--timezone", "Europe/Paris", "--dayfirst",
    )  # fmt: skip
    assert told.returncode == 0 and b'"counts":true' in told.stdout


def test_explain_reads_each_post_of_a_file(run, sample):
    import json

    found = [
        json.loads(line) for line in run("explain", "--input", str(sample)).stdout.splitlines()
    ]
    assert len(found) == len(sample.read_text("utf-8").splitlines()) > 3000
    keys = [
        "id",
        "acute",
        "chronic",
        "about",
        "other",
        "counts",
        "operator",
        "service",
        "symptom",
        "location",
        "words",
    ]
    assert list(found[0]) == keys
    assert all(abs(v["acute"] + v["chronic"] + v["about"] + v["other"] - 1) < 0.001 for v in found)
    assert sum(v["counts"] for v in found) > 50


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_and_profiles(tmp_path, shell):
    script = tmp_path / "outagewatch"
    script.write_text("from outagewatch.cli.app import main\nmain()\n")
    words = "COMP_WORDS" if shell == "bash" else "_TYPER_COMPLETE_ARGS"

    def completed(line):
        env = {**os.environ, "_OUTAGEWATCH_COMPLETE": f"complete_{shell}", words: line}
        env |= {"COMP_CWORD": str(len(line.split()) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        command = [sys.executable, str(script)]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60).stdout

    assert "replay" in completed("outagewatch rep")
    assert "telecom-us" in completed("outagewatch replay --profile telecom-")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["replya"], "Did you mean 'replay'"),
        (["replay", "x", "--profil", "power"], "--profile"),
        (["replay", "x", "--profile", "powr"], "did you mean power?"),
        (["config", "shw"], "Did you mean 'show'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_that_there_is(run, args, says):
    found = run(*args)
    assert found.returncode == 2 and says in found.stderr.decode()


def test_a_terminal_that_lacks_letters_stops_no_run(run_process, sample):
    env = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    text = ["--output", "text", "--evidence", "redacted"]
    for options, word in (([], "Hérault"), (text, "Sète")):
        found = run_process("replay", str(sample), *options, env=env)
        assert found.returncode == 0 and b"Traceback" not in found.stderr
        assert word in found.stdout.decode("utf-8")
