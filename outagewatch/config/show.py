"""Say each setting's value and where it comes from, and which settings mean nothing.

In: layers and the settings made of them. Out: rows, warnings. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from outagewatch.config.layers import Layer
from outagewatch.settings import Settings

_SECRET_NAMES = ("secret", "token", "password")


class Row(NamedTuple):
    """One setting: dotted key, value, and the places that it comes from, the highest last."""

    key: str
    value: Any
    where: list[str]


def rows(settings: Settings, found: Sequence[Layer]) -> Iterator[Row]:
    """Return every setting, secrets masked, in the order of the schema.

    A list that several layers add to names all of them.
    """
    yield from _rows(msgspec.to_builtins(settings), "", found)


def _rows(table: Mapping[str, Any], path: str, found: Sequence[Layer]) -> Iterator[Row]:
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and value:
            yield from _rows(value, key, found)
        else:
            sources = [layer.where for layer in found if _has(layer.values, key.split("."))]
            if not isinstance(value, list):
                sources = sources[-1:]
            yield Row(key, masked(name, value), sources or ["default"])


def _has(table: Any, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(table, Mapping) or key not in table:
            return False
        table = table[key]
    return True


def masked(name: str, value: Any) -> Any:
    """Return a value with what must not be shown left out: secrets, and the paths of URLs."""
    if isinstance(value, list):
        return [masked(name, item) for item in value]
    if isinstance(value, Mapping):
        return {key: masked(key, item) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    if name == "url":
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}/***"
    if any(word in name for word in _SECRET_NAMES) and not name.endswith("_file"):
        return "***"
    return value
