"""Deliver changes to webhooks while they come: to each what it asks for, with three tries.

In: changes, in order. Out: posts over HTTP. Remembers what each target has been told, and which of
them does not answer. What can't be delivered is counted and said; nothing is kept for later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from outagewatch.alert.base import shadow_until
from outagewatch.alert.message import event
from outagewatch.alert.route import LEVELS, Route, Wanted
from outagewatch.alert.schema import Event
from outagewatch.alert.webhook import Target
from outagewatch.errors import DeliveryError
from outagewatch.records import Change, Level
from outagewatch.settings import Settings

WAITS = (0.0, 5.0, 30.0)  # seconds before each try
LONGEST_WAIT = 60.0  # seconds that a Retry-After may ask for
log = logging.getLogger("outagewatch.alert")


@dataclass(slots=True)
class _Line:
    """A target, what it is told, and how it does."""

    target: Target
    route: Route
    is_down: bool = False  # it failed all tries: the next event gets one
    is_gone: bool = False  # it asked not to be sent to any more


class Delivery:
    """Sends changes to all targets, one after the other.

    Parameters
    ----------
    settings
        The profile, with its board and webhooks.
    targets
        Where to.
    host
        Named in each event as where it was decided.
    sleep
        Waits a number of seconds.
    """

    def __init__(
        self,
        settings: Settings,
        targets: Sequence[Target],
        *,
        host: str,
        sleep: Callable[[float], None],
    ) -> None:
        self._settings = settings
        self._host = host
        self._sleep = sleep
        self._lines = [_Line(target, Route(wanted(target, settings))) for target in targets]
        self.n_delivered = 0
        self.n_failed = 0

    def lowest(self, level: Level) -> Level:
        """Return the lowest level that a target or the caller asks for."""
        levels = [each.target.webhook.level for each in self._lines]
        return min([level, *levels], key=LEVELS.index)

    def summary(self) -> str:
        """Say in one line what was delivered."""
        parts = [f"{self.n_delivered} alerts delivered", f"{self.n_failed} not"]
        until = shadow_until(self._settings)
        if until is not None:
            parts.append(f"none from before {until:%Y-%m-%d %H:%M %Z} (shadow)")
        return ", ".join(parts)

    def tell(self, change: Change) -> None:
        """Send one change to every target that is told it."""
        for each in self._lines:
            told = each.route.of(change)
            if told is None:
                continue
            if each.is_gone:
                self.n_failed += 1
                continue
            evidence = each.target.webhook.evidence
            self._send(each, event(told, self._settings, host=self._host, evidence=evidence))

    def _send(self, each: _Line, alert: Event) -> None:
        waits = WAITS[:1] if each.is_down else WAITS
        last: DeliveryError | None = None
        for wait in waits:
            asked = last.wait_seconds if last is not None and last.wait_seconds else 0.0
            self._sleep(max(wait, min(asked, LONGEST_WAIT)))
            try:
                each.target.send(alert)
            except DeliveryError as error:
                last = error
                if not error.retryable:
                    break
            else:
                each.is_down = False
                self.n_delivered += 1
                return
        self.n_failed += 1
        each.is_down = True
        if last is not None:
            each.is_gone = last.gone
            log.error("%s was not delivered: %s", alert.data.incident_id, last)


def wanted(target: Target, settings: Settings) -> Wanted:
    """Return what a webhook is told: of our own networks, after the time of shadow."""
    webhook = target.webhook
    return Wanted(
        level=webhook.level,
        severity=webhook.severity,
        operators=webhook.operators,
        services=webhook.services,
        areas=webhook.areas,
        types=webhook.types,
        own_only=True,
        auto_resolve=webhook.auto_resolve,
        since=shadow_until(settings),
    )
