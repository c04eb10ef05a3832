"""``outagewatch webhook test``: one test alert to each webhook, and what it answered."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from outagewatch.cli import app as cli
from outagewatch.errors import DeliveryError, UsageError

if TYPE_CHECKING:
    from outagewatch.alert.delivery import Delivery
    from outagewatch.alert.webhook import Target
    from outagewatch.settings import Settings, Webhook

NOT_DELIVERED = 4

webhook = typer.Typer(help="Try out where alerts go.", no_args_is_help=True, rich_markup_mode=None)
cli.app.add_typer(webhook, name="webhook")


def target(one: Webhook) -> Target:
    """Return a webhook as configured, ready to be sent to."""
    from outagewatch.alert.webhook import Target
    from outagewatch.clock import wall_clock
    from outagewatch.config.problems import url_problem

    return Target(
        one, now=wall_clock, check_url=lambda url: url_problem(url, allow_http=one.allow_http)
    )


def delivery(settings: Settings) -> Delivery:
    """Return what delivers to all configured webhooks."""
    from outagewatch.alert.delivery import Delivery

    targets = [target(one) for one in settings.webhooks]
    return Delivery(settings, targets, host=socket.gethostname())


@webhook.command("test")
def test(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Which; all if none is named.")
    ] = None,
    config: cli.Config = None,
    profile: cli.Profile = None,
    output: cli.Output = None,
    quiet: cli.Quiet = False,
    verbose: cli.Verbose = False,
    no_color: cli.NoColor = False,
) -> None:
    """Send a test alert, marked as one, and say what was answered."""
    shared = cli.shared(config, profile, output, quiet=quiet, verbose=verbose, no_color=no_color)
    settings = shared.settings()
    known = {one.name: one for one in settings.webhooks}
    for name in names or []:
        if name not in known:
            raise UsageError(
                f"webhook {name}: not configured; there are {', '.join(known) or 'none'}"
            )
    if not known:
        raise UsageError("webhook test: no [[webhooks]] in the configuration")
    failed = False
    for name in names or list(known):
        answer = _try(target(known[name]), settings)
        failed |= not answer["delivered"]
        _say(answer, shared)
    if failed:
        raise SystemExit(NOT_DELIVERED)


def _try(to: Target, settings: Settings) -> dict[str, str | bool]:
    from outagewatch.alert.message import trial
    from outagewatch.clock import wall_clock

    alert = trial(settings, wall_clock(), host=socket.gethostname())
    found: dict[str, str | bool] = {"webhook": to.name, "host": to.host, "id": alert.id}
    try:
        status = to.send(alert)
    except DeliveryError as error:
        return {**found, "delivered": False, "answer": str(error).removeprefix(f"{to.name}: ")}
    signed = "signed" if to.webhook.secret_file is not None else "not signed: no secret_file"
    return {**found, "delivered": True, "answer": f"accepted with {status}, {signed}"}


def _say(answer: dict[str, str | bool], shared: cli.Shared) -> None:
    import msgspec

    from outagewatch.alert.base import harmless

    if shared.output == "json":
        print(msgspec.json.encode(answer).decode())
        return
    mark = "ok    " if answer["delivered"] else "FAILED"
    print(harmless(f"{mark} {answer['webhook']} ({answer['host']}): {answer['answer']}"))
