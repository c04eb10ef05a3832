"""What every way of telling shares: how much is shown of what people wrote.

In: posts. Out: the same with nothing in it that says who wrote it. Remembers nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from outagewatch.settings import Settings

Evidence = Literal["none", "ids", "redacted"]
MAX_TEXT = 280

_REDACTIONS = (
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"\b(?:[\w-]+\.)+[a-z]{2,6}/\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[mail]"),
    (re.compile(r"(?<!\w)[@＠](?:[\w.\-]*\w)"), "[handle]"),
    (re.compile(r"\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{0,4}\b"), "[account]"),
    (re.compile(r"(?<!\w)(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9\-]{9,}(?!\w)"), "[account]"),
    (re.compile(r"(?<!\d)(?:\+|00)?\d(?:[ .\-/]?\d){6,}(?!\d)"), "[number]"),
)
# Control characters, direction marks and other invisible signs that could change what a
# terminal or a reader shows; line breaks become spaces.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def shadow_until(settings: Settings) -> datetime | None:
    """Return when the time of shadow ends; without a zone it is in the profile's."""
    until = settings.board.shadow_until
    if until is None or until.tzinfo is not None:
        return until
    return until.replace(tzinfo=ZoneInfo(settings.timezone))


def harmless(text: str) -> str:
    r"""Return text that no terminal obeys and that stays on one line.

    Examples
    --------
    >>> harmless("a\x1b[31mb\u202ec\nd")
    'a[31mbc d'
    """
    return _UNSAFE.sub("", re.sub(r"[\t\n\r]+", " ", text))


def redact(text: str) -> str:
    """Return a post's text without handles, links, mail addresses, phone and account numbers.

    Examples
    --------
    >>> redact("@free appelez moi au 06 12 34 56 78 ou a.b@c.fr, dossier 12345678")
    '[handle] appelez moi au [number] ou [mail], dossier [number]'
    """
    text = harmless(text)
    for pattern, instead in _REDACTIONS:
        text = pattern.sub(instead, text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
