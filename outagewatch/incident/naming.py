"""Name incidents: the id that is spoken, and who and what the people mean.

In: counts by name. Out: names. Remembers nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping

from outagewatch.records import ANY, UNKNOWN

AGREED = 0.7  # share of those who named one that must agree for it to be named
MIN_NAMED = 3  # people who must have named one
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that sounds or looks alike


def agreed(counts: Mapping[str, int]) -> str:
    """Return the name that people agree on: ``unknown`` if few named one, ``any`` if several.

    Examples
    --------
    >>> agreed({"tv": 4, "unknown": 9}), agreed({"tv": 2}), agreed({"tv": 2, "sms": 2})
    ('tv', 'unknown', 'any')
    """
    named = {name: n for name, n in counts.items() if name != UNKNOWN}
    total = sum(named.values())
    if total < MIN_NAMED:
        return UNKNOWN
    best = max(sorted(named), key=lambda name: named[name])
    return best if named[best] >= AGREED * total else ANY


def spoken_id(identity: str, taken: Container[str]) -> str:
    """Return a short id made of an incident's identity alone, longer where it is taken.

    Examples
    --------
    >>> spoken_id("free|any|FR|1725318120", taken=())
    'ow-...'
    """
    number = int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=10).digest(), "big")
    letters = ""
    while number:
        number, digit = divmod(number, 32)
        letters += _ALPHABET[digit]
    for length in range(4, len(letters)):
        candidate = f"ow-{letters[:length]}"
        if candidate not in taken:
            return candidate
    return f"ow-{letters}"
