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
