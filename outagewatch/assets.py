"""What travels inside the package: models, profiles, the gazetteer, samples.

In a wheel all of it lies beside this file; in a checkout, models and samples lie at the top.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from outagewatch.errors import ConfigurationError

_PACKAGE = Path(__file__).parent


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
    root = own if (own / "complaint.npz").exists() else asset("models", "complaint.npz").parent
    try:
        with np.load(root / "complaint.npz", allow_pickle=False) as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        card = json.loads((root / "complaint.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{root}: expected a complaint model, {error}") from error
    return loaded, card


def gazetteer_rows() -> list[list[str]]:
    """Return the gazetteer's rows, header first, split into fields."""
    import zstandard

    with zstandard.open(asset("gazetteer", "places.tsv.zst"), "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]
