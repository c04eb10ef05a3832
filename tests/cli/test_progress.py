"""How far a replay has come: shown on a terminal only, and gone before anything else."""

import io
from datetime import timedelta

import pytest

from outagewatch.cli import progress as module
from outagewatch.cli.progress import Progress
from outagewatch.records import Batch
from outagewatch.sources.base import Tally
from outagewatch.testing import NOON, post


class Terminal(io.StringIO):
    def isatty(self):
        return True


def batches(n):
    for i in range(n):
        posts = [post(i, "x")] * 10
        yield Batch(posts, [p.created_at.timestamp() for p in posts])


@pytest.fixture
def clock(monkeypatch):
    now = [NOON]

    def tick():
        now[0] += timedelta(seconds=1)
        return now[0]

    monkeypatch.setattr(module, "wall_clock", tick)
    return now


def test_it_says_share_rate_and_time_left_and_goes_away(clock):
    stream = Terminal()
    shown = Progress(stream, wanted=True)
    start = NOON.timestamp()
    shown.tally = Tally(first=start, last=start + 60 * 9)
    assert len(list(shown.watch(batches(10)))) == 10
    assert "50 posts" in stream.getvalue() and "a second" in stream.getvalue()
    assert "44%" in stream.getvalue() and " left" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_a_short_replay_shows_nothing(monkeypatch):
    stream = Terminal()
    assert len(list(Progress(stream, wanted=True).watch(batches(3)))) == 3
    assert stream.getvalue() == ""


def test_a_pipe_and_quiet_show_nothing(clock):
    for stream, wanted in ((io.StringIO(), True), (Terminal(), False)):
        list(Progress(stream, wanted=wanted).watch(batches(10)))
        assert stream.getvalue() == ""
