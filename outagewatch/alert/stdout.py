"""Tell changes on standard output: sentences for people, CloudEvents for programs.

In: changes. Out: lines. Remembers the day of the last line, to head each day with its date.
"""

from __future__ import annotations

import socket
from typing import Literal, TextIO
from zoneinfo import ZoneInfo

from outagewatch.alert.base import Evidence, redact
from outagewatch.alert.message import event, line, title
from outagewatch.alert.route import Route, Wanted
from outagewatch.records import Change
from outagewatch.settings import Settings

_COLORS = {"critical": "1;35", "major": "1;31", "minor": "33", "warning": "36"}


class Stdout:
    """Writes changes to a stream.

    Parameters
    ----------
    settings
        The profile.
    stream
        Where lines go.
    output
        Sentences, or one event a line.
    evidence
        How much of the posts is shown.
    color
        Whether severities are coloured; each is also a word.
    wanted
        What is told; None for all.
    """

    def __init__(
        self,
        settings: Settings,
        stream: TextIO,
        *,
        output: Literal["text", "json"],
        evidence: Evidence,
        color: bool = False,
        wanted: Wanted | None = None,
    ) -> None:
        self._settings = settings
        self._stream = stream
        self._output = output
        self._evidence = evidence
        self._color = color
        self._zone = ZoneInfo(settings.timezone)
        self._host = socket.gethostname()
        self._day = ""
        self._route = Route(wanted or Wanted())

    def tell(self, change: Change) -> None:
        """Write one change, if it is one to be told."""
        told = self._route.of(change)
        if told is not None:
            self._tell(told)

    def _tell(self, change: Change) -> None:
        if self._output == "json":
            fields = event(change, self._settings, host=self._host, evidence=self._evidence)
            self._write(line(fields))
            return
        day = f"{change.at.astimezone(self._zone):%Y-%m-%d %a}"
        if day != self._day:
            self._day = day
            self._write(f"-- {day}")
        self._write(self._colored(title(change, self._settings), change.incident.severity))
        if change.type == "opened" and self._evidence == "redacted":
            for complaint in change.incident.evidence:
                self._write(f"      > {redact(complaint.text)}")

    def _colored(self, text: str, severity: str) -> str:
        return f"\x1b[{_COLORS[severity]}m{text}\x1b[0m" if self._color else text

    def _write(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()
