"""``outagewatch tune``: thresholds from a history, for a number of false alarms a week."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import UsageError


@cli.app.command()
def tune(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Recorded posts; - is stdin.")
    ],
    state: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Where thresholds are kept; your state folder."),
    ] = None,
    kind: Annotated[
        str, typer.Option("--format", metavar="posts|counts", help="What the files hold.")
    ] = "posts",
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out posts before (UTC if no zone).")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out posts from then on.")
    ] = None,
    timezone: cli.TableZone = None,
    dayfirst: cli.DayFirst = None,
    columns: cli.Columns = None,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Fit thresholds to a history, so that it has as many false alarms a week as you ask for."""
    shared = cli.shared(config, profile, output, quiet=quiet, verbose=verbose, no_color=no_color)
    if kind not in ("posts", "counts"):
        raise UsageError(f"--format: expected posts, counts, got {kind!r}")
    from outagewatch import tune as tuning
    from outagewatch.cli.progress import Progress
    from outagewatch.session import ReplayOptions, Session
    from outagewatch.state import default_path

    settings = shared.settings()
    path = Path(state) if state is not None else default_path(os.environ, settings.profile)
    options = ReplayOptions(
        paths=paths,
        since=since,
        until=until,
        timezone=timezone,
        dayfirst=dayfirst,
        columns=cli.columns_of(columns),
    )
    progress = Progress(sys.stderr, wanted=not quiet and kind == "posts")
    with Session(settings, options, pace=progress.watch) as session:
        progress.tally = session.tally
        found = tuning.tune(session, counts=kind == "counts")
        progress.clear()
        if not quiet:
            print(session.summary(), file=sys.stderr)
    tuning.save(path, settings, found)
    asked = settings.detect.false_alarms_per_week
    if shared.output == "json":
        print(_json(found, asked, path))
        return
    print(f"{found.weeks:.1f} weeks, thresholds for {asked:g} false alarms a week, kept in {path}")
    for line in found.floors:
        print(line)
    print(f"use them: outagewatch replay --state {path} ...")


def _json(found: object, asked: float, path: Path) -> str:
    import msgspec

    from outagewatch.tune import Tuned

    assert isinstance(found, Tuned)
    fields = {
        "state": str(path),
        "weeks": round(found.weeks, 2),
        "false_alarms_per_week": asked,
        "levels": [None if tail is None else tail._asdict() for tail in found.tails],
        "floors": found.floors,
    }
    return msgspec.json.encode(fields).decode()
