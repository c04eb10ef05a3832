"""``outagewatch demo``: a bundled story replayed fast, and what was found how early."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outagewatch.cli import app as cli

if TYPE_CHECKING:
    from outagewatch.alert.stdout import Stdout
    from outagewatch.records import Batch, Change, Incident, Outage
    from outagewatch.session import Session
    from outagewatch.settings import Settings

STORY = "france"
SECONDS = 18.0  # that the story takes on a screen
_CALM = 0.27  # share of them that goes by until the story's evening
_EVENING = 0.68  # and share in the evening and night of its two last outages
_AROUND = timedelta(minutes=25)  # before the first of them, and after the last
_FRAME = 0.08  # seconds


@cli.app.command()
def demo(
    seconds: Annotated[
        float, typer.Option(min=0, max=600, help="How long it takes on a terminal.")
    ] = SECONDS,
    output: cli.Output = "text",
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Replay a bundled story of 16 days with three failures in it. Needs nothing."""
    shared = cli.shared(None, None, output, quiet=quiet, verbose=verbose, no_color=no_color)
    from outagewatch.alert.stdout import Stdout
    from outagewatch.assets import profiles
    from outagewatch.config import NO_FILE, load

    settings = load(NO_FILE, "telecom-fr", environment={}, shipped=profiles())
    if shared.output == "text" and sys.stdout.isatty():
        first, last, session = _on_screen(settings, seconds, no_color=no_color)
    else:
        stdout = Stdout(settings, sys.stdout, output=shared.output, evidence="redacted")
        first, last, session = _as_lines(settings, stdout)
    if shared.output == "text":
        for line in _story(first, last, session, settings):
            typer.echo(line)


Told = tuple[dict[str, "Change"], dict[str, "Change"], "Session"]


def _as_lines(settings: Settings, stdout: Stdout) -> Told:
    with _session(settings) as session:
        return _followed(session, stdout.tell)


def _on_screen(settings: Settings, seconds: float, *, no_color: bool) -> Told:
    from rich.console import Console
    from rich.live import Live

    from outagewatch.cli.board import Board
    from outagewatch.cli.screen import Screen

    board = Board()
    screen = Screen(board, settings, "demo, France")
    console = Console(no_color=no_color or None)
    with Live(screen, console=console, screen=True, auto_refresh=False) as live:

        def frame(now: datetime, n_posts: int) -> None:
            board.now, screen.n_posts = now, n_posts
            live.refresh()

        story = _Pace(settings, seconds, frame)
        with _session(settings, on_block=board.see, pace=story.pace) as session:
            return _followed(session, board.tell)


def _followed(session: Session, tell: Callable[[Change], None]) -> Told:
    """Tell all changes; return the first and the last of each incident."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for change in session.posts():
        tell(change)
        first.setdefault(change.incident.id, change)
        last[change.incident.id] = change
    return first, last, session


def _session(settings: Settings, **hooks: object) -> Session:
    from outagewatch.assets import asset
    from outagewatch.session import ReplayOptions, Session

    return Session(settings, ReplayOptions([str(asset("sample_data", f"{STORY}.jsonl"))]), **hooks)  # type: ignore[arg-type]


class _Pace:
    """Hands posts on: the calm days quickly, the evening slowly enough to follow."""

    def __init__(
        self, settings: Settings, seconds: float, frame: Callable[[datetime, int], None]
    ) -> None:
        outages = sorted(
            (o for o in _known("truth", settings) if o.kind == "outage"), key=lambda o: o.start
        )
        last = outages[-1]
        self._evening = (outages[-2].start - _AROUND).timestamp()
        self._morning = ((last.end or last.start) + _AROUND).timestamp()
        self._seconds = seconds
        self._frame = frame

    def pace(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Hand on what the story's clock has come to, a frame at a time."""
        from outagewatch.clock import wall_clock
        from outagewatch.records import Batch

        posts = [pair for batch in batches for pair in zip(batch.posts, batch.times, strict=True)]
        first, end = posts[0][1], posts[-1][1]
        begun = wall_clock()
        done = 0
        while done < len(posts):
            now = self._story_time((wall_clock() - begun).total_seconds(), first, end)
            due = done
            while due < len(posts) and posts[due][1] <= now:
                due += 1
            if due > done:
                part = posts[done:due]
                yield Batch([post for post, _ in part], [at for _, at in part])
                done = due
                # The clock shows how far the posts have come: nothing is known beyond.
                self._frame(datetime.fromtimestamp(posts[done - 1][1], begun.tzinfo), done)
            time.sleep(_FRAME)

    def _story_time(self, elapsed: float, first: float, end: float) -> float:
        """Return the story's time after so many seconds: calm days, the evening, the rest."""
        share = elapsed / self._seconds if self._seconds else 1.0
        if share < _CALM:
            return first + (self._evening - first) * share / _CALM
        if share < _CALM + _EVENING:
            part = (share - _CALM) / _EVENING
            return self._evening + (self._morning - self._evening) * part
        part = min((share - _CALM - _EVENING) / (1 - _CALM - _EVENING), 1.0)
        return self._morning + (end - self._morning) * part


