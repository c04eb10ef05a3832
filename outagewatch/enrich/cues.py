"""Words that set a complaint in time: since when, of last night, or over.

In: one normalised row. Out: what it says of time. Remembers nothing.
"""

from __future__ import annotations

import re

from outagewatch.enrich.lexicon import Hit, Terms

RESTORED = [
    "c est revenu*", "est revenu*", "sont revenu*", "tout est revenu", "vient de revenir",
    "est de retour", "de retour chez moi", "ca remarche*", "ca re marche", "remarche", "remarchent",
    "refonctionne*", "ca fonctionne a nouveau", "remarche enfin", "est retabli*", "retabli chez",
    "probleme resolu", "panne resolue", "tout refonctionne", "merci d avoir repare",
    "is back", "it s back", "back up", "back on", "back online", "came back", "working again",
    "works again", "power restored", "been restored", "all good now", "fixed now", "sorted now",
]  # fmt: skip
_NOT = {"pas", "jamais", "rien", "not", "isn", "never", "t", "quand", "when", "if", "until", "till"}
_NUMBER = {
    "un": 1,
    "une": 1,
    "a": 1,
    "an": 1,
    "one": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
}
_ONSET = re.compile(
    r" (?:depuis|ca fait|fait|voila|for|since|past|last|been)"
    r"(?: (?:environ|bien|deja|about|like|the|over|around|a peu pres|plus d|plus de))* "
    r"(?:(\d{1,3}|une?|deux|trois|an?|one|two|three|half an|une demi|demi) ?)"
    r"(minutes?|mins?|min|mn|heures?|hours?|hrs?)(?= )"
)
_AGO = re.compile(
    r" (?:(?:il y a|y a) )?(\d{1,3}|an?|one|two|three|half an) "
    r"(minutes?|mins?|min|mn|hours?|hrs?) ago "
    r"| il y a (\d{1,3}|une?|deux|trois) ?(minutes?|mins?|min|mn|heures?) "
)
MAX_ONSET_MINUTES = 180  # what is said to have begun longer ago is estimated instead
_PAST = re.compile(
    r"(?<!depuis)(?<!since) (cette nuit|hier soir|la nuit derniere|hier|last night|yesterday) "
)
_NIGHT = {"cette nuit", "la nuit derniere", "last night"}


def onset_minutes(row: str) -> int | None:
    """Return how many minutes ago the writer says that it began, or None.

    Examples
    --------
    >>> onset_minutes(" plus internet depuis 15 min ")
    15
    >>> onset_minutes(" no signal for the past half an hour ")
    30
    """
    match = _ONSET.search(row)
    count, unit = (match[1], match[2]) if match else (None, None)
    if match is None:
        ago = _AGO.search(row)
        if ago is None:
            return None
        count, unit = ago[1] or ago[3], ago[2] or ago[4]
    if count is None or unit is None:
        return None
    each = 60 if unit.startswith("h") else 1
    half = count in ("half an", "demi", "une demi")
    minutes = 30 if half else each * (int(count) if count.isdigit() else _NUMBER.get(count, 1))
    return minutes if 0 < minutes <= MAX_ONSET_MINUTES else None


def is_past(row: str, local_hour: int) -> bool:
    """Whether the row speaks of a night or evening that is over at this hour of its place.

    Examples
    --------
    >>> is_past(" encore une coupure cette nuit ", local_hour=9)
    True
    >>> is_past(" plus rien depuis hier soir ", local_hour=9)
    False
    >>> is_past(" encore une coupure cette nuit ", local_hour=2)
    False
    """
    match = _PAST.search(row)
    return match is not None and not (match[1] in _NIGHT and not 6 <= local_hour < 22)


def is_restored(row: str, terms: Terms) -> bool:
    """Whether the row says that the service is back, and doesn't deny or ask it."""
    return any(_affirmed(row, hit) for hit in terms.hits if hit.term.field == "restored")


def _affirmed(row: str, hit: Hit) -> bool:
    before = row[: hit.start + 1].split()[-3:]
    inside = row[hit.start : hit.end].split()
    return not _NOT & {*before, *inside}
