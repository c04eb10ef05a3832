"""What outlives a run: named values in one SQLite file.

In: values that JSON can hold, by name. Out: the same. Remembers them on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from outagewatch.errors import OutagewatchError

_TABLE = "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"


def default_path(environment: Mapping[str, str], profile: str) -> Path:
    """Return the state file of a profile in the user's state folder."""
    folder = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(folder) / "outagewatch" / f"{Path(profile).stem}.sqlite"


def keep(path: Path, name: str, value: Any) -> None:
    """Keep a value under a name; the file and its folder are made where there are none.

    Raises
    ------
    OutagewatchError
        If the file cannot be written, or is none of ours.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute(_TABLE)
            text = msgspec.json.encode(value).decode()
            file.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, text))
    except (OSError, sqlite3.Error) as error:
        raise OutagewatchError(f"{path}: cannot keep {name}: {error}") from error


def kept(path: Path, name: str) -> Any:
    """Return the value kept under a name; None where there is none.

    Raises
    ------
    OutagewatchError
        If the file is not there, or is none of ours.
    """
    if not path.exists():
        raise OutagewatchError(f"{path}: no such state file; outagewatch tune makes one")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            query = file.execute("SELECT value FROM kept WHERE name = ?", (name,))
            row = query.fetchone()
    except sqlite3.Error as error:
        raise OutagewatchError(f"{path}: is no state file: {error}") from error
    return None if row is None else msgspec.json.decode(row[0])