def _known(what: str, settings: Settings) -> list[Outage]:
    from outagewatch.assets import asset
    from outagewatch.pipeline import load_gazetteer
    from outagewatch.sources.files import Input, ReadOptions
    from outagewatch.sources.truth import read_outages

    path = asset("sample_data", f"{STORY}.{what}.csv")
    gazetteer = load_gazetteer(settings)
    return read_outages(Input(Path(path), path.name), gazetteer.get, ReadOptions(float("inf")))


def _story(
    first: dict[str, Change], last: dict[str, Change], session: Session, settings: Settings
) -> Iterator[str]:
    """Tell what was found, how early, what was left alone and why, and what to do next."""
    from outagewatch.evaluate import match

    truth = _known("truth", settings)
    alarms = _known("supervision", settings)
    outages = [outage for outage in truth if outage.kind == "outage"]
    incidents = [change.incident for change in first.values()]
    found = match(incidents, outages)
    yield ""
    yield "FOUND"
    for outage in outages:
        incident = found.get(outage.id)
        ended = last[incident.id].incident if incident is not None else None
        yield f"  {_named(outage, settings)}"
        yield from (f"      {line}" for line in _how_early(outage, incident, ended, alarms))
    extra = len(incidents) - len(found)
    yield f"  false alarms: {extra or 'none'} in {_weeks(session)}"
    yield ""
    yield "LEFT ALONE"
    for reason, number in _left_alone(session, settings):
        yield f"  {number:5,} posts: {reason}"
    names = ", ".join(
        f"{outage.id} ({outage.operator})" for outage in truth if outage.kind == "not_outage"
    )
    yield f"  waves of talk in which nothing failed: {names}"
    yield ""
    yield "NEXT"
    yield "  outagewatch replay YOUR-POSTS.jsonl      JSON lines, CSV, Parquet, X, ..."
    yield '  outagewatch explain "plus d\'internet dans le 34 @free"'
    yield "  outagewatch config init                  your operators, zone, webhook"


def _named(outage: Outage, settings: Settings) -> str:
    operator = settings.operators[outage.operator].label or outage.operator
    service = settings.services[outage.service].label or outage.service
    where = outage.location.name if outage.location is not None else ""
    return f"{operator} {service}, {where}"


def _how_early(
    outage: Outage, incident: Incident | None, ended: Incident | None, alarms: list[Outage]
) -> Iterator[str]:
    if incident is None:
        yield "not found"
        return
    at = incident.detected_at
    spent = _minutes(at - outage.start)
    yield f"{spent} min after its start, on the word of {incident.people} people"
    alarm = next(
        (
            a
            for a in alarms
            if a.operator == outage.operator
            and a.service == outage.service
            and outage.start <= a.start <= (outage.end or a.start)
        ),
        None,
    )
    if alarm is not None:
        yield f"{_before(alarm.start, at)} supervision"
    notice = ended.acknowledged_at if ended is not None else None
    if notice is not None:
        yield f"{_before(notice, at)} its operator's own public notice"


def _before(theirs: datetime, ours: datetime) -> str:
    if theirs >= ours:
        return f"{_minutes(theirs - ours)} min before"
    return f"{_minutes(ours - theirs)} min after"


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def _weeks(session: Session) -> str:
    totals = session.pipeline.totals if session.pipeline is not None else None
    days = totals.weeks * 7 if totals is not None else 0.0
    return f"{days:.0f} days"


_WHY = {
    "reads as other, not as failing now": "offers, bills, praise, questions: nothing fails",
    "reads as chronic, not as failing now": "older, recurring, or one person's own line",
    "reads as about, not as failing now": "talk about outages by those who do not have one",
    "an operator's own account": "the operators' own replies and notices",
    "a repost": "reposts",
}


def _left_alone(session: Session, settings: Settings) -> list[tuple[str, int]]:
    """Return why posts were left alone, and how many, most first."""
    from outagewatch.assets import asset
    from outagewatch.session import posts_of

    pipeline = session.pipeline
    if pipeline is None:
        return []
    reasons: Counter[str] = Counter()
    for posts in posts_of(str(asset("sample_data", f"{STORY}.jsonl")), settings):
        for verdict in pipeline.enricher.read(posts, everything=True):
            if verdict.kind == "notice":
                reasons[_WHY["an operator's own account"]] += 1
            elif verdict.kind == "none":
                reasons[_WHY.get(verdict.why_not, "too vague, abroad, or over")] += 1
    return reasons.most_common()
