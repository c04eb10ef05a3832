"""``outagewatch config``: write a configuration, check it, show it, print the schemas."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import ConfigurationError, OutagewatchError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outagewatch.settings import Settings

STDOUT = "stdout"

config_app = typer.Typer(
    help="Set up: write, check and show the configuration.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
cli.app.add_typer(config_app, name="config")


@config_app.command("init")
def init(
    country: Annotated[
        str | None, typer.Option(metavar="FR|GB|US", help="Whose networks are watched.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="A profile instead of a country's.")
    ] = None,
    own: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="Your own operators; empty: all.")
    ] = None,
    context: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="Others to show; empty: all.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Zone of text lines.")
    ] = None,
    alerts: Annotated[
        str | None, typer.Option(metavar="stdout|URL", help="Where alerts go.")
    ] = None,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")
    ] = "outagewatch.toml",
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Ask for what is needed (on a terminal, for what no option says) and write a file."""
    from outagewatch.assets import profiles
    from outagewatch.config import NO_FILE, load
    from outagewatch.config.template import COUNTRIES, Answers, write

    path = Path(out)
    if path.exists() and not force:
        raise UsageError(f"{out}: exists already (--force writes over it)")
    shipped = profiles()
    if profile is None:
        chosen = _ask("Country (FR, GB, US)", country, "FR").upper()
        if chosen not in COUNTRIES:
            raise UsageError(
                f"--country: no profile for {chosen!r}; there are {', '.join(COUNTRIES)}, "
                f"or --profile with one of {', '.join(shipped)} or the path of your own"
            )
        profile = COUNTRIES[chosen]
    settings = load(NO_FILE, profile, environment={}, shipped=shipped)
    known = list(settings.operators)
    if context and not own and not sys.stdin.isatty():
        raise UsageError("--context: says which others are shown beside your --own operators")
    mine = _names(
        "--own", _ask(f"Your own operators, of {', '.join(known[:6])}, ...", own, ""), known
    )
    others = _names("--context", _ask("Others to show", context, ""), known) if mine else []
    zone = _ask("Time zone", timezone, settings.timezone)
    where = _ask("Where alerts go (stdout or a URL)", alerts, STDOUT)
    url = None if where == STDOUT else where
    secret = path.resolve().with_name(f"{path.stem}-noc.secret") if url else None
    answers = Answers(profile, mine, others, zone, url, str(secret) if secret else None)
    text = write(answers, profile_timezone=settings.timezone, operators=known)
    _check_text(text, path)
    if secret is not None:
        _write_secret(secret)
    _write(path, text)
    print(f"wrote {path}" + (f" and {secret} (give it to the receiver)" if secret else ""))
    print(f"next: outagewatch config check --config {path}")


def _ask(question: str, given: str | None, default: str) -> str:
    """Return what an option says, else what the user answers on a terminal, else the default."""
    if given is not None:
        return given.strip()
    if not sys.stdin.isatty():
        return default
    return str(typer.prompt(question, default=default)).strip()


