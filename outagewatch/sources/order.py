"""Put recorded posts in order of time, in one pass where they are, else on disk.

In: files. Out: batches of posts, oldest first. Remembers one run of posts in memory at most, the
rest lies in temporary files.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from outagewatch.records import Batch, Post
from outagewatch.sources import formats
from outagewatch.sources.base import Tally
from outagewatch.sources.files import Input, ReadOptions, batch_of, line_chunks
from outagewatch.sources.reading import kind_of, read_posts
from outagewatch.sources.times import EARLIEST

RUN = 200_000  # posts sorted in memory at once
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Post)
_ORDINAL_SECONDS = 7200.0  # how long equal lines are remembered
_KNOWN_LINES = 50_000  # remembered before the old ones are dropped


class _Span(NamedTuple):
    """A file's first and last time, and whether it is in order."""

    first: float
    last: float
    is_sorted: bool


def in_order(
    inputs: list[Input], options: ReadOptions, tally: Tally, folder: Path, batch_size: int
) -> Iterator[Batch]:
    """Return the posts of all files, oldest first, in batches.

    Parameters
    ----------
    inputs
        The files.
    options
        How they are read.
    tally
        Where bad lines are counted.
    folder
        Where runs of files that are not in order are kept while they are read.
    batch_size
        Posts in a batch.
    """
    # A first look finds which files are in order; it must not count bad lines twice.
    spans = [_span(source, options) for source in inputs]
    known = [span for span in spans if span.first <= span.last]
    if known:
        tally.first = min(span.first for span in known)
        tally.last = max(span.last for span in known)
    streams = [
        _numbered(
            read_posts(source, options, tally)
            if span.is_sorted
            else _sorted_on_disk(source, options, tally, folder)
        )
        for source, span in zip(inputs, spans, strict=True)
    ]
    order = sorted(range(len(inputs)), key=lambda i: (spans[i].first, spans[i].last))
    apart = all(spans[a].last <= spans[b].first for a, b in itertools.pairwise(order))
    if apart:
        chunks: Iterable[Batch] = (chunk for i in order for chunk in streams[i])
    else:
        flat = [(post for chunk in streams[i] for post in chunk.posts) for i in order]
        chunks = _chunked(heapq.merge(*flat, key=_time), batch_size)
    yield from batches(chunks, batch_size)


def as_arrived(
    inputs: list[Input], options: ReadOptions, tally: Tally, batch_size: int
) -> Iterator[Batch]:
    """Return the posts of all files in the order in which they lie in them, in batches."""
    chunks = (chunk for source in inputs for chunk in _numbered(read_posts(source, options, tally)))
    yield from batches(chunks, batch_size)


def batches(chunks: Iterable[Batch], size: int) -> Iterator[Batch]:
    """Cut chunks of posts into batches of a size."""
    for chunk in chunks:
        if len(chunk.posts) <= size:
            yield chunk
            continue
        for at in range(0, len(chunk.posts), size):
            yield Batch(chunk.posts[at : at + size], chunk.times[at : at + size])


def _time(post: Post) -> datetime:
    return post.created_at


def _chunked(posts: Iterable[Post], size: int) -> Iterator[Batch]:
    chunk: list[Post] = []
    for post in posts:
        chunk.append(post)
        if len(chunk) >= size:
            yield batch_of(chunk)
            chunk = []
    if chunk:
        yield batch_of(chunk)


def _span(source: Input, options: ReadOptions) -> _Span:
    """Look through a file's times: the quick way where all its lines are canonical."""
    first, last, is_sorted = float("inf"), float("-inf"), True
    for times in _times(source, options):
        if not times:
            continue
        is_sorted = is_sorted and last <= times[0] and _ascending(times)
        first, last = min(first, min(times)), max(last, max(times))
    return _Span(first, last, is_sorted)


def _ascending(times: list[float]) -> bool:
    return all(map(float.__le__, times, times[1:]))


def _times(source: Input, options: ReadOptions) -> Iterator[list[float]]:
    if kind_of(source, options) != "lines":
        yield from _read_times(source, options)
        return
    try:
        for chunk in line_chunks(source):
            times = formats.decode_times(chunk)
            if times and not (min(times) >= EARLIEST and max(times) <= options.latest):
                times = [at for at in times if EARLIEST <= at <= options.latest]
            yield times
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError, OSError):
        yield from _read_times(source, options)


def _read_times(source: Input, options: ReadOptions) -> Iterator[list[float]]:
    for batch in read_posts(source, options, Tally(silent=True)):
        yield batch.times


def _sorted_on_disk(
    source: Input, options: ReadOptions, tally: Tally, folder: Path
) -> Iterator[Batch]:
    """Return a file's posts in order of time, sorted in runs that are merged."""
    runs: list[Path] = []
    run: list[Post] = []
    for chunk in read_posts(source, options, tally):
        run += chunk.posts
        if len(run) >= RUN:
            runs.append(_write_run(run, folder, len(runs), source))
            run = []
    run.sort(key=_sort_key)
    if not runs:
        yield from _chunked(run, 4096)
        return
    parts = [_read_run(path) for path in runs]
    yield from _chunked(heapq.merge(*parts, run, key=_sort_key), 4096)


def _sort_key(post: Post) -> tuple[datetime, str, str]:
    return (post.created_at, post.id or "", post.text)


def _write_run(run: list[Post], folder: Path, number: int, source: Input) -> Path:
    run.sort(key=_sort_key)
    path = folder / f"{abs(hash(source))}-{number}.run"
    with path.open("wb") as file:
        for post in run:
            packed = _ENCODER.encode(post)
            file.write(len(packed).to_bytes(4, "big") + packed)
    return path


def _read_run(path: Path) -> Iterator[Post]:
    with path.open("rb") as file:
        while size := file.read(4):
            yield _DECODER.decode(file.read(int.from_bytes(size, "big")))


def _numbered(chunks: Iterable[Batch]) -> Iterator[Batch]:
    """Give posts without an id one: of equal lines, each counts once a file."""
    seen: dict[str, tuple[float, int]] = {}
    newest = 0.0
    for chunk in chunks:
        if None not in [post.id for post in chunk.posts]:
            yield chunk
            continue
        numbered = []
        for post, at in zip(chunk.posts, chunk.times, strict=True):
            newest = max(newest, at)
            numbered.append(post if post.id is not None else _with_id(post, at, seen))
        if len(seen) > _KNOWN_LINES:
            seen = {k: v for k, v in seen.items() if v[0] > newest - _ORDINAL_SECONDS}
        yield Batch(numbered, chunk.times)


def _with_id(post: Post, at: float, seen: dict[str, tuple[float, int]]) -> Post:
    base = formats.derived_id(post, 0)
    ordinal = seen[base][1] + 1 if base in seen else 0
    seen[base] = (at, ordinal)
    unique = base if ordinal == 0 else formats.derived_id(post, ordinal)
    return msgspec.structs.replace(post, id=unique)
