"""``outagewatch explain``: what is read in a post, or why a signal is told of and why not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import UsageError

if TYPE_CHECKING:
    from outagewatch.enrich.enricher import Enricher, Verdict
    from outagewatch.records import Post
    from outagewatch.session import ReplayOptions
    from outagewatch.settings import Settings

SHOWN_WORDS = 6


@cli.app.command()
def explain(
    given: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT | PATH...", help="The text of one post; with --signal, recorded posts."
        ),
    ] = None,
    path: Annotated[
        str | None, typer.Option("--input", metavar="PATH", help="Each post of a file; - is stdin.")
    ] = None,
    signal: Annotated[
        str | None,
        typer.Option(
            metavar="OPERATOR/SERVICE/PLACE", help="Say why it is told of, or is not; with --at."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Up to when, for --signal (UTC if no zone)."),
    ] = None,
    warm_up: Annotated[
        list[str] | None,
        typer.Option(
            "--warm-up", metavar="PATH", help="For --signal: learn from these; repeatable."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    columns: cli.Columns = None,
    timezone: cli.TableZone = None,
    dayfirst: cli.DayFirst = None,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Say what is read in a post, and whether it counts; or why a signal is told of or not."""
    shared = cli.shared(config, profile, output, quiet=quiet, verbose=verbose, no_color=no_color)
    given = given or []
    if signal is not None or at is not None or warm_up:
        if path is not None:
            raise UsageError("explain: expected --input PATH or --signal, not both")
        from outagewatch.cli import why
        from outagewatch.session import ReplayOptions

        signal, at = why.asked(signal, at, given)
        reading = ReplayOptions(
            paths=given,
            until=at,
            warm_up=warm_up or [],
            strict=strict,
            timezone=timezone,
            dayfirst=dayfirst,
            columns=cli.columns_of(columns),
        )
        print(_why(shared, signal, reading))
        return
    if (len(given) != 1) == (path is None) or (given and path is not None):
        raise UsageError("explain: expected either a text or --input PATH")
    text = given[0] if given else None
    settings = shared.settings()
    from outagewatch.pipeline import Pipeline
    from outagewatch.session import posts_of

    enricher = Pipeline(settings).enricher
    posts = (
        _one(text)
        if text is not None
        else posts_of(
            str(path),
            settings,
            strict=strict,
            columns=cli.columns_of(columns),
            timezone=timezone,
            dayfirst=dayfirst,
        )
    )
    as_json, none = shared.output == "json", True
    for chunk in posts:
        for verdict in enricher.read(chunk, everything=True):
            none = False
            print(_line(verdict, enricher) if as_json else _story(verdict, enricher, settings))
            sys.stdout.flush()
    if none and not quiet:
        typer.echo(f"explain: no posts in {path}", err=True)


def _why(shared: cli.Shared, text: str, reading: ReplayOptions) -> str:
    """Return why a signal is told of, or is not, when its posts have been read."""
    from outagewatch.cli import why
    from outagewatch.cli.progress import Progress
    from outagewatch.session import Session, end_of_bucket

    at = end_of_bucket("--at", reading.until or "")
    progress = Progress(sys.stderr, wanted=not shared.quiet)
    options = replace(reading, until=at.isoformat())
    with Session(shared.settings(), options, pace=progress.watch) as session:
        progress.tally = session.tally
        found = why.answer(session, session.signal(text), at)
        progress.clear()
        if shared.output == "json":
            return why.line(found, at)
        return why.story(found, at, session.settings.timezone)


def _one(text: str) -> Iterator[list[Post]]:
    from outagewatch.clock import wall_clock
    from outagewatch.records import Post

    yield [Post(text=text, created_at=wall_clock())]


def _line(v: Verdict, enricher: Enricher) -> str:
    """Return a verdict as one line of JSON."""
    import msgspec

    fields: dict[str, Any] = {
        "id": v.post.id,
        **{name: round(p, 4) for name, p in v.reading._asdict().items()},
        "counts": v.kind == "complaint",
        "operator": v.operator,
        "service": v.service,
        "symptom": v.symptom,
        "location": v.found.location.id if v.found is not None else None,
        "words": [word for word, _ in _strongest(enricher.weigh(v.row), 1)],
    }
    return msgspec.json.encode(fields).decode()


def _story(v: Verdict, enricher: Enricher, settings: Settings) -> str:
    """Return a verdict as a person reads it."""
    from outagewatch.alert.base import harmless

    counts = {
        "complaint": "counts as a person whose service fails now",
        "restored": "says that it is back: does not count, but speaks for an end",
        "tracker": "a tracker's report: counts for nobody, but corroborates",
        "notice": "the operator's own public notice of an outage: counts for nobody",
        "none": f"does not count: {v.why_not}",
    }[v.kind]
    lines = [f"post      {harmless(v.post.text)[:200]}", f"verdict   {counts}"]
    readings = "  ".join(f"{name} {p:.0%}" for name, p in v.reading._asdict().items())
    lines.append(f"reads as  {readings}  (counts from acute {enricher.threshold:.0%})")
    for name, value in (("operator", v.operator), ("service", v.service), ("symptom", v.symptom)):
        lines.append(f"{name:9} {value}")
    if v.found is not None:
        place = v.found.location
        above = " < ".join(f"{p.name} ({p.id})" for p in place.path if p.kind != "any")
        lines.append(f"place     {above}, from its {v.found.source}")
    else:
        lines.append("place     not said")
    weights = enricher.weigh(v.row)
    if weights:
        for sign, chosen in (("for", _strongest(weights, 1)), ("against", _strongest(weights, -1))):
            if chosen:
                told = ", ".join(f"{harmless(word)} {weight:+.1f}" for word, weight in chosen)
                lines.append(f"{sign:9} {told}")
    return "\n".join(lines) + "\n"


def _strongest(weights: Iterable[tuple[str, float]], sign: int) -> list[tuple[str, float]]:
    chosen = [(word, weight) for word, weight in weights if weight * sign >= 0.05]
    return sorted(chosen, key=lambda pair: -sign * pair[1])[:SHOWN_WORDS]
