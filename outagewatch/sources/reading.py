"""Read any file of recorded posts: which of the readers it needs is known from the file.

In: a file. Out: its posts, in the order of the file, in batches. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from outagewatch.errors import SourceError
from outagewatch.records import Batch
from outagewatch.sources.base import Tally
from outagewatch.sources.files import Input, ReadOptions, json_posts, unreadable
from outagewatch.sources.tables import csv_posts, is_csv, is_parquet, parquet_posts

_READERS = {"lines": json_posts, "csv": csv_posts, "parquet": parquet_posts}


def kind_of(source: Input, options: ReadOptions) -> Literal["lines", "csv", "parquet"]:
    """Return what a file holds: lines of JSON, CSV or Parquet."""
    try:
        if is_parquet(source):
            return "parquet"
    except unreadable():
        return "lines"  # what is wrong with it is said when it is read
    return "csv" if is_csv(source, options) else "lines"


def read_posts(source: Input, options: ReadOptions, tally: Tally) -> Iterator[Batch]:
    """Return a file's posts in its order, in chunks; bad lines are counted.

    Raises
    ------
    SourceError
        If it cannot be read, or holds lines of which none is a post.
    """
    before, bad_before = tally.n_posts, tally.n_bad
    for batch in _READERS[kind_of(source, options)](source, options, tally):
        tally.n_posts += len(batch.posts)
        yield batch
    if tally.n_posts == before and tally.n_bad > bad_before and not tally.silent:
        sample = next((s for s in tally.samples if s.startswith(f"{source.name}:")), "")
        raise SourceError(
            f"{source.name}: none of {tally.n_bad - bad_before} lines is a post; {sample}"
        )
