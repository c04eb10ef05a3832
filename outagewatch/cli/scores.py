"""The file of ``replay --scores``: a row for each closed bucket and signal."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from outagewatch.errors import OutagewatchError, UsageError
from outagewatch.records import Score
from outagewatch.session import Session

_HEADER = [
    "time",
    "operator",
    "service",
    "location",
    "observed",
    "expected",
    "score",
    "recurrence_hours",
]


class ScoreFile:
    """Writes scores as CSV; a context."""

    def __init__(self, path: str, session: Session) -> None:
        self._path = Path(path)
        self._session = session

    def __enter__(self) -> Self:
        """Open the file and write its header."""
        if self._session.reads(self._path):
            raise UsageError(f"--scores {self._path}: is read in this run; name another file")
        try:
            self._file = self._path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise OutagewatchError(f"{self._path}: {error.strerror or error}") from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(_HEADER)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def write(self, scores: list[Score]) -> None:
        """Write the scores of one bucket."""
        pipeline = self._session.pipeline
        step = pipeline.step if pipeline is not None else 60.0
        for score in scores:
            at = datetime.fromtimestamp(score.bucket * step + self._session.phase, UTC)
            self._writer.writerow(
                [
                    f"{at:%Y-%m-%dT%H:%M:%SZ}",
                    *(_plain(part) for part in score.signal.key),
                    f"{score.observed:g}",
                    f"{score.expected:.6g}",
                    f"{score.score:.4f}",
                    f"{score.recurrence_hours:.4g}",
                ]
            )


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
