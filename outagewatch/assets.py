"""What travels inside the package: models, profiles, the gazetteer, samples.

In a wheel all of it lies beside this file; in a checkout, models and samples lie at the top.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from outagewatch.errors import ConfigurationError

_PACKAGE = Path(__file__).parent
_DAMAGED = (
    "{}: complaint.npz and complaint.json are damaged, or not of one model; run outagewatch train "
    "again, or take them away to use the one that ships"
)


def asset(*parts: str) -> Path:
    """Return the path of a file or folder that comes with the package.

    Raises
    ------
    ConfigurationError
        If the installation lacks it.
    """
    for root in (_PACKAGE, _PACKAGE / "data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ConfigurationError(f"{'/'.join(parts)}: not in this installation; install it again")


def profiles() -> dict[str, Path]:
    """Return the profiles that come with the package, by name."""
    return {path.stem: path for path in sorted(asset("profiles").glob("*.toml"))}


def user_models(environment: Mapping[str, str]) -> Path:
    """Return the folder of the user's own complaint model."""
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "outagewatch" / "models"


@cache
def complaint_arrays() -> tuple[dict[str, Any], dict[str, Any]]:
    """Load the complaint model's arrays and its card: the user's own, else the one that ships.

    Raises
    ------
    ConfigurationError
        If the files are no model.
    """
    import numpy as np

    own = user_models(os.environ)
    files = ("complaint.npz", "complaint.json")
    root = asset("models", files[0]).parent
    try:
        if any((own / name).exists() for name in files):
            root = own
        with np.load(root / files[0], allow_pickle=False) as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        card = json.loads((root / files[1]).read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{root}: expected a complaint model: {error.strerror or error}"
        ) from error
    except (ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise ConfigurationError(_DAMAGED.format(root)) from error
    if not isinstance(card, dict) or card.get("digest") != digest_of(loaded):
        raise ConfigurationError(_DAMAGED.format(root))
    return loaded, card


def digest_of(arrays: Mapping[str, Any]) -> str:
    """Return the digest of a model's arrays, which its card holds."""
    digest = hashlib.blake2b(digest_size=8)
    for name in sorted(arrays):
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()


def posts_of(
    languages: Sequence[str], profile: str
) -> tuple[str, dict[tuple[str, str], list[str]], dict[str, Any]]:
    """Return the posts that simulated people write, and what is known of a profile's operators.

    Returns
    -------
    The first language of those asked that there is; its texts by kind and service; operators with
    their share and what their box is called.

    Raises
    ------
    ConfigurationError
        If there are posts in none of the languages.
    """
    import tomllib

    known = {path.stem: path for path in sorted(asset("posts").glob("*.tsv"))}
    chosen = next((language for language in languages or ["en"] if language in known), None)
    if chosen is None:
        raise ConfigurationError(
            f"simulate: no posts in {', '.join(languages)}; there are some in {', '.join(known)}"
        )
    texts: dict[tuple[str, str], list[str]] = {}
    for line in known[chosen].read_text("utf-8").splitlines():
        kind, service, text = line.split("\t")
        texts.setdefault((kind, service), []).append(text)
    traits = tomllib.loads(asset("posts", "operators.toml").read_text("utf-8"))
    return chosen, texts, traits.get(profile, {})


def gazetteer_rows() -> list[list[str]]:
    """Return the gazetteer's rows, header first, split into fields."""
    import zstandard

    with zstandard.open(asset("gazetteer", "places.tsv.zst"), "rt", encoding="utf-8") as file:
        rows = [line.split("\t") for line in file.read().split("\n") if line]
    more = asset("gazetteer", "spellings.tsv").read_text("utf-8").splitlines()[1:]
    spoken = {place: (names, areas) for place, names, areas in (line.split("\t") for line in more)}
    for row in rows:
        if row[0] in spoken:
            names, areas = spoken[row[0]]
            row[10] = "|".join(filter(None, (row[10], names)))
            row[9] = "|".join(filter(None, (row[9], areas)))
    return rows
