"""``outagewatch train``: fit the complaint model to one's own labels."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import TrainingError


@cli.app.command()
def train(
    labelled: Annotated[
        list[str],
        typer.Argument(metavar="LABELLED...", help="CSV or TSV files with columns text and label."),
    ],
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="FOLDER", help="Where the model goes; your data folder."),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Without the posts that ship with outagewatch.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Keep it even if it is no better.")
    ] = False,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Fit the complaint model to your own labels, added to the posts that ship."""
    cli.shared(config, profile, output, quiet=quiet, verbose=verbose, no_color=no_color)
    from outagewatch import train as training
    from outagewatch.assets import asset, complaint_arrays, user_models
    from outagewatch.enrich.complaint import ComplaintModel

    own = training.read_all([Path(path) for path in labelled]).once()
    folder = Path(into) if into is not None else user_models(os.environ)
    made = not folder.exists()
    try:  # before the minutes that fitting takes
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise TrainingError(f"{folder}: cannot be written to: {error.strerror}") from error
    skipped = f", {own.skipped} rows without text or label left out" if own.skipped else ""
    typer.echo(
        f"{len(own.texts)} posts of your own{skipped}; fitting six times, about "
        f"{'a few seconds' if alone else 'three minutes'} ...",
        err=True,
    )
    shipped = training.Labelled() if alone else training.read_all([asset("models", "training")])
    old_model = None if alone else ComplaintModel.from_arrays(*complaint_arrays())
    threshold = old_model.threshold if old_model is not None else None
    fitted, scores = training.fit_with(shipped, own, threshold)
    before = training.score(old_model, own) if old_model is not None else None
    typer.echo(f"{len(own.texts)} posts of your own, {len(shipped.texts)} that ship")
    if before is not None:
        typer.echo(f"on your own, as it is:      ACUTE F1 {before:.3f}")
    typer.echo(f"on your own, trained anew:  ACUTE F1 {scores:.3f} (cross-validated)")
    if before is not None and scores <= before and not force:
        if made:
            folder.rmdir()
        raise TrainingError(
            "the new model is no better on your posts, so the old one stays (--force)"
        )
    replaced = (folder / "complaint.npz").exists()
    if replaced:
        for name in ("complaint.npz", "complaint.json"):
            (folder / name).replace(folder / f"{name}.old")
    fitted.save(folder)
    typer.echo(f"written to {folder}" + (", the old one beside it as *.old" if replaced else ""))
