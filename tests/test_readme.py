"""The README says what the program does."""

import re
import tomllib
from pathlib import Path

import pytest

from outagewatch.assets import profiles
from outagewatch.config import load

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_every_option_it_names_exists(run):
    known = b"".join(
        run(command, "--help").stdout for command in ("demo", "replay", "explain", "train")
    )
    for option in set(re.findall(r"--[a-z][a-z-]+", README)):
        assert option.encode() in known, option


def test_every_command_it_names_exists(run):
    known = run("--help").stdout.decode()
    for command in set(re.findall(r"(?:`|\$ |&& )outagewatch ([a-z]+)", README)):
        assert command in known, command


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
def test_its_configuration_can_be_loaded(block, tmp_path):
    tomllib.loads(block)
    path = tmp_path / "outagewatch.toml"
    path.write_text(block)
    load(str(path), None, environment={}, shipped=profiles())


def test_the_demo_prints_what_it_shows(run):
    shown = re.search(r"```console\n(-- 2026.*?)```", README, re.DOTALL)[1]
    printed = run("demo").stdout.decode().splitlines()
    for line in shown.strip().splitlines():
        assert line in printed


def test_the_explanation_is_what_it_shows(run):
    block = re.search(
        r"\$ outagewatch explain \"(.*?)\" --output text\n(.*?)```", README, re.DOTALL
    )
    printed = run("explain", block[1], "--output", "text").stdout.decode()
    assert printed.strip() == block[2].strip()
