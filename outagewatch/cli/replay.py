"""``outagewatch replay``: recorded posts in event time, alerts on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import UsageError

if TYPE_CHECKING:
    from outagewatch.alert.delivery import Delivery
    from outagewatch.alert.stdout import Stdout
    from outagewatch.records import Change, Level
    from outagewatch.session import Session
    from outagewatch.settings import Settings

_LEVELS = ("possible", "probable", "strong")
NOT_DELIVERED = 4
_EVIDENCE = ("none", "ids", "redacted")


@cli.app.command()
def replay(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Recorded posts; - is stdin.")
    ],
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out posts before (UTC if no zone).")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out posts from then on.")
    ] = None,
    operator: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Count only this operator; repeatable.")
    ] = None,
    location: Annotated[
        list[str] | None,
        typer.Option(metavar="PLACE", help="Count only this place (id or name); repeatable."),
    ] = None,
    warm_up: Annotated[
        list[str] | None,
        typer.Option(
            "--warm-up", metavar="PATH", help="Learn from these earlier posts; repeatable."
        ),
    ] = None,
    as_arrived: Annotated[
        bool, typer.Option("--as-arrived", help="Keep arrival order and leave out late posts.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    timezone: cli.TableZone = None,
    dayfirst: cli.DayFirst = None,
    columns: cli.Columns = None,
    kind: Annotated[
        str, typer.Option("--format", metavar="posts|counts", help="What the files hold.")
    ] = "posts",
    step: Annotated[
        str | None, typer.Option(metavar="5min", help="Step of counts; found by itself if regular.")
    ] = None,
    roll_up: Annotated[
        bool,
        typer.Option("--roll-up", help="Add counts of larger places, all services, operators."),
    ] = False,
    scores: Annotated[
        str | None,
        typer.Option(metavar="FILE.csv", help="Write the score of each bucket and signal."),
    ] = None,
    scores_all: Annotated[
        bool, typer.Option("--scores-all", help="Also where nothing was observed.")
    ] = False,
    level: Annotated[
        str, typer.Option(metavar="possible|probable|strong", help="Lowest level that is told.")
    ] = "probable",
    state: Annotated[
        str | None, typer.Option(metavar="FILE", help="Use the thresholds that tune has kept.")
    ] = None,
    deliver: Annotated[
        bool, typer.Option("--deliver", help="Send alerts to the configured webhooks too.")
    ] = False,
    evidence: Annotated[
        str | None,
        typer.Option(metavar="none|ids|redacted", help="Posts shown; redacted on a terminal."),
    ] = None,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Replay recorded posts in event time; alerts go to stdout."""
    shared = cli.shared(config, profile, output, quiet=quiet, verbose=verbose, no_color=no_color)
    _one_of("--level", level, _LEVELS)
    _one_of("--format", kind, ("posts", "counts"))
    if evidence is not None:
        _one_of("--evidence", evidence, _EVIDENCE)
    from outagewatch.session import ReplayOptions, Session

    settings = shared.settings()
    delivery = _delivery(settings) if deliver else None
    asked = cast("Level", level)
    options = ReplayOptions(
        paths=paths,
        since=since,
        until=until,
        operators=operator or [],
        locations=location or [],
        warm_up=warm_up or [],
        as_arrived=as_arrived,
        strict=strict,
        timezone=timezone,
        dayfirst=dayfirst,
        columns=cli.columns_of(columns),
        step=_seconds(step),
        roll_up=roll_up,
        state=state,
        level=delivery.lowest(asked) if delivery is not None else asked,
    )
    from outagewatch.cli.progress import Progress

    progress = Progress(sys.stderr, wanted=not quiet and kind == "posts")
    with ExitStack() as stack:
        session = stack.enter_context(Session(settings, options, pace=progress.watch))
        if delivery is not None:
            stack.enter_context(delivery)
        progress.tally = session.tally
        stdout = _stdout(session, shared, evidence, asked)
        for change in _changes(session, kind, scores, scores_all=scores_all):
            progress.clear()
            stdout.tell(change)
            if delivery is not None:
                delivery.tell(change)
        if not quiet:
            print(session.summary(), file=sys.stderr)
    if delivery is not None:
        if not quiet:
            print(delivery.summary(), file=sys.stderr)
        if delivery.n_failed:
            raise SystemExit(NOT_DELIVERED)


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise UsageError(f"{option}: expected {', '.join(allowed)}, got {value!r}")


def _seconds(text: str | None) -> int | None:
    if text is None:
        return None
    for unit, length in (("min", 60), ("h", 3600), ("s", 1), ("m", 60)):
        number = text.strip().removesuffix(unit)
        if text.strip().endswith(unit) and number.strip().isdigit():
            seconds = int(number) * length
            if 60 <= seconds <= 3600:
                return seconds
    raise UsageError(f"--step: expected 1min to 1h, got {text!r}")


def _changes(
    session: Session, kind: str, scores: str | None, *, scores_all: bool
) -> Iterator[Change]:
    if scores is None:
        yield from session.counts() if kind == "counts" else session.posts()
        return
    from outagewatch.cli.scores import ScoreFile

    with ScoreFile(scores, session) as file:
        yield from (
            session.counts(file.write, scores_all=scores_all)
            if kind == "counts"
            else (session.posts(file.write, scores_all=scores_all))
        )


def _stdout(session: Session, shared: cli.Shared, evidence: str | None, level: Level) -> Stdout:
    """Return what prints changes."""
    from outagewatch.alert.route import Wanted
    from outagewatch.alert.stdout import Stdout

    chosen = evidence or ("redacted" if shared.output == "text" and sys.stdout.isatty() else "ids")
    return Stdout(
        session.settings,
        sys.stdout,
        output=shared.output,
        evidence=cast(Literal["none", "ids", "redacted"], chosen),
        color=shared.color,
        wanted=Wanted(level=level, context=session.settings.board.context),
    )


def _delivery(settings: Settings) -> Delivery:
    """Return what delivers to the configured webhooks.

    Raises
    ------
    UsageError
        If there are none.
    """
    from outagewatch.cli.webhook import delivery

    if not settings.webhooks:
        raise UsageError("--deliver: no [[webhooks]] in the configuration")
    return delivery(settings)
