"""Bring the texts of a batch to one plain form, on columns.

In: raw texts. Out: one string of rows, each ``" word word "``, a line feed between two: lower
case, no accents, no punctuation but ``@ _ ? !`` and currency signs, single spaces, links as
``url``. Letters repeated three times and more are cut to two. Remembers nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

_SPACE, _NEWLINE, _DROP = 32, 10, 0
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_KEPT = frozenset("@_?!€£$%")
_TABLE_SIZE = 0x20000  # all planes that hold letters or emoji people use
_FOLDED = (  # where one character stands for several or has a plain twin: letters, forms, styles
    range(0x0000, 0x3000),
    range(0xFB00, 0x10000),
    range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F200),
)
_LONG = {"œ": "oe", "æ": "ae", "ß": "ss", "&amp;": " ", "?": " ? ", "!": " ! "}


@cache
def _table() -> NDArray[np.uint32]:
    """Return what each code point becomes, shape (_TABLE_SIZE + 1,); the last for all others."""
    table = np.arange(_TABLE_SIZE + 1, dtype=np.uint32)
    table[-1] = _SPACE
    for codes in _FOLDED:
        for code in codes:
            table[code] = _fold(chr(code))
    table[0xD800:0xE000] = _DROP  # halves of a pair
    table[_NEWLINE] = _NEWLINE
    return table


def _fold(char: str) -> int:
    plain = unicodedata.normalize("NFKD", char).lower()[:1]
    category = unicodedata.category(plain)
    if char in _KEPT or category[0] in "LN":
        return ord(plain)
    if category == "So" and ord(char) >= 0x2190:
        return ord(char)  # emoji
    if category[0] == "M" or category == "Cf":
        return _DROP  # combining accents, joiners, direction marks
    return _SPACE


def normalise(texts: list[str]) -> str:
    r"""Bring texts to the form that lexicon, places and model read.

    Returns
    -------
    One row a text, each with a space before and after every word, rows apart by a line feed.

    Examples
    --------
    >>> normalise(["Plus d’Internet… à l’étape 6 !!", "RÉSEAUUUU 📵"])
    ' plus d internet a l etape 6 ! ! \n reseauu 📵 '
    """
    joined = " \n ".join([text.replace("\n", " ") for text in texts]).lower()
    if "http" in joined or "www." in joined:
        joined = _LINK.sub(" url ", joined)
    for long, short in _LONG.items():
        if long in joined:
            joined = joined.replace(long, short)
    codes = np.frombuffer(f" {joined} ".encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = _table()[np.minimum(codes, _TABLE_SIZE)]
    codes = codes[codes != _DROP]
    codes = codes[_worth_keeping(codes)]
    return str(codes.tobytes(), "utf-32-le")


def _worth_keeping(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Mark all but repeated spaces and the third and later of equal letters, shape as given."""
    same = np.zeros(len(codes), bool)
    same[1:] = codes[1:] == codes[:-1]
    thrice = same.copy()
    thrice[1:] &= same[:-1]
    letter = codes >= ord("a")
    keep: NDArray[np.bool_] = ~((same & (codes == _SPACE)) | (thrice & letter))
    return keep


def rows(normalised: str) -> list[str]:
    """Split what :func:`normalise` made into its rows, each with its outer spaces."""
    return normalised.split("\n")


_COUNT = (
    r"(\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|dix|quinze|vingt|quelques|plusieurs|"
    r"an?|one|two|three|four|five|seven|eight|ten|few|several|couple of)"
)
_UNIT = (
    r"(minutes?|mins?|mn|heures?|h|hrs?|hours?|jours?|jrs?|j|days?|semaines?|sem|weeks?|wks?|"
    r"mois|months?|ans?|annees?|years?|yrs?|nuits?|nights?)"
)
_DURATION = re.compile(rf"(?<= ){_COUNT} ?{_UNIT}(?= )")
_ORDINAL = re.compile(r"(?<= )\d{1,3} ?(?:e|eme|ieme|th|rd|nd|st) (?:fois|time)(?= )")
_HANDLE = re.compile(r"@\w+")
_DIGITS = str.maketrans("0123456789", "0000000000")
_SMALL = {
    "un",
    "une",
    "a",
    "an",
    "one",
    "deux",
    "two",
    "trois",
    "three",
    "couple of",
    "1",
    "2",
    "3",
}
_SHORT_UNIT = ("min", "mn", "h")
_DAY_UNIT = ("j", "jour", "jours", "jr", "jrs", "day", "days", "nuit", "nuits", "night", "nights")


def _duration(match: re.Match[str]) -> str:
    count, unit = match[1], match[2]
    if unit.startswith(_SHORT_UNIT):
        return " durshort "
    if unit in _DAY_UNIT:
        return " durdays " if count in _SMALL else " durlong "
    return " durlong "


def model_rows(normalised: str) -> str:
    r"""Return the rows as the complaint model reads them: durations, digits and handles as kinds.

    "3 days" still belongs to a fault that is going on and "4 days" does not, which no n-gram of
    digits can learn from few examples; so durations become one of three words.

    Examples
    --------
    >>> model_rows(" @free plus rien depuis 3 jours \n depuis 12 jours etape 6 ")
    ' @u plus rien depuis durdays \n depuis durlong etape 0 '
    """
    text = _ORDINAL.sub("recur", normalised)
    text = _DURATION.sub(lambda match: _duration(match).strip(), text)
    return _HANDLE.sub("@u", text).translate(_DIGITS)
