"""The command line: options that mean the same everywhere, and errors as exit codes."""

from __future__ import annotations

import gc
import io
import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from outagewatch import __version__
from outagewatch.errors import OutagewatchError

if TYPE_CHECKING:
    from outagewatch.settings import Settings

INTERRUPTED = 130

Config = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="Configuration file (TOML).")
]


def _profile_names() -> list[str]:
    """Return the profiles that ship, for shell completion."""
    from outagewatch.assets import profiles

    return list(profiles())


Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Profile: telecom-fr, telecom-uk, telecom-us, power, services, or a path.",
        autocompletion=_profile_names,
    ),
]
Output = Annotated[
    str | None,
    typer.Option("--output", metavar="text|json", help="Text on a terminal, json when piped."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors on stderr.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (as NO_COLOR).")]

TableZone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Zone of CSV times that have none.")
]
DayFirst = Annotated[
    bool | None,
    typer.Option("--dayfirst/--monthfirst", help="What 05/01/2026 means in a table."),
]
Columns = Annotated[
    str | None,
    typer.Option("--map", metavar="text=COL,...", help="Rename CSV columns."),
]

app = typer.Typer(
    name="outagewatch",
    help="Probable network outages, read from what customers say in public.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The options that mean the same everywhere, as given."""

    config: str | None
    profile: str | None
    output: Literal["text", "json"]
    quiet: bool
    color: bool

    def settings(self, flags: Mapping[str, Any] | None = None) -> Settings:
        """Load the settings of this run."""
        from outagewatch.assets import profiles
        from outagewatch.config import load

        return load(self.config, self.profile, flags, shipped=profiles())


def shared(
    config: str | None,
    profile: str | None,
    output: str | None,
    *,
    quiet: bool,
    verbose: bool,
    no_color: bool,
) -> Shared:
    """Read the shared options, and set up the log.

    Raises
    ------
    UsageError
        If an output format is none.
    """
    from outagewatch.errors import UsageError

    if output not in (None, "text", "json"):
        raise UsageError(f"--output: expected text or json, got {output!r}")
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("outagewatch: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    chosen: Literal["text", "json"] = "text" if sys.stdout.isatty() else "json"
    if output is not None:
        chosen = "text" if output == "text" else "json"
    color = not no_color and "NO_COLOR" not in os.environ and sys.stdout.isatty()
    return Shared(config, profile, chosen, quiet, color)


class _OneLine(logging.Formatter):
    """A log line on which nothing from outside can act."""

    def format(self, record: logging.LogRecord) -> str:
        from outagewatch.alert.base import harmless

        return harmless(super().format(record))


def columns_of(text: str | None) -> dict[str, str]:
    """Read ``text=COLUMN,...``.

    Raises
    ------
    UsageError
        If it is none.
    """
    from outagewatch.errors import UsageError

    pairs = {}
    for part in filter(None, (text or "").split(",")):
        ours, found, theirs = part.partition("=")
        if not found or not ours or not theirs:
            raise UsageError(f"--map: expected text=COLUMN,created_at=COLUMN, got {text!r}")
        pairs[ours.strip()] = theirs.strip()
    return pairs


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"outagewatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Probable network outages, read from what customers say in public."""


def _interrupt(_signum: int, _frame: object) -> None:
    raise SystemExit(INTERRUPTED)


def _write_all_text() -> None:
    """Let no letter stop a run: pipes get UTF-8, a terminal that lacks a letter a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run a command; failures become one line on stderr and an exit code."""
    from outagewatch.cli import config, demo, explain, replay, simulate, train, tune, webhook  # noqa: F401

    # Nearly all that is made lives to the end, places above all: looking for cycles in it every
    # 700 objects doubles the time to start.
    gc.set_threshold(200_000, 20, 20)
    signal.signal(signal.SIGINT, _interrupt)
    _write_all_text()
    try:
        app()
    except OutagewatchError as error:
        from outagewatch.alert.base import harmless

        print(f"outagewatch: {harmless(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:  # the disk is full, or who read our output has gone
        print(f"outagewatch: cannot write: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)
