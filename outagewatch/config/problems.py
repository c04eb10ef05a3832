"""Turn tables into settings, or say what is wrong with them, where, and what would be right.

In: tables as TOML has them. Out: :class:`~outagewatch.settings.Settings`. Remembers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from outagewatch.errors import ConfigurationError, nearest
from outagewatch.settings import Settings, Webhook

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVENT_TYPES = (
    "incident.opened",
    "incident.updated",
    "incident.resolved",
    "test",
)
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


def check_part(found: Mapping[str, Any], where: str) -> None:
    """Check one file's keys and values by themselves, so that errors name the right file."""
    _convert(found, where)


def convert(found: Mapping[str, Any], where: str) -> Settings:
    """Return the settings of a merged table.

    Raises
    ------
    ConfigurationError
        If a key is unknown, a value cannot be, or one names something that there is not.
    """
    settings = _convert(found, where)
    for problem in _missing(settings):
        raise ConfigurationError(f"{where}: {problem}")
    return settings


def _convert(found: Mapping[str, Any], where: str) -> Settings:
    try:
        settings = msgspec.convert(_dated(found), Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: {_explain(str(error), found)}") from error
    zones = {"timezone": settings.timezone, "planned.timezone": settings.planned.timezone}
    for key, zone in zones.items():
        try:
            ZoneInfo("UTC" if zone is None else zone)
        except (KeyError, ValueError, OSError) as error:
            raise ConfigurationError(
                f"{where}: {key}: expected a zone such as Europe/Paris, got {zone!r}"
            ) from error
    for webhook in settings.webhooks:
        problem = _url_problem(webhook)
        if problem:
            raise ConfigurationError(f"{where}: webhook {webhook.name}: {problem}")
    return settings


def _dated(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a table in which a date that ends something is the midnight that begins it."""
    board = found.get("board")
    until = board.get("shadow_until") if isinstance(board, Mapping) else None
    if not isinstance(until, date) or isinstance(until, datetime):
        return found
    midnight = datetime.combine(until, time())
    return {**found, "board": {**found["board"], "shadow_until": midnight}}


def _missing(settings: Settings) -> list[str]:
    """Return what names an operator, service, area or type that there is not."""
    found = []
    for name, operator in settings.operators.items():
        if operator.service is not None and settings.services:
            found += _unknown(
                f"operators.{name}.service", [operator.service], "service", settings.services
            )
    for name, symptom in settings.symptoms.items():
        if symptom.service is not None and settings.services:
            found += _unknown(
                f"symptoms.{name}.service", [symptom.service], "service", settings.services
            )
    found += _unknown("board.own", settings.board.own, "operator", settings.operators)
    found += _unknown("board.context", settings.board.context, "operator", settings.operators)
    names = [webhook.name for webhook in settings.webhooks]
    found += [f"webhooks: {name!r} is the name of two" for name in names if names.count(name) > 1]
    for webhook in settings.webhooks:
        at = f"webhook {webhook.name}"
        found += _unknown(f"{at}: operators", webhook.operators, "operator", settings.operators)
        found += _unknown(f"{at}: services", webhook.services, "service", settings.services)
        found += _unknown(f"{at}: areas", webhook.areas, "area", settings.areas)
        found += _unknown(f"{at}: types", webhook.types, "type", EVENT_TYPES)
    return found


def _unknown(where: str, names: Sequence[str], what: str, known: Any) -> list[str]:
    return [
        f"{where}: no {what} {name!r}. {nearest(name, list(known))}".rstrip()
        + ("" if nearest(name, list(known)) else f" There are {', '.join(known) or 'none'}")
        for name in names
        if name not in known
    ]


def _url_problem(webhook: Webhook) -> str:
    """Say why alerts cannot be delivered to a URL; empty where they can."""
    if (webhook.url is None) == (webhook.url_file is None):
        return "expected either url or url_file"
    return "" if webhook.url is None else url_problem(webhook.url, allow_http=webhook.allow_http)


def url_problem(url: str, *, allow_http: bool) -> str:
    """Say why a URL cannot be one that alerts go to; empty where it can."""
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if parts.scheme not in ("http", "https") or not host:
        return "url: expected https://HOST/..."
    if parts.scheme == "http" and host not in LOOPBACK and not allow_http:
        return "url: expected https; plain http goes only to loopback, or with allow_http = true"
    return ""


def _explain(problem: str, found: Mapping[str, Any]) -> str:
    """Say what is wrong with a value, where, and what would have been right."""
    match = _PROBLEM.match(problem)
    what, at = (match["what"], match["at"] or "") if match else (problem, "")
    path = at.replace("[...]", ".*").lstrip(".")
    unknown = _UNKNOWN.match(what)
    if unknown:
        key = f"{path}.{unknown['key']}" if path else unknown["key"]
        return f"{key}: no such setting. {nearest(unknown['key'], _keys_at(path))}".rstrip()
    value: Any = found if "*" not in path else None
    for part in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list) and part.isdigit():
            value = value[int(part)]
        else:
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
        return f"{path}: expected {_choices(path)}{got}"
    return f"{path}: {what}{got}" if path else what


def _choices(path: str) -> str:
    """Return the values that a setting at a path may have, in words."""
    parent, _, name = path.rpartition(".")
    for field in structs.fields(_kind_at(parent) or Settings):
        if field.name == name:
            return ", ".join(map(str, get_args(field.type)))
    return "another value"


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
        name = part.partition("[")[0]
        field = next((f for f in structs.fields(kind) if f.name == name), None)
        if field is None:
            return None
        kind = field.type
        if getattr(kind, "__origin__", None) in (dict, list):
            kind = kind.__args__[-1]
    return kind
