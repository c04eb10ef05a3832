"""Lay flags over environment over file over profile, and build what runs from it.

In: TOML files and environment variables. Out: :class:`~outagewatch.settings.Settings`, and the
stages of the pipeline built from them.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from outagewatch.errors import ConfigurationError
from outagewatch.settings import Settings

PREFIX = "OUTAGEWATCH_"
_NAMED_TABLES = ("operators", "services", "symptoms")
_NOT_SETTINGS = {"OUTAGEWATCH_CONFIG"}


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
    variables = os.environ if environment is None else environment
    path = _config_path(config, variables)
    own = _read_toml(path) if path is not None else {}
    where = str(path) if path is not None else "configuration"
    _check(own, where)
    from_environment = _environment(variables)
    name = profile or from_environment.get("profile") or own.get("profile") or Settings().profile
    merged = _profile(str(name), path.parent if path is not None else Path(), shipped)
    merged = _merge(merged, {k: v for k, v in own.items() if k != "profile"})
    merged = _merge(merged, from_environment)
    for key, value in (flags or {}).items():
        merged = _merge(merged, _nested(key.split("."), value))
    merged["profile"] = str(name)
    return _convert(merged, where)


def _config_path(config: str | None, variables: Mapping[str, str]) -> Path | None:
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
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: no such file") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not TOML: {error}") from error


def _profile(
    name: str, folder: Path, shipped: Mapping[str, Path], seen: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a profile with all that it extends."""
    if name in seen:
        raise ConfigurationError(f"profile {name}: extends itself")
    path = _profile_path(name, folder, shipped)
    found = _read_toml(path)
    _check(found, str(path) if name.endswith(".toml") else f"profile {name}")
    base = found.pop("extends", None)
    if base is None:
        return found
    return _merge(_profile(str(base), path.parent, shipped, (*seen, name)), found)


def _profile_path(name: str, folder: Path, shipped: Mapping[str, Path]) -> Path:
    if name in shipped:
        return shipped[name]
    for path in (Path(name), folder / name):
        if path.is_file():
            return path
    if name.endswith(".toml") or "/" in name:
        raise ConfigurationError(f"profile {name}: no such file")
    near = _nearest(name, list(shipped))
    raise ConfigurationError(
        f"profile {name}: unknown; {near}there are {', '.join(shipped)}, "
        "or give the path of your own"
    )


def _nearest(word: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(word, known, 1, 0.5)
    return f"did you mean {found[0]}? " if found else ""


def _environment(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return settings from variables: two underscores a level, values as TOML or plain text."""
    found: dict[str, Any] = {}
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
        _check(one, name)
        found = _merge(found, one)
    return found


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


def _check(found: Mapping[str, Any], where: str) -> None:
    """Check one file's keys and values by themselves, so that errors name the right file."""
    _convert(dict(found), where)


_PROBLEM = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<at>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "array": "a list",
    "object": "a table",
    "bool": "true or false",
    "null": "nothing",
}


def _convert(found: dict[str, Any], where: str) -> Settings:
    try:
        settings = msgspec.convert(found, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: {_explain(str(error), found)}") from error
    for name, symptom in settings.symptoms.items():
        if (
            symptom.service is not None
            and settings.services
            and (symptom.service not in settings.services)
        ):
            near = _nearest(symptom.service, list(settings.services))
            raise ConfigurationError(
                f"{where}: symptoms.{name}.service: no service {symptom.service!r}. {near}".strip()
            )
    try:
        from zoneinfo import ZoneInfo

        ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"{where}: timezone: expected a zone such as Europe/Paris, got {settings.timezone!r}"
        ) from error
    return settings


def _explain(problem: str, found: Mapping[str, Any]) -> str:
    """Say what is wrong with a value, where, and what would have been right."""
    match = _PROBLEM.match(problem)
    what, at = (match["what"], match["at"] or "") if match else (problem, "")
    path = at.replace("[...]", ".*").lstrip(".")
    unknown = _UNKNOWN.match(what)
    if unknown:
        key = f"{path}.{unknown['key']}" if path else unknown["key"]
        return f"{key}: no such setting. {_nearest(unknown['key'], _keys_at(path))}".rstrip()
    value: Any = found if "*" not in path else None
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    shown = msgspec.json.encode(value).decode() if isinstance(value, str) else repr(value)
    got = f", got {shown}" if path and value is not None else ""
    expected = re.match(r"Expected `([^`]*)`(?:, got `[^`]*`| ([<>]=?) ([\d.]+))?", what)
    if expected:
        bound = {">": " above ", ">=": " of at least ", "<": " below ", "<=": " of at most "}
        limit = bound[expected[2]] + expected[3].removesuffix(".0") if expected[2] else _limit(path)
        kinds = [_KINDS.get(kind.strip(), kind) for kind in expected[1].split("|")]
        return f"{path}: expected {' or '.join(kinds)}{limit}{got}"
    if "enum value" in what:
        return f"{path}: not one of the values there are{got}"
    return f"{path}: {what}{got}" if path else what


def _limit(path: str) -> str:
    """Return the bound of a number at a path, in words."""
    parent, _, name = path.rpartition(".")
    for field in structs.fields(_kind_at(parent) or Settings):
        for meta in getattr(field.type, "__metadata__", ()) if field.name == name else ():
            if meta.gt is not None:
                return f" above {meta.gt:g}"
            if meta.ge is not None:
                return f" of at least {meta.ge:g}"
    return ""


def _keys_at(path: str) -> list[str]:
    return list(getattr(_kind_at(path), "__struct_fields__", ()))


def _kind_at(path: str) -> Any:
    """Return the class of the table at a path, or None."""
    kind: Any = Settings
    for part in filter(None, path.split(".")):
        if part == "*":
            continue
        field = next((f for f in structs.fields(kind) if f.name == part), None)
        if field is None:
            return None
        kind = field.type
        if getattr(kind, "__origin__", None) is dict:
            kind = kind.__args__[1]
    return kind
