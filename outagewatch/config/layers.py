"""Lay flags over environment over file over profile, and build what runs from it.

In: TOML files and environment variables. Out: :class:`~outagewatch.settings.Settings`, and the
stages of the pipeline built from them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outagewatch.config.problems import check_part, convert
from outagewatch.errors import ConfigurationError, nearest
from outagewatch.settings import Settings

NO_FILE = os.devnull  # a configuration that says nothing, for who must not read the user's
PREFIX = "OUTAGEWATCH_"
_NOT_SETTINGS = {"OUTAGEWATCH_CONFIG"}


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings from one place, and what that is called."""

    where: str
    values: dict[str, Any]


def load(
    config: str | None = None,
    profile: str | None = None,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    shipped: Mapping[str, Path],
) -> Settings:
    """Return the settings of a run.

    Parameters
    ----------
    config
        A configuration file; None to look where they are kept.
    profile
        Name or path of a profile; None for the configuration's, else the default.
    flags
        Settings by dotted key that stand over all else.
    environment
        Environment variables; None for this process's.
    shipped
        The profiles that there are, by name.

    Raises
    ------
    ConfigurationError
        If a file cannot be read, a key is unknown, or a value cannot be.
    """
    found = layers(config, profile, flags, environment, shipped=shipped)
    where = found[-1].where if len(found) == 1 else _file(found)
    if profile is not None and where != f"profile {profile}":
        where += f" (with --profile {profile})"
    return convert(merged(found), where)


def layers(
    config: str | None = None,
    profile: str | None = None,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    shipped: Mapping[str, Path],
) -> list[Layer]:
    """Return what :func:`load` lays over each other, the lowest first."""
    variables = os.environ if environment is None else environment
    path = config_path(config, variables)
    own = _read_toml(path) if path is not None else {}
    where = str(path) if path is not None else "configuration"
    check_part(own, where)
    from_environment = list(_environment(variables))
    named = [layer.values["profile"] for layer in from_environment if "profile" in layer.values]
    name = str(profile or (named or [own.get("profile") or Settings().profile])[-1])
    found = _profile(name, path.parent if path is not None else Path(), shipped)
    if path is not None:
        found.append(Layer(where, own))
    found += from_environment
    for key, value in (flags or {}).items():
        found.append(Layer("option", _nested(key.split("."), value)))
    chosen = "option" if profile else ""
    for layer in found:  # whichever says it, it is this one
        if "profile" in layer.values:
            chosen = chosen or layer.where
            del layer.values["profile"]
    found.append(Layer(chosen or "default", {"profile": name}))
    return found


def merged(found: Sequence[Layer]) -> dict[str, Any]:
    """Return layers as one table."""
    table: dict[str, Any] = {}
    for layer in found:
        table = _merge(table, layer.values)
    return table


def _file(found: Sequence[Layer]) -> str:
    """Return the name of the user's file among layers, which is where most mistakes are."""
    files = [layer.where for layer in found if layer.where.endswith(".toml")]
    return files[-1] if files else "configuration"


def config_path(config: str | None, variables: Mapping[str, str]) -> Path | None:
    """Return the configuration file that is read, or None."""
    asked = config or variables.get("OUTAGEWATCH_CONFIG")
    if asked:
        return Path(asked)
    home = Path(variables.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for path in (Path("outagewatch.toml"), home / "outagewatch" / "outagewatch.toml"):
        if path.is_file():
            return path
    return None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: no such file") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not TOML: {error}") from error


def _profile(
    name: str, folder: Path, shipped: Mapping[str, Path], seen: tuple[str, ...] = ()
) -> list[Layer]:
    """Return a profile over all that it extends."""
    if name in seen:
        raise ConfigurationError(f"profile {name}: extends itself")
    path = _profile_path(name, folder, shipped)
    found = _read_toml(path)
    where = str(path) if name.endswith(".toml") else f"profile {name}"
    check_part(found, where)
    base = found.pop("extends", None)
    found.pop("profile", None)
    below = [] if base is None else _profile(str(base), path.parent, shipped, (*seen, name))
    return [*below, Layer(where, found)]


def _profile_path(name: str, folder: Path, shipped: Mapping[str, Path]) -> Path:
    if name in shipped:
        return shipped[name]
    for path in (Path(name), folder / name):
        if path.is_file():
            return path
    if name.endswith(".toml") or "/" in name:
        raise ConfigurationError(f"profile {name}: no such file")
    near = nearest(name, list(shipped))
    raise ConfigurationError(
        f"profile {name}: unknown; {near}there are {', '.join(shipped)}, "
        "or give the path of your own"
    )


def _environment(variables: Mapping[str, str]) -> Iterator[Layer]:
    """Return settings from variables: two underscores a level, values as TOML or plain text."""
    for name, text in sorted(variables.items()):
        if not name.startswith(PREFIX) or name in _NOT_SETTINGS:
            continue
        keys = name[len(PREFIX) :].lower().split("__")
        if keys[0] not in Settings.__struct_fields__:
            continue  # not a setting: another program's
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            value = text
        one = _nested(keys, value)
        check_part(one, name)
        yield Layer(name, one)


def _nested(keys: Sequence[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    return dict(value)


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one table over another: tables merge, lists add unless the table says replace."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            kept = {} if value.get("replace") else old
            if value.get("replace"):
                kept = {k: v for k, v in old.items() if not isinstance(v, list)}
            merged[key] = _merge(kept, value)
        elif isinstance(value, list) and isinstance(old, list) and key != "countries":
            merged[key] = old + [item for item in value if item not in old]
        else:
            merged[key] = value
    return merged
