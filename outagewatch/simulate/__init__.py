"""Streams of posts as people write them, with outages that are known."""

from outagewatch.simulate.events import EVENT_KINDS, TRAPS, Event, parse_event
from outagewatch.simulate.files import write
from outagewatch.simulate.stream import Plan, simulate

__all__ = ["EVENT_KINDS", "TRAPS", "Event", "Plan", "parse_event", "simulate", "write"]