def _names(option: str, text: str, known: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise UsageError(
                f"{option}: no operator {name!r}. {nearest(name, known)}"
                f"There are {', '.join(known)}"
            )
    return names


def _check_text(text: str, path: Path) -> None:
    import tomllib

    from outagewatch.config.problems import check_part

    check_part(tomllib.loads(text), str(path))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise OutagewatchError(f"{path}: {error.strerror or error}") from error


def _write_secret(path: Path) -> None:
    """Write a new signing secret that only its owner reads; one that is there stays."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise OutagewatchError(f"{path}: {error.strerror or error}") from error
    with os.fdopen(handle, "w") as file:
        file.write("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode() + "\n")


@config_app.command("check")
def check(
    against_state: Annotated[
        bool, typer.Option("--against-state", help="Also against what a run has kept.")
    ] = False,
    config: cli.Config = None,
    profile: cli.Profile = None,
    quiet: cli.Quiet = False,
) -> None:
    """Check files, keys, values, places, secrets: all that can be wrong before a run."""
    shared = cli.shared(config, profile, "text", quiet=quiet, verbose=False, no_color=True)
    settings = shared.settings()
    problems = list(_problems(settings))
    if problems:
        raise ConfigurationError("; ".join(problems))
    if not quiet:
        for line in _told(settings, config):
            print(line)
    if against_state:
        print(_against_state(settings))


def _problems(settings: Settings) -> list[str]:
    from outagewatch.cli.webhook import target
    from outagewatch.pipeline import areas_of, load_gazetteer, works_of

    found = []
    for read in (areas_of, works_of):
        try:
            read(settings, load_gazetteer(settings))
        except ConfigurationError as error:
            found.append(str(error))
    for one in settings.webhooks:
        try:
            target(one)
        except ConfigurationError as error:
            found.append(str(error))
    return found


def _told(settings: Settings, config: str | None) -> list[str]:
    from outagewatch.alert.base import shadow_until
    from outagewatch.clock import wall_clock
    from outagewatch.config import config_path
    from outagewatch.pipeline import load_gazetteer, works_of

    path = config_path(config, os.environ)
    own = settings.board.own
    lines = [
        f"ok: {path or 'no configuration file, the profile alone'}",
        f"profile {settings.profile}: {settings.title}, {len(settings.operators)} operators, "
        f"{len(settings.services)} services",
        f"own: {', '.join(own) if own else 'all'}; "
        f"context: {(', '.join(settings.board.context) or 'all others') if own else 'none'}",
        f"budget: {settings.detect.false_alarms_per_week:g} false alarms a week",
    ]
    for one in settings.webhooks:
        signed = "signed" if one.secret_file else "NOT signed: no secret_file"
        lines.append(f"webhook {one.name}: from {one.level}/{one.severity}, {signed}")
    works = works_of(settings, load_gazetteer(settings))
    if works is not None:
        ahead = sum(work.end > wall_clock() for work in works)
        lines.append(
            f"planned works: {len(works)} read from {settings.planned.file}, {ahead} not over yet; "
            f"action {settings.planned.action}"
        )
    until = shadow_until(settings)
    if until is not None:
        ended = until <= wall_clock()
        what = "shadow ended at" if ended else "shadow: nothing is delivered until"
        lines.append(f"{what} {until:%Y-%m-%d %H:%M %Z}")
    if not settings.webhooks:
        lines.append("alerts go to stdout alone: no [[webhooks]]")
    return lines


def _against_state(settings: Settings) -> str:
    """Say what a run has kept; nothing keeps a state yet."""
    return f"state: none kept for profile {settings.profile}, nothing to compare"


@config_app.command("show")
def show(
    everything: Annotated[
        bool, typer.Option("--all", help="Also what the profile and the defaults say.")
    ] = False,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    no_color: cli.NoColor = False,
) -> None:
    """Show each value with where it comes from; secrets are masked."""
    import msgspec

    from outagewatch.assets import profiles
    from outagewatch.config import layers
    from outagewatch.config.show import rows

    shared = cli.shared(config, profile, output, quiet=False, verbose=False, no_color=no_color)
    settings = shared.settings()
    found = layers(config, profile, shipped=profiles())
    for row in rows(settings, found):
        lists = isinstance(row.value, list) and not row.key.startswith(("board", "webhooks"))
        if lists and not everything and all(where.startswith("profile") for where in row.where):
            continue
        if row.where == ["default"] and not everything and row.value in (None, [], {}, False):
            continue
        value = msgspec.json.encode(row.value).decode()
        if shared.output == "json":
            line = {"key": row.key, "value": row.value, "where": row.where}
            print(msgspec.json.encode(line).decode())
        else:
            print(f"{row.key} = {value}  # {' + '.join(row.where)}")


@config_app.command("schema")
def schema(
    what: Annotated[str, typer.Argument(metavar="alert|config", help="Of what.")] = "alert",
) -> None:
    """Print the JSON Schema of alerts, or of the configuration."""
    import msgspec

    from outagewatch.alert.schema import json_schema
    from outagewatch.settings import Settings

    if what not in ("alert", "config"):
        raise UsageError(f"config schema: expected alert or config, got {what!r}")
    found = json_schema() if what == "alert" else msgspec.json.schema(Settings)
    print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
