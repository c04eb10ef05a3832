"""Leave out, cheaply, the posts that name nothing of a profile.

In: raw texts. Out: which of them may hold a term; never too few. Remembers the longest word of
each term, in one automaton. A general stream names nothing in 99 posts of 100, and those are
brought to no plain form and looked at no further.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from outagewatch.enrich.normalise import normalise

_ODD = 1  # stands for a character that only the plain form can settle
_ODD_LETTERS = "ßæÆ\xad"  # one for several, or dropped
_LINE = 10


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "\xad" * (error.end - error.start), error.end


codecs.register_error("outagewatch-mark", _mark)


def _fold_table() -> bytes:
    """Return what each Latin-1 character becomes: its plain form, or the mark of an odd one."""
    table = bytearray(256)
    for code in range(256):
        plain = normalise([f"0{chr(code)}0"])[2:-2] or " "
        odd = chr(code) in _ODD_LETTERS or len(plain) != 1 or ord(plain) > 255
        table[code] = _ODD if odd else ord(plain)
    for mark in b"?!":  # words of their own in the plain form
        table[mark] = ord(" ")
    table[_LINE] = _LINE
    return bytes(table)


class Sieve:
    """Tells which texts may hold a term.

    Parameters
    ----------
    patterns
        The terms as they stand in normalised rows: `` word word `` or `` word`` for any ending.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._table = _fold_table()
        needles = {_longest(pattern) for pattern in patterns}
        self._needed = all(ord(char) < 256 for needle in needles for char in needle)
        chosen = sorted(needle.encode("latin-1") for needle in needles) if self._needed else []
        self._automaton = BytesAhoCorasick(chosen or [b"\0"])

    def rows(self, texts: list[str]) -> list[int]:
        """Return the numbers of the texts that may hold a term, in order."""
        if not self._needed:
            return list(range(len(texts)))
        joined = " \n ".join([text.replace("\n", " ") for text in texts])
        folded = f" {joined} ".encode("latin-1", "outagewatch-mark").translate(self._table)
        found = [start for _, start, _ in self._automaton.find_matches_as_indexes(folded)]
        codes = np.frombuffer(folded, np.uint8)
        thrice = (codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]) & (codes[2:] >= ord("a"))
        places = np.concatenate(
            (np.array(found, np.int64), np.flatnonzero(codes == _ODD), np.flatnonzero(thrice))
        )
        breaks = np.flatnonzero(codes == _LINE)
        return [int(row) for row in np.unique(np.searchsorted(breaks, places))]


def _longest(pattern: str) -> str:
    """Return the longest word of a pattern, with the spaces that bound it."""
    open_end = not pattern.endswith(" ")
    words = pattern.split()
    longest = max(words, key=len)
    return f" {longest}" if open_end and longest == words[-1] else f" {longest} "
