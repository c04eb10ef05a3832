"""Probable network outages, read from what customers say in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outagewatch.library import Replay, replay

__version__ = "0.1.0"
__all__ = ["Replay", "__version__", "replay"]


def __getattr__(name: str) -> Any:
    """Load the library's functions when first asked for: the command line starts without them."""
    if name in ("Replay", "replay"):
        from outagewatch import library

        return getattr(library, name)
    raise AttributeError(f"module 'outagewatch' has no attribute {name!r}")
