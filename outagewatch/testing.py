"""Fakes and makers for tests, ours and those of who builds on outagewatch.

Nothing here reads a clock, a file or the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from outagewatch.records import Complaint, Location, Post

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)

WORLD = Location("any", "any", "any", None, None, None, 0, None)
FRANCE = Location("FR", "France", "country", "FR", 47.0, 2.6, 68_000_000, "Europe/Paris")
BRETAGNE = Location(
    "FR-BRE", "Bretagne", "region", "FR", 48.2, -2.8, 3_450_000, "Europe/Paris", FRANCE
)
FINISTERE = Location(
    "FR-29", "Finistère", "department", "FR", 48.3, -4.1, 930_000, "Europe/Paris", BRETAGNE
)
BREST = Location(
    "FR-29019", "Brest", "city", "FR", 48.39, -4.49, 142_000, "Europe/Paris", FINISTERE
)
QUIMPER = Location(
    "FR-29232", "Quimper", "city", "FR", 48.0, -4.1, 64_000, "Europe/Paris", FINISTERE
)
HAMLET = Location(
    "FR-29003", "Audierne", "city", "FR", 48.0, -4.5, 3_700, "Europe/Paris", FINISTERE
)


def minutes(n: float) -> float:
    """Return a time n minutes after :data:`NOON`, seconds since the epoch."""
    return (NOON + timedelta(minutes=n)).timestamp()


def complaint(
    n: float,
    author: str,
    *,
    operator: str = "free",
    service: str = "fixed_internet",
    location: Location = FRANCE,
    thread: str | None = None,
    post_id: str | None = None,
    text: str = "plus rien",
    gist: str = "",
    link: float = 0.0,
) -> Complaint:
    """Return a complaint n minutes after :data:`NOON`."""
    unique = post_id or f"x:{author}-{n}"
    return Complaint(
        id=unique,
        created_at=minutes(n),
        author=author,
        thread=thread or unique,
        operator=operator,
        service=service,
        symptom="no_service",
        location=location,
        located=location is not FRANCE,
        acute=0.9,
        text=text,
        source="x",
        gist=gist,
        link=link,
    )


def post(n: float, text: str, author: str | None = "somebody", **fields: str | None) -> Post:
    """Return a post n minutes after :data:`NOON`."""
    return Post(text=text, created_at=NOON + timedelta(minutes=n), author=author, **fields)  # type: ignore[arg-type]


def lines(posts: Sequence[Post]) -> bytes:
    """Return posts as canonical lines."""
    return b"".join(msgspec.json.encode(post) + b"\n" for post in posts)
