"""Measure detection in one run: recall beside other detectors, places, speed, and memory.

    python benchmarks/detection.py [--quick] [--only board,nab,spatial,speed,year] [--no-year]

Prints the tables of ``board.py``, ``nab.py`` and ``spatial.py``; what 10,000 signals with a person
each in one minute cost, and their state; and a replay of a year of one operator, as counts. A part
whose folder or package is missing says so in a line, and the rest goes on.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import board
import nab
import numpy as np
import spatial

from outagewatch.detect.detector import Detector
from outagewatch.records import ANY, Block, Location, Signal
from outagewatch.settings import Detect

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SIGNALS = 10_000  # as many as have a baseline of their own
OPERATORS, SERVICES = ("orange", "free", "sfr"), ("fixed_internet", "mobile_data", "tv")
REGIONS, DEPARTMENTS = 13, 8  # of a country, and of a region
WARM_DAYS = 14
MINUTES = 20
MONDAY = 1_736_121_600 // 60  # minutes from the epoch to 2025-01-06, a Monday
YEAR_DAYS, YEAR_PEOPLE = 364, 5_000_000
YEAR_SERVICES = {"fixed_internet": 0.4, "mobile_data": 0.2, "tv": 0.1}  # of the operator's people


def signals(n: int) -> list[Signal]:
    """Return n signals, larger ones first: operators and services in a country and its places."""

    def place(id_: str, kind: str, people: int, parent: Location | None) -> Location:
        return Location(id_, id_, kind, "FR", None, None, people, "Europe/Paris", parent)  # type: ignore[arg-type]

    country = place("FR", "country", 65_000_000, None)
    regions = [place(f"R{i}", "region", 5_000_000, country) for i in range(REGIONS)]
    departments = [
        place(f"{r.id}D{i}", "department", 600_000, r) for r in regions for i in range(DEPARTMENTS)
    ]
    pairs = [(o, s) for o in (ANY, *OPERATORS) for s in (ANY, *SERVICES)]
    cities = [
        place(
            f"{departments[i % len(departments)].id}C{i}",
            "city",
            20_000,
            departments[i % len(departments)],
        )
        for i in range(-(-n // len(pairs)))
    ]
    places = [country, *regions, *departments, *cities]
    return [Signal(o, s, where) for where in places for o, s in pairs][:n]


def block(bucket: int, of: Sequence[Signal], people: Sequence[float]) -> Block:
    return Block(bucket, counts=dict(zip(of, people, strict=True)))


def take(detector: Detector, next_block: Block) -> float:
    """Score and learn a block; return how many milliseconds that took."""
    began = time.perf_counter()
    detector.score(next_block)
    detector.learn(next_block, frozen=(), reset=())
    return 1e3 * (time.perf_counter() - began)


def warmed_up(of: Sequence[Signal], people_an_hour: float, days: int) -> Detector:
    """Return a detector that has seen days, of which each hour comes in one bucket."""
    rng = np.random.default_rng(1)
    detector = Detector(Detect(), 60.0, OPERATORS)
    for hour in range(24 * days):
        people = rng.poisson(people_an_hour, len(of)).astype(float).tolist()
        take(detector, block(MONDAY + 60 * hour + 30, of, people))
    return detector


class Worst(NamedTuple):
    """Milliseconds of one minute in which every signal has a person."""

    usual: str
    median: float
    slowest: float
    at_turn: float  # the first minute of an hour


def worst_case(of: Sequence[Signal], people_an_hour: float, usual: str, days: int) -> Worst:
    """Time minutes in which every signal has a person, and then the first one of an hour."""
    detector = warmed_up(of, people_an_hour, days)
    start = MONDAY + 60 * 24 * days + 60 - MINUTES
    ones = [1.0] * len(of)
    take(detector, block(start - 1, of, ones))  # the turn of the hour before
    times = [take(detector, block(start + i, of, ones)) for i in range(MINUTES)]
    at_turn = take(detector, block(start + MINUTES, of, ones))
    return Worst(usual, float(np.median(times)), max(times), at_turn)


def state_mb(n: int) -> float:
    """Return the megabytes of a detector that knows n signals, the signals among them."""
    tracemalloc.start()
    of = signals(n)
    detector = Detector(Detect(), 60.0, OPERATORS)
    for minute in (0, 1, 60, 61):
        take(detector, block(MONDAY + minute, of, [1.0] * n))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / 1e6


def speed(*, quick: bool) -> None:
    """Print what the worst minute costs, and the state."""
    n, days = (2000, 7) if quick else (SIGNALS, WARM_DAYS)
    of = signals(n)
    print(f"{n:,} signals with a person each in one minute, ms: median of {MINUTES} minutes")
    print(f"{'a person a minute is':26}  median  slowest  at the hour's turn")
    for people, usual in ((60.0, "usual"), (1.0, "60 times the usual")):
        w = worst_case(of, people, usual, days)
        print(f"{w.usual:26} {w.median:7.1f} {w.slowest:8.1f} {w.at_turn:8.1f}", flush=True)
    print(f"state of {n:,} signals: {state_mb(n):.1f} MB")


def year_rows(days: int, people: int) -> Iterator[str]:
    """Return rows of counts, a minute each: one operator in all, and some of its services."""
    rng = np.random.default_rng(1)
    shape = np.outer(spatial.WEEKDAYS, spatial.HOURS).ravel()
    rates = np.repeat(np.resize(shape, days * 24), 60)
    counts = rng.poisson(rates * people / rates.sum())
    of_services = {name: rng.binomial(counts, part) for name, part in YEAR_SERVICES.items()}
    yield "time,operator,service,location,count\n"
    for minute, count in enumerate(counts.tolist()):
        at = f"{datetime.fromtimestamp(60 * (MONDAY + minute), UTC):%Y-%m-%dT%H:%M:%SZ}"
        yield f"{at},orange,,,{count}\n"
        for name, some in of_services.items():
            if some[minute]:
                yield f"{at},orange,{name},,{some[minute]}\n"


def year(*, quick: bool) -> None:
    """Print how long a replay of a year of counts takes, and its peak memory."""
    days = 28 if quick else YEAR_DAYS
    people = YEAR_PEOPLE * days // YEAR_DAYS
    if importlib.util.find_spec("typer") is None:
        print("year: the command line needs typer, which is not installed; left out")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.csv"
        with path.open("w") as file:
            file.writelines(year_rows(days, people))
        command = [sys.executable, "-m", "outagewatch", "replay", "--format", "counts", "-q"]
        began = time.perf_counter()
        process = subprocess.Popen([*command, str(path)], cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if status:
            print(f"year: replay ended with status {os.waitstatus_to_exitcode(status)}")
            return
        print(
            f"{days} days of {people:,} complaints as counts, {path.stat().st_size / 1e6:.0f} MB: "
            f"{seconds:.1f} s, peak {usage.ru_maxrss / 1024:.0f} MB"
        )


def boards(*, quick: bool) -> None:
    sizes = {"seeds": (board.SEEDS[0],), "series": 200, "injected": 60, "weeks": 8} if quick else {}
    try:
        board.run(**sizes)
    except board.PeersMissingError as error:
        print(f"board: {error}; left out")


def tweets(*, quick: bool) -> None:
    folder = SHARED / "nab"
    if not (folder / "windows.json").exists():
        print(f"nab: {folder}: expected realTweets/*.csv and windows.json there; left out")
        return
    nab.main(folder)


def places(*, quick: bool) -> None:
    spatial.main(["--quick"] if quick else [])


PARTS: dict[str, Callable[..., None]] = {
    "board": boards,
    "nab": tweets,
    "spatial": places,
    "speed": speed,
    "year": year,
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--only", default=",".join(PARTS), metavar=",".join(PARTS))
    parser.add_argument("--no-year", action="store_true", help="leave out the year of counts")
    args = parser.parse_args(argv)
    asked = args.only.split(",")
    if unknown := [name for name in asked if name not in PARTS]:
        parser.error(f"--only: expected some of {','.join(PARTS)}, got {unknown[0]!r}")
    for name, part in PARTS.items():
        if name in asked and not (name == "year" and args.no_year):
            print(f"\n=== {name}", flush=True)
            part(quick=args.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
