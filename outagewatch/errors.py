"""Every failure that outagewatch names, with the exit code it ends a command with.

::

    OutagewatchError          1
    ├── UsageError            2  an option or argument that cannot be
    │   └── ConfigurationError   a file, key or value of the configuration
    ├── SourceError           1  a source cannot be read on
    │   └── BadLineError         a line of it, with --strict
    ├── MissingExtraError     2  an optional library is not installed
    ├── TrainingError         1  labels that no model can be fitted to
    └── DeliveryError         4  an alert could not be handed over
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence


class OutagewatchError(Exception):
    """Any failure with a message for the user: where, what, what would have been right."""

    exit_code = 1


class UsageError(OutagewatchError):
    """An option or argument that cannot be."""

    exit_code = 2


class ConfigurationError(UsageError):
    """A configuration file, key or value that cannot be."""


class SourceError(OutagewatchError):
    """A source that cannot be read, or not any further."""


class BadLineError(SourceError):
    """A line that cannot be read, where the user asked to stop at the first."""


class MissingExtraError(OutagewatchError):
    """A library that only some features need, and that is not installed."""

    exit_code = 2

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs more: pip install 'outagewatch[{extra}]'")


class TrainingError(OutagewatchError):
    """Labels that no model can be fitted to."""


class DeliveryError(OutagewatchError):
    """An alert that could not be handed over.

    Parameters
    ----------
    target
        Name of the webhook or other target.
    reason
        What it answered.
    retryable
        Whether trying again may help.
    wait_seconds
        How long it asked to be left alone.
    gone
        Whether it asked never to be sent to again.
    """

    exit_code = 4

    def __init__(
        self,
        target: str,
        reason: str,
        *,
        retryable: bool,
        wait_seconds: float | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(f"{target}: {reason}")
        self.retryable = retryable
        self.wait_seconds = wait_seconds
        self.gone = gone


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a question that names the nearest known word, or nothing."""
    found = difflib.get_close_matches(word, known, 1, 0.5)
    return f"did you mean {found[0]}? " if found else ""
