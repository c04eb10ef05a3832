"""Read recorded posts from files and standard input, one file at a time.

In: a path. Out: its posts, in the order of the file, a chunk at a time. Remembers nothing between
chunks. Standard input and pipes are first copied to disk, so that they can be put in order too.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import msgspec

from outagewatch.errors import SourceError, UsageError
from outagewatch.records import Batch, Post
from outagewatch.sources import formats
from outagewatch.sources.base import Tally
from outagewatch.sources.formats import FIELDS, UnreadableError

CHUNK = 1 << 20  # bytes read at once
MAX_LINE = 16 << 20  # bytes of a line; a longer one is bad
_TOO_LONG = b"\x00 a line that was too long"  # stands for it, so that it is counted
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t|"
_UNREADABLE = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    ``columns`` renames CSV columns: canonical name to the file's. ``timezone`` is taken for CSV
    times without a zone. ``latest`` is the time after which a post is a bad line.
    """

    latest: float
    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: where its bytes are, and what it is called."""

    path: Path
    name: str


def stdin_input(folder: Path) -> Input:
    """Copy standard input to a file in a folder, so that it can be read like one."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    return Input(Path(copy.name), "<stdin>")


def find_input(path: str, folder: Path) -> Input:
    """Return the input of a path; ``-`` is standard input.

    Raises
    ------
    UsageError
        If there is no such file, or it is a folder.
    """
    if path == "-":
        return stdin_input(folder)
    here = Path(path)
    if here.is_dir():
        raise UsageError(f"{path}: expected a file, got a folder (name the files in it)")
    if not here.exists():
        raise UsageError(f"{path}: no such file")
    if not here.is_file():  # a pipe
        with here.open("rb") as pipe, tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy:
            shutil.copyfileobj(pipe, copy)
        return Input(Path(copy.name), path)
    return Input(here, path)


def open_bytes(source: Input) -> IO[bytes]:
    """Open a file for reading, unpacked if it is packed: known by its first bytes.

    Raises
    ------
    SourceError
        If it cannot be opened.
    """
    try:
        raw = source.path.open("rb")
        magic = raw.read(4)
        raw.seek(0)
    except OSError as error:
        raise SourceError(f"{source.name}: {error.strerror or error}") from error
    if magic[:2] == b"\x1f\x8b":
        import gzip

        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if magic == b"\x28\xb5\x2f\xfd":
        import zstandard

        return cast(
            IO[bytes],
            zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=True),
        )
    return raw


