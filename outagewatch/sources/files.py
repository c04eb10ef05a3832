"""Find and open files of recorded posts, and read lines of JSON from them.

In: a path. Out: its posts, in the order of the file, a chunk at a time. Remembers nothing between
chunks. Standard input and pipes are first copied to disk, so that they can be put in order too.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import msgspec

from outagewatch.errors import SourceError, UsageError
from outagewatch.records import Batch, Post
from outagewatch.sources import formats
from outagewatch.sources.base import Tally, UnreadableError
from outagewatch.sources.times import EARLIEST, TimeStyle

CHUNK = 1 << 20  # bytes read at once
MAX_LINE = 16 << 20  # bytes of a line; a longer one is bad
_TOO_LONG = b"\x00 a line that was too long"  # stands for it, so that it is counted
_BOM = b"\xef\xbb\xbf"
_UNREADABLE = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    ``columns`` renames the columns of tables: canonical name to the file's. ``timezone`` is taken
    for times of tables without a zone, ``dayfirst`` says what 05/01/2026 means in them. ``latest``
    is the time after which a post is a bad line.
    """

    latest: float
    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None
    dayfirst: bool | None = None

    @property
    def times(self) -> TimeStyle:
        """How the times of tables are read."""
        return TimeStyle(ZoneInfo(self.timezone) if self.timezone else None, self.dayfirst)


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
        return cast(IO[bytes], io.BufferedReader(_Zstandard(raw), CHUNK))
    return raw


class _Zstandard(io.RawIOBase):
    """A Zstandard file, unpacked; unlike the library's own reader it says when it is cut short."""

    def __init__(self, raw: IO[bytes]) -> None:
        import zstandard

        self._raw = raw
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._frame = self._new()
        self._inside = False  # a frame has begun and not ended
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self._raw.read(CHUNK)
            if not packed:
                if self._inside:
                    raise EOFError("the file ends in the middle")
                return 0
            if self._frame.eof:
                self._frame = self._new()
            self._left = self._frame.decompress(packed)
            self._inside = not self._frame.eof
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


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
            except unreadable() as error:
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


def unreadable() -> tuple[type[Exception], ...]:
    """Return what a file that is cut short or damaged raises, packed or not."""
    module = sys.modules.get("zstandard")
    return (*_UNREADABLE, cast(Any, module).ZstdError) if module else _UNREADABLE


def batch_of(posts: list[Post]) -> Batch:
    """Return posts with their times beside them."""
    return Batch(posts, [post.created_at.timestamp() for post in posts])


def checked(posts: list[Post], name: str, line: int, latest: float, tally: Tally) -> list[Post]:
    """Return the posts whose date can be; the others are counted as bad lines."""
    kept = []
    for post in posts:
        at = post.created_at.timestamp()
        if EARLIEST <= at <= latest:
            kept.append(post)
        else:
            tally.bad(
                name, line, f"expected a date from 2006 to now, got {post.created_at.isoformat()}"
            )
    return kept


def json_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    """Return the posts of a file of JSON: a value a line, or one value over all lines."""
    number = 0
    for chunk in line_chunks(source):
        if number == 0 and _is_document(chunk):
            yield from _document(source, options, tally)
            return
        try:
            posts = formats.decode_chunk(chunk)
            times = [post.created_at.timestamp() for post in posts]
            dated = not times or (min(times) >= EARLIEST and max(times) <= options.latest)
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
    return checked(found, name, number, options.latest, tally)


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
