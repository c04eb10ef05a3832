"""``outagewatch simulate``: a seeded stream with outages and traps, and the truth about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import UsageError

if TYPE_CHECKING:
    from outagewatch.records import Location
    from outagewatch.simulate import Plan

LAST_YEAR = 2100
START = datetime(2026, 1, 5, tzinfo=UTC)


@cli.app.command()
def simulate(
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where posts go; - is stdout.")
    ],
    outage: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE,...", help="What fails, where, when; repeatable."),
    ] = None,
    trap: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE,...", help="A wave of talk in which nothing fails."),
    ] = None,
    truth: Annotated[
        str | None, typer.Option(metavar="FILE.csv", help="Write what happened.")
    ] = None,
    supervision: Annotated[
        str | None, typer.Option(metavar="FILE.csv", help="Write supervision's alarms.")
    ] = None,
    works: Annotated[
        str | None, typer.Option(metavar="FILE.csv", help="Write the planned works.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="First moment; 2026-01-05 in UTC.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Length of the stream.")] = 14,
    per_minute: Annotated[
        float,
        typer.Option(min=0, max=10_000, help="Posts a minute, replies among them."),
    ] = 0.15,
    seed: Annotated[int, typer.Option(help="The same seed gives the same posts.")] = 1,
    config: cli.Config = None,
    profile: cli.Profile = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Write a stream of posts as people write them, to rehearse with.

    Keys of --outage: operator, service, location, people, start, minutes, kind (outage, slow_burn,
    planned, gap), placed (share who say where), alarm and notice (minutes after the start, or
    never), id. Kinds of --trap: boycott, football, billing, giveaway, foreign, scheme, joke, news.
    """
    shared = cli.shared(config, profile, None, quiet=quiet, verbose=verbose, no_color=no_color)
    settings = shared.settings()
    from outagewatch.assets import posts_of
    from outagewatch.enrich.location import Locator
    from outagewatch.pipeline import load_gazetteer
    from outagewatch.simulate import Plan, parse_event
    from outagewatch.simulate import simulate as draw
    from outagewatch.simulate.files import write, write_supervision, write_truth, write_works
    from outagewatch.simulate.writers import Writers

    named = [name for name in (out, truth, supervision, works) if name is not None]
    if len(set(named)) < len(named):
        raise UsageError("simulate: two of the files to write are the same")
    gazetteer = load_gazetteer(settings)
    locator = Locator(gazetteer, frozenset())

    def locate(text: str) -> Location | None:
        return gazetteer.root if not text else gazetteer.get(text) or locator.field(text)

    wanted = [("--outage", text) for text in outage or []] + [("--trap", t) for t in trap or []]
    events = tuple(
        parse_event(text, option, number, settings, locate)
        for number, (option, text) in enumerate(wanted, 1)
    )
    if len({event.id for event in events}) < len(events):
        raise UsageError("--outage, --trap: two of the same id")
    language, corpus, traits = posts_of(settings.languages, settings.profile)
    writers = Writers(corpus, language, settings, traits, gazetteer)
    begin = START if start is None else _time(start)
    if begin.year + days / 365 > LAST_YEAR:
        raise UsageError(f"--start, --days: expected a stream that ends before {LAST_YEAR}")
    plan = Plan(begin, days, per_minute, events, seed)
    _check_inside(plan)
    n_posts = write(out, draw(plan, settings, writers, gazetteer.root))
    if truth is not None:
        write_truth(truth, events)
    if supervision is not None:
        write_supervision(supervision, plan)
    if works is not None:
        write_works(works, events)
    if not quiet:
        counts = f"{len(outage or [])} outages, {len(trap or [])} traps"
        print(f"{n_posts:,} posts of {days} days, {counts}", file=sys.stderr)


def _time(text: str) -> datetime:
    from outagewatch.sources.base import UnreadableError
    from outagewatch.sources.times import read_time

    try:
        return read_time(text)
    except UnreadableError as error:
        raise UsageError(f"--start: expected a time such as 2026-01-05, got {text!r}") from error


def _check_inside(plan: Plan) -> None:
    end = plan.start + timedelta(days=plan.days)
    for event in plan.events:
        if not plan.start <= event.start < end:
            raise UsageError(
                f"{event.id}: starts {event.start:%Y-%m-%d %H:%M} UTC, outside of the stream, "
                f"which is from {plan.start:%Y-%m-%d} to {end:%Y-%m-%d}"
            )
