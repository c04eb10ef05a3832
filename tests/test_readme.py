"""The README says what the program does: its examples are run, and print what it shows."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from outagewatch.assets import profiles
from outagewatch.config import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (
    ["demo"], ["replay"], ["explain"], ["train"], ["simulate"], ["config", "init"],
    ["config", "check"], ["config", "show"], ["config", "schema"], ["webhook", "test"], ["tune"],
)  # fmt: skip
ON_A_TERMINAL = {  # what these would take for themselves there
    "replay": ["--output", "text", "--evidence", "redacted"],
    "explain": ["--output", "text"],
    "show": ["--output", "text"],
}
BLOCKS = re.findall(r"```console\n(\$ outagewatch .*?)```", README, re.DOTALL)


def test_every_option_it_names_exists(run):
    known = b"".join(run(*command, "--help").stdout for command in COMMANDS)
    known += run("--help").stdout
    for option in set(re.findall(r"--[a-z][a-z-]+", README)):
        assert option.encode() in known, option


def test_every_command_it_names_exists(run):
    known = run("--help").stdout.decode()
    for command in set(re.findall(r"(?:`|\$ |&& )outagewatch ([a-z]+)", README)):
        assert command in known, command


def test_every_setting_it_shows_can_be_loaded(tmp_path):
    for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL):
        tomllib.loads(block)
        path = tmp_path / "outagewatch.toml"
        path.write_text(block)
        load(str(path), None, environment={}, shipped=profiles())


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0][14:60] for block in BLOCKS])
def test_its_examples_print_what_it_shows(run, tmp_path, block):
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    if "my-labels" in block:
        pytest.skip("an example with labels that nobody has: see tests/cli/test_train.py")
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        words = shlex.split(command)[1:]
        extra = next((ON_A_TERMINAL[word] for word in words[:2] if word in ON_A_TERMINAL), [])
        extra = (
            [word for word in extra if word not in ("--evidence", "redacted")]
            if ("--evidence" in words)
            else extra
        )
        found = run(*words, *extra)
        assert found.returncode == 0, found.stderr
        printed = (found.stdout + found.stderr).decode().splitlines()
        lines = shown.strip().splitlines()
        if "..." in lines:  # the rest is left out
            assert printed[: lines.index("...")] == lines[: lines.index("...")]
        else:
            assert [line for line in printed if line] == lines


def test_the_demo_ends_as_it_shows(run):
    shown = re.search(r"```console\n(FOUND.*?)```", README, re.DOTALL)[1]
    assert shown in run("demo").stdout.decode()


def test_the_picture_is_there():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / path).is_file()


def test_its_lines_of_python_run():
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        told = subprocess.run(
            [sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert told.returncode == 0 and "free" in told.stdout, told.stderr


def test_the_stories_are_told_as_they_are():
    for name in re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE):
        if name in ("france", "uk", "quiet"):
            assert (ROOT / "sample_data" / f"{name}.jsonl").is_file()
