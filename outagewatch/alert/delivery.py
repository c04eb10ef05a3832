"""Deliver changes to webhooks while they come: to each what it asks for, with three tries.

Each target has a thread of its own, so that one that does not answer holds up no other; within a
target the order is kept.

In: changes, in order. Out: posts over HTTP. Remembers what each target has been told, and which of
them does not answer. What can't be delivered is counted and said; nothing is kept for later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Lock
from types import TracebackType
from typing import Self

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
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))


class Delivery:
    """Sends changes to all targets; a context, which at its end waits until all is sent.

    Parameters
    ----------
    settings
        The profile, with its board and webhooks.
    targets
        Where to.
    host
        Named in each event as where it was decided.
    sleep
        Waits a number of seconds; None to wait in a way that an interruption ends.
    """

    def __init__(
        self,
        settings: Settings,
        targets: Sequence[Target],
        *,
        host: str,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._settings = settings
        self._host = host
        self._stop = Flag()
        self._sleep = sleep or self._stop.wait
        self._lock = Lock()
        self._lines = [_Line(target, Route(wanted(target, settings))) for target in targets]
        self.n_delivered = 0
        self.n_failed = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait until all is sent; what still waits when a run is broken off is not."""
        if error is not None:
            self._stop.set()
        for each in self._lines:
            each.thread.shutdown(wait=True, cancel_futures=error is not None)

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
            evidence = each.target.webhook.evidence
            alert = event(told, self._settings, host=self._host, evidence=evidence)
            each.thread.submit(self._send, each, alert)

    def _send(self, each: _Line, alert: Event) -> None:
        if each.is_gone:
            self._failed(alert, f"{each.target.name}: has asked for no more (410)")
            return
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
                with self._lock:
                    self.n_delivered += 1
                return
        each.is_down = True
        each.is_gone = last is not None and last.gone
        self._failed(alert, str(last))

    def _failed(self, alert: Event, why: str) -> None:
        with self._lock:
            self.n_failed += 1
        what = alert.type.rpartition(".")[2]
        log.error("%s (%s) was not delivered: %s", alert.data.incident_id, what, why)


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
