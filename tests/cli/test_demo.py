"""The demo and its screen: what a newcomer sees, on any terminal."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from outagewatch.cli.board import Board
from outagewatch.cli.screen import Screen, marked, spark
from outagewatch.session import ReplayOptions, Session
from outagewatch.testing import BREST, complaint

MOMENT = datetime(2026, 1, 20, 2, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def story():
    """The board of the bundled story in the middle of its night."""
    from outagewatch.assets import asset, profiles
    from outagewatch.config import load

    settings = load(None, "telecom-fr", environment={}, shipped=profiles())
    board = Board()
    options = ReplayOptions(
        [str(asset("sample_data", "france.jsonl"))], until=f"{MOMENT:%Y-%m-%dT%H:%MZ}"
    )
    with Session(settings, options, on_block=board.see) as session:
        for change in session.posts():
            board.tell(change)
    board.now = MOMENT
    return board, settings


def drawn(board, settings, width, height, **console):
    out = io.StringIO()
    screen = Screen(board, settings, "demo, France", height=height)
    Console(file=out, width=width, height=height, **console).print(screen)
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 15), (200, 60), (100, 30)])
def test_the_screen_is_exactly_as_large_as_the_terminal(story, width, height):
    lines = drawn(*story, width, height).split("\n")
    assert (len(lines) == height + 1 and lines[-1] == "") or len(lines) == height
    assert all(len(line) <= width for line in lines)


def test_at_80_by_24_it_says_all_that_is_needed_to_decide(story):
    text = drawn(*story, 80, 24)
    for needed in (
        "Tue 20 Jan 2026", "CET", "1 OPEN", "STRONG", "MAJOR", "Free mobile", "where", "people",
        "usual", "since", "public notice", "chance", "reasons", "services", "places", "OVER",
    ):  # fmt: skip
        assert needed in text, needed
    assert "[handle]" in text and "@free" not in text


def test_without_colour_and_without_utf8_nothing_is_lost(story):
    plain = drawn(*story, 80, 24, no_color=True, force_terminal=True)
    assert "STRONG" in plain and "\x1b[3" not in plain
    assert set(spark([0, 1, 2, 4], " .:-=+*#@")) <= set(" .:-=+*#@")


def test_words_that_counted_are_marked_and_hostile_text_is_harmless():
    said = complaint(0, "a", location=BREST, text="plus \x1b[31mrien\x1b[0m @moi [bold]ici[/]")
    text = marked(said)
    assert "\x1b" not in text.plain and "[handle]" in text.plain and "[bold]ici[/]" in text.plain
    with_words = complaint(0, "a", text="la fibre est morte")
    object.__setattr__(with_words, "words", ("fibre",))
    assert any("underline" in str(span.style) for span in marked(with_words).spans)


def test_a_board_forgets_what_is_long_ago(story):
    from outagewatch.records import Block

    board = Board(now=MOMENT)
    for hour in range(100):
        said = complaint(60 * hour, f"p{hour}", location=BREST)
        board.see(Block(hour, (said,)))
    assert len(board._bins) <= 36 and len(board.said) <= 12


def test_the_demo_tells_what_was_found_how_early_and_what_was_left_alone(run):
    text = run("demo").stdout.decode()
    for needed in (
        "FOUND", "min after its start", "min before supervision", "own public notice",
        "false alarms: none", "LEFT ALONE", "the operators' own replies", "NEXT",
    ):  # fmt: skip
        assert needed in text, needed
    assert "\x1b" not in text


def test_the_picture_in_the_readme_is_what_the_command_draws(tmp_path, run_process):
    import subprocess
    import sys
    from pathlib import Path

    root = Path(__file__).parents[2]
    made = tmp_path / "demo.svg"
    command = [sys.executable, str(root / "scripts" / "make_picture.py"), str(made)]
    assert subprocess.run(command, cwd=root, timeout=60).returncode == 0
    assert made.read_text("utf-8") == (root / "docs" / "demo.svg").read_text("utf-8")
