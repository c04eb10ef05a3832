"""``outagewatch demo``: the bundled posts replayed, and what was found how early."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from outagewatch.cli import app as cli

if TYPE_CHECKING:
    from outagewatch.records import Incident


@cli.app.command()
def demo(
    output: cli.Output = "text",
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Replay the bundled posts: twelve days, a regional and a national failure. Needs nothing."""
    shared = cli.shared(None, None, output, quiet=quiet, verbose=verbose, no_color=no_color)
    from outagewatch.alert.stdout import Stdout
    from outagewatch.assets import asset, profiles
    from outagewatch.config import load
    from outagewatch.session import ReplayOptions, Session

    settings = load(None, "telecom-fr", environment={}, shipped=profiles())
    teller = Stdout(
        settings, sys.stdout, output=shared.output, evidence="redacted", color=shared.color
    )
    found: list[Incident] = []
    with Session(settings, ReplayOptions([str(asset("sample_data", "first.jsonl"))])) as session:
        for change in session.posts():
            teller.tell(change)
            if change.type == "opened":
                found.append(change.incident)
        if shared.output == "text":
            typer.echo("\n" + "\n".join(_delays(found)))
            typer.echo(f"Left alone: the rest of {session.summary()}.")
            typer.echo("Next: outagewatch replay YOUR-POSTS.jsonl")


def _delays(found: list[Incident]) -> list[str]:
    """Say how early each known failure of the sample was found."""
    from outagewatch.assets import asset

    lines = []
    with asset("sample_data", "first.truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
            seen = [i for i in found if start <= i.detected_at <= end]
            told = "not found"
            if seen:
                minutes = round((seen[0].detected_at - start).total_seconds() / 60)
                told = f"found {minutes} min after its start, by {seen[0].people} people"
            lines.append(f"{row['operator']}, {row['location']}, {row['service']}: {told}")
    return lines
