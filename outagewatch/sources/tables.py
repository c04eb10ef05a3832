"""Read posts from tables: CSV as it comes from spreadsheets, and Parquet.

In: a file. Out: its posts, in the order of its rows, in batches. Remembers nothing.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from outagewatch.errors import SourceError, UsageError
from outagewatch.records import Batch, Post
from outagewatch.sources import formats
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.files import (
    CHUNK,
    MAX_LINE,
    Input,
    ReadOptions,
    batch_of,
    checked,
    open_bytes,
    unreadable,
)
from outagewatch.sources.formats import FIELDS
from outagewatch.sources.times import UnclearTimeError, is_doubled

ROWS = 4096  # in a batch
_DELIMITERS = ",;\t|"
_NEEDED = ("text", "created_at")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PARQUET = b"PAR1"
Row = Mapping[str, Any]


def is_parquet(source: Input) -> bool:
    """Whether a file is Parquet: known by its first bytes."""
    with open_bytes(source) as file:
        return file.read(4) == _PARQUET


def is_csv(source: Input, options: ReadOptions) -> bool:
    """Whether a file is a table with a header rather than lines of JSON."""
    suffixes = [suffix.lower() for suffix in Path(source.name).suffixes]
    if ".csv" in suffixes or ".tsv" in suffixes:
        return True
    if any(suffix in suffixes for suffix in (".json", ".jsonl", ".ndjson")):
        return False
    try:
        with open_bytes(source) as file:
            head = file.read(4096)
    except unreadable():
        return False
    encoding = "utf-16" if head.startswith(_UTF16) else "utf-8-sig"
    lines = head.decode(encoding, "replace").lstrip().splitlines() or [""]
    header = lines[min(1, len(lines) - 1)] if lines[0].startswith("sep=") else lines[0]
    names = {name.strip(' "') for name in header.replace(";", ",").replace("\t", ",").split(",")}
    wanted = {options.columns.get(name, name) for name in _NEEDED}
    return not header.startswith(("{", "[")) and wanted <= names


def encoding_of(source: Input) -> str:
    """Return how a text file is encoded: UTF-16 by its mark, UTF-8 if it is, else cp1252.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_bytes(source) as file:
            chunk = file.read(CHUNK)
            if chunk.startswith(_UTF16):
                return "utf-16"
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    except unreadable() as error:
        raise SourceError(f"{source.name}: cannot be read on: {error}") from error
    return "utf-8-sig"


class _Lines:
    """The lines of a table, and where a quote was opened that has not been closed since."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._n_lines = 0
        self._open_since: int | None = None
        self._ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._n_lines += 1
            if line.count('"') % 2:
                self._open_since = self._n_lines if self._open_since is None else None
            yield line.replace("\0", " ")
        self._ended = True

    def swallowed_since(self) -> int | None:
        """Return the line whose quote took in all that follows, once a row has been read."""
        since, self._open_since = self._open_since, None
        return since if self._ended and since is not None and since < self._n_lines else None


def csv_rows(source: Input, tally: Tally) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of a CSV file, header first, with the number of the line each ends on.

    A quote that is never closed takes in the rest of the file: that is counted as a bad line.

    Raises
    ------
    SourceError
        If it cannot be read on.
    """
    with open_bytes(source) as binary:
        text = io.TextIOWrapper(binary, encoding=encoding_of(source), errors="replace", newline="")
        header, skipped = text.readline(), 1
        delimiter = ""
        if header.lower().startswith("sep="):  # what Excel writes to itself
            delimiter = header[4:5]
            header, skipped = text.readline(), 2
        if not header.strip():
            return
        delimiter = delimiter or max(_DELIMITERS, key=header.count)
        csv.field_size_limit(MAX_LINE)
        lines = _Lines(text)
        try:
            names = next(csv.reader([header], delimiter=delimiter))
            yield skipped, [name.strip() for name in names]
            reader = csv.reader(lines, delimiter=delimiter)
            for row in reader:
                if row:
                    yield reader.line_num + skipped, row
                since = lines.swallowed_since()
                if since is not None:
                    why = "a quote that is never closed; what follows it is not read"
                    tally.bad(source.name, since + skipped, why)
        except csv.Error as error:
            raise SourceError(f"{source.name}: cannot be read on: {error}") from error
        except unreadable() as error:
            raise SourceError(f"{source.name}: cannot be read on: {error}") from error


def csv_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    """Return the posts of a CSV file.

    Raises
    ------
    UsageError
        If it has no column for text or time, or its times need an option to be read.
    """
    yield from _posts(_named_rows(source, options, tally), source, options, tally)


def _named_rows(source: Input, options: ReadOptions, tally: Tally) -> Iterator[tuple[int, Row]]:
    rows = csv_rows(source, tally)
    _, names = next(rows, (0, []))
    if not names:
        return
    columns = _columns(names, source.name, options)
    for number, row in rows:
        pairs = zip(columns, row, strict=False)
        yield number, {name: value for name, value in pairs if name}


def parquet_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    """Return the posts of a Parquet file; its rows count as lines.

    Raises
    ------
    UsageError
        As for :func:`csv_posts`.
    SourceError
        If the file is damaged.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(source.path)
        columns = _columns(file.schema_arrow.names, source.name, options)
        wanted = dict(zip(file.schema_arrow.names, columns, strict=True))
        batches = file.iter_batches(ROWS, columns=[name for name in wanted if wanted[name]])
        rows = (row for batch in batches for row in batch.to_pylist())
        named = (
            (number, {wanted[name]: value for name, value in row.items()})
            for number, row in enumerate(rows, 1)
        )
        yield from _posts(named, source, options, tally)
    except (OSError, pyarrow.ArrowException) as error:
        raise SourceError(f"{source.name}: cannot be read on: {error}") from error


def _posts(
    rows: Iterable[tuple[int, Row]], source: Input, options: ReadOptions, tally: Tally
) -> Iterator[Batch]:
    style = options.times
    posts: list[Post] = []
    for number, row in rows:
        try:
            post = formats.from_mapping(row, style)
            if style.zone is not None:
                tally.n_doubled_hour += is_doubled(str(row["created_at"]), style)
            posts += checked([post], source.name, number, options.latest, tally)
        except UnclearTimeError as error:
            raise UsageError(f"{source.name}:{number}: {error}") from error
        except UnreadableError as error:
            tally.bad(source.name, number, str(error))
        if len(posts) >= ROWS:
            yield batch_of(posts)
            posts = []
    if posts:
        yield batch_of(posts)


def _columns(names: Sequence[str], where: str, options: ReadOptions) -> list[str]:
    wanted = {theirs: ours for ours, theirs in options.columns.items()}
    for ours, theirs in options.columns.items():
        if theirs not in names:
            raise UsageError(f"{where}: no column {theirs!r} for {ours}; it has {', '.join(names)}")
    columns = [wanted.get(name, "" if name in options.columns else name) for name in names]
    for needed in _NEEDED:
        if needed not in columns:
            raise UsageError(
                f"{where}: no column {needed!r}; it has {', '.join(names)} "
                f"(name one with --map {needed}=COLUMN)"
            )
    known = FIELDS | formats.ALIASES.keys()
    return [name if name in known else "" for name in columns]
