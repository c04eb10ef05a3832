"""Write a configuration file that explains itself.

In: what the user answered. Out: TOML with comments. Remembers nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

COUNTRIES = {"FR": "telecom-fr", "GB": "telecom-uk", "US": "telecom-us"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a configuration is written from."""

    profile: str
    own: Sequence[str] = ()
    context: Sequence[str] = ()
    timezone: str | None = None  # None: the profile's
    url: str | None = None  # None: alerts go to stdout alone
    secret_file: str | None = None
    false_alarms_per_week: float = 1.0


def write(answers: Answers, *, profile_timezone: str, operators: Sequence[str]) -> str:
    """Return the text of a configuration file."""
    zone = answers.timezone or profile_timezone
    known = ", ".join(operators[:8]) + (", ..." if len(operators) > 8 else "")
    example = json.dumps(operators[0] if operators else "mine")
    lines = [
        "# What outagewatch watches, and where its alerts go. `outagewatch config show` says what",
        "# holds and where it comes from, `outagewatch config schema config` all keys there are.",
        "",
        f"profile = {_text(answers.profile)}  # also the path of one of your own",
        f"timezone = {_text(zone)}  # of text lines; alerts as JSON are in UTC",
        "",
        "[board]",
        f"# Operators of this profile: {known}",
    ]
    if answers.own:
        lines.append(f"own = {_list(answers.own)}  # ours: delivered, and what the budget is for")
    else:
        lines.append(f"# own = [{example}]  # ours; without it, all of them are")
    if answers.context:
        lines.append(f"context = {_list(answers.context)}  # others that are shown, not delivered")
    else:
        lines.append(f"# context = [{example}]  # which others are shown; without it, all")
    lines += [
        "# shadow_until = 2027-01-31  # until then all is shown and nothing is delivered",
        "",
        "[detect]",
        f"false_alarms_per_week = {answers.false_alarms_per_week:g}  # that you accept, in all",
        "",
        "# Your own teams: alerts name them, and webhooks can ask for them alone.",
        "# [areas.ouest]",
        '# departments = ["22", "29", "35", "56"]  # or locations = ["FR-BRE", "GB-SCT", "US-TX"]',
        "",
        "# Planned works: alerts say which explain them; lower and mute do more.",
        "# [planned]",
        '# file = "works.csv"  # start,end,operator,service,location,reference',
        '# action = "annotate"  # lower: one severity less; mute: not told until they overrun',
        "",
        "# [ignore]",
        '# accounts = ["some_bot"]  # never count',
        '# terms = ["festival du réseau"]  # a post that holds one never counts',
        "",
    ]
    return "\n".join([*lines, *_webhook(answers), ""])


def _webhook(answers: Answers) -> list[str]:
    if answers.url is None:
        return [
            "# Alerts go to stdout. To deliver them too:",
            "# [[webhooks]]",
            '# name = "noc"',
            '# url = "https://noc.example/hook"',
            '# secret_file = "outagewatch-noc.secret"  # whsec_... (Standard Webhooks)',
        ]
    lines = ["[[webhooks]]", 'name = "noc"', f"url = {_text(answers.url)}"]
    if answers.secret_file is not None:
        secret = _text(answers.secret_file)
        lines.append(f"secret_file = {secret}  # the receiver verifies with the same")
    return [
        *lines,
        'level = "probable"  # possible, probable, strong: how sure',
        'severity = "warning"  # warning, minor, major, critical: how big',
        'evidence = "ids"  # none, ids, redacted: how much of the posts is sent',
    ]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(names: Sequence[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)