def line_chunks(source: Input) -> Iterator[bytes]:
    """Return a file in chunks of whole lines; a line that is too long becomes an empty one.

    Raises
    ------
    SourceError
        If it cannot be read on.
    """
    with open_bytes(source) as file:
        rest, first, skipping = b"", True, False
        while True:
            try:
                block = file.read(CHUNK)
            except _unreadable() as error:
                raise SourceError(f"{source.name}: cannot be read on: {error}") from error
            if first:
                block, first = block.removeprefix(_BOM), False
            if not block:
                break
            if skipping:
                cut = block.find(b"\n")
                if cut < 0:
                    continue
                rest, block, skipping = _TOO_LONG, block[cut:], False
            cut = block.rfind(b"\n")
            if cut >= 0:
                yield rest + block[: cut + 1]
                rest = block[cut + 1 :]
            else:
                rest += block
                if len(rest) > MAX_LINE:
                    rest, skipping = b"", True
        if skipping:
            rest = _TOO_LONG
        if rest:
            yield rest


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what a file that is cut short or damaged raises, packed or not."""
    module = sys.modules.get("zstandard")
    return (*_UNREADABLE, cast(Any, module).ZstdError) if module else _UNREADABLE


def read_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    """Return a file's posts in its order, in chunks; bad lines are counted.

    Raises
    ------
    SourceError
        If it cannot be read, or holds lines of which none is a post.
    """
    before, bad_before = tally.n_posts, tally.n_bad
    reader = _csv_posts if _is_table(source) else _json_posts
    for batch in reader(source, options, tally):
        tally.n_posts += len(batch.posts)
        yield batch
    if tally.n_posts == before and tally.n_bad > bad_before and not tally.silent:
        sample = next((s for s in tally.samples if s.startswith(f"{source.name}:")), "")
        raise SourceError(
            f"{source.name}: none of {tally.n_bad - bad_before} lines is a post; {sample}"
        )


def batch_of(posts: list[Post]) -> Batch:
    """Return posts with their times beside them."""
    return Batch(posts, [post.created_at.timestamp() for post in posts])


def _is_table(source: Input) -> bool:
    """Whether a file is a table with a header rather than lines of JSON."""
    suffixes = [suffix.lower() for suffix in Path(source.name).suffixes]
    if ".csv" in suffixes or ".tsv" in suffixes:
        return True
    if any(suffix in suffixes for suffix in (".json", ".jsonl", ".ndjson")):
        return False
    head = next(line_chunks(source), b"")[:4096].lstrip()
    header = head.split(b"\n", 1)[0].lower()
    return not head.startswith((b"{", b"[")) and b"text" in header and b"created_at" in header


def _checked(posts: list[Post], name: str, line: int, latest: float, tally: Tally) -> list[Post]:
    """Return the posts whose date can be; the others are counted as bad lines."""
    kept = []
    for post in posts:
        at = post.created_at.timestamp()
        if formats.EARLIEST <= at <= latest:
            kept.append(post)
        else:
            tally.bad(
                name, line, f"expected a date from 2006 to now, got {post.created_at.isoformat()}"
            )
    return kept


def _json_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    number = 0
    for chunk in line_chunks(source):
        if number == 0 and _is_document(chunk):
            yield from _document(source, options, tally)
            return
        try:
            posts = formats.decode_chunk(chunk)
            times = [post.created_at.timestamp() for post in posts]
            dated = not times or (min(times) >= formats.EARLIEST and max(times) <= options.latest)
        except (msgspec.MsgspecError, UnreadableError, UnicodeDecodeError, RecursionError):
            dated = False
        if not dated:
            posts, times = [], []
            for offset, line in enumerate(chunk.split(b"\n")):
                posts += _slow_line(line, source.name, number + offset + 1, options, tally)
            times = [post.created_at.timestamp() for post in posts]
        number += chunk.count(b"\n")
        if posts:
            yield Batch(posts, times)


def _slow_line(
    line: bytes, name: str, number: int, options: ReadOptions, tally: Tally
) -> list[Post]:
    if not line.strip():
        return []
    if line == _TOO_LONG:
        tally.bad(name, number, f"longer than {MAX_LINE >> 20} MiB")
        return []
    found: list[Post] = []
    try:
        found.extend(formats.decode_line(line))
    except UnreadableError as error:
        tally.bad(name, number, str(error))
    return _checked(found, name, number, options.latest, tally)


def _is_document(chunk: bytes) -> bool:
    """Whether a file is one JSON value over several lines, such as a response saved indented."""
    line, found, _ = chunk.partition(b"\n")
    line = line.strip()
    if not found or not line.startswith((b"{", b"[")):
        return False
    return line in (b"{", b"[") or (line.startswith((b'{"data"', b"[")) and line[-1:] not in b"}]")


def _document(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    text = b""
    for chunk in line_chunks(source):
        text += chunk
        if len(text) > MAX_LINE:
            raise SourceError(f"{source.name}: one JSON value longer than {MAX_LINE >> 20} MiB")
    yield batch_of(_slow_line(text, source.name, 1, options, tally))


def _csv_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    zone = ZoneInfo(options.timezone) if options.timezone else None
    rows = _table_rows(source, options)
    posts: list[Post] = []
    for number, row in rows:
        try:
            post = formats.from_mapping(row, zone)
            tally.n_doubled_hour += zone is not None and _is_doubled(row["created_at"], zone)
            posts += _checked([post], source.name, number, options.latest, tally)
        except UnreadableError as error:
            if "with a zone" in str(error):
                raise UsageError(f"{source.name}:{number}: {error}") from error
            tally.bad(source.name, number, str(error))
        if len(posts) >= 4096:
            yield batch_of(posts)
            posts = []
    if posts:
        yield batch_of(posts)


def _is_doubled(text: str, zone: ZoneInfo) -> bool:
    """Whether a local time without a zone came twice, as the clocks went back."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    if at.tzinfo is not None:
        return False
    return (
        at.replace(tzinfo=zone, fold=0).utcoffset() != at.replace(tzinfo=zone, fold=1).utcoffset()
    )


def _table_rows(source: Input, options: ReadOptions) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the rows of a table as canonical names to text, with their line numbers.

    Raises
    ------
    UsageError
        If it has no column for text or time.
    """
    with open_bytes(source) as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="replace", newline="")
        header = text.readline()
        if not header.strip():
            return
        delimiter = max(_DELIMITERS, key=header.count)
        names = next(csv.reader([header], delimiter=delimiter))
        columns = _columns([name.strip() for name in names], source.name, options)
        csv.field_size_limit(MAX_LINE)
        reader = csv.reader((line.replace("\0", " ") for line in text), delimiter=delimiter)
        try:
            for row in reader:
                if not row:
                    continue
                pairs = zip(columns, row, strict=False)
                yield reader.line_num + 1, {name: value for name, value in pairs if name}
        except (*_UNREADABLE, csv.Error) as error:
            raise SourceError(f"{source.name}: cannot be read on: {error}") from error


def _columns(names: list[str], where: str, options: ReadOptions) -> list[str]:
    wanted = {theirs: ours for ours, theirs in options.columns.items()}
    for ours, theirs in options.columns.items():
        if theirs not in names:
            raise UsageError(f"{where}: no column {theirs!r} for {ours}; it has {', '.join(names)}")
    columns = [wanted.get(name, "" if name in options.columns else name) for name in names]
    for needed in ("text", "created_at"):
        if needed not in columns:
            raise UsageError(
                f"{where}: no column {needed!r}; it has {', '.join(names)} "
                f"(name one with --map {needed}=COLUMN)"
            )
    known = FIELDS | formats.ALIASES.keys()
    return [name if name in known else "" for name in columns]
