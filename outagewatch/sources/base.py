"""What every source shares: the tally of what could not be read.

In: lines that are bad, and why. Out: counts and a few samples. Remembers those.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from outagewatch.errors import BadLineError

SAMPLES = 3  # bad lines of a file that are shown
log = logging.getLogger("outagewatch.sources")


class UnreadableError(ValueError):
    """A line that is no post, with what would have been right."""


@dataclass(slots=True)
class Tally:
    """What a source has read, and what it could not read."""

    strict: bool = False
    silent: bool = False  # a first look: nothing is said yet
    n_posts: int = 0
    n_bad: int = 0
    first: float | None = None  # time of the first and last post of all files, where it is known
    last: float | None = None  # before they are read
    n_doubled_hour: int = 0  # local times that came twice, in the hour the clocks go back
    samples: list[str] = field(default_factory=list)
    _files: dict[str, int] = field(default_factory=dict)

    def bad(self, where: str, line: int, why: str) -> None:
        """Count a line that cannot be read.

        Raises
        ------
        BadLineError
            If reading is strict.
        """
        message = f"{where}:{line}: {why}"
        if self.silent:
            self.n_bad += 1
            return
        if self.strict:
            raise BadLineError(message)
        self.n_bad += 1
        seen = self._files[where] = self._files.get(where, 0) + 1
        if seen <= SAMPLES:
            self.samples.append(message)
            log.warning("skipped a bad line: %s", message)
