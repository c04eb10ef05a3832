"""Watch a synthetic board on one alarm a week for all its signals, beside other detectors.

    python benchmarks/board.py [--peers FOLDER] [--quick] [--seeds 99,1,2,3,4] [--weeks 52]

FOLDER holds ``peers.py`` and ``bench.py``; ``../shared/peers`` is taken (numba and statsmodels are
needed). A board is made as ``dashboard.py`` there makes it: signals of 0.005 to 2 posts a minute,
four weeks to learn and four to test, and others with outages put in. All detectors see the same
posts. Thresholds, fitted on the quiet signals: one for all (global), one for each of four bands of
level (bands), and for ours none fitted: a recurrence of a week on the board. Then the bands' thresholds
on further quiet boards, and two boards that are not made of the generator's constants.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter

from outagewatch.detect.detector import Detector
from outagewatch.records import ANY, Block, Location, Signal
from outagewatch.settings import Detect

PEERS = Path(__file__).parents[2] / "shared" / "peers"
OURS, REFERENCE = "outagewatch", "GLR_window60"
NAMES = (REFERENCE, "NB_multi_adapt_RI", "EBP_multiwindow", "EARS_C2", "downdetector_ratio")
SEEDS = (99, 1, 2, 3, 4)
TEST_DAYS = 28
ALARMS_A_WEEK = 1.0  # of the whole board
HELD_OUT_SEED = 1000  # and those after it: further quiet boards
HELD_OUT_WEEKS = 52
IN_TIME = 90  # minutes from an outage's start in which it is to be found
BANDS = 4
LOWEST, HIGHEST = 0.005, 2.0  # posts a minute
MONDAY = 345_600 // 60  # minutes from the epoch to 1970-01-05, a Monday, as the series begin on one
WEEK_HOURS = 168.0

Levels = list[float]
Outages = list[tuple[int, int]]  # start in minutes, size


class Board(NamedTuple):
    """Series of posts a minute, shape (signals, minutes): quiet ones, and others with outages."""

    name: str
    quiet_levels: Levels
    quiet: np.ndarray
    levels: Levels
    series: np.ndarray
    outages: list[Outages]


class Scored(NamedTuple):
    """What a detector makes of series in the test part: shape (signals, minutes of it)."""

    scores: np.ndarray
    sure: np.ndarray | None  # ours: where the recurrence is a week or more, with nothing fitted
    seconds: float  # of detection, on a million signal-minutes


@dataclass(frozen=True)
class Peers:
    """The modules of the peers' folder."""

    bench: ModuleType
    peers: ModuleType

    @property
    def warm(self) -> int:
        return self.bench.WARM * self.bench.DAY

    @property
    def weeks(self) -> float:
        return self.bench.TEST / 7


class PeersMissingError(Exception):
    """The peers are not there, or cannot be run."""


def load_peers(folder: Path) -> Peers:
    """Import the peers from their folder, where nothing is written."""
    for name in ("peers", "bench"):
        if not (folder / f"{name}.py").exists():
            raise PeersMissingError(f"{folder}: expected {name}.py there")
    compiled = Path(tempfile.gettempdir()) / "outagewatch-numba"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(compiled))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        modules = [_import(name, folder / f"{name}.py") for name in ("peers", "bench")]
    except ImportError as error:
        raise PeersMissingError(f"{folder}: {error} (the peers need it)") from error
    finally:
        sys.dont_write_bytecode = written
    peers, bench = modules
    bench.TEST = TEST_DAYS
    bench.N = (bench.WARM + TEST_DAYS) * bench.DAY
    return Peers(bench, peers)


def _import(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _level(rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(LOWEST), np.log(HIGHEST))))


def quiet_board(
    peers: Peers, rng: np.random.Generator, series: int, null: Callable | None = None
) -> tuple[Levels, np.ndarray]:
    """Return levels and quiet series, in the order of ``dashboard.py``."""
    levels = [_level(rng) for _ in range(series)]
    null = null or peers.bench.null_series
    drawn = (null(level, rng, peers.bench.N) for level in levels)
    return levels, _stack(drawn, series, peers.bench.N)


def make_board(
    peers: Peers, name: str, seed: int, series: int, injected: int, null: Callable | None = None
) -> Board:
    """Make a board; without ``null`` the one of ``dashboard.py``, there of seed 99."""
    bench, rng = peers.bench, np.random.default_rng(seed)
    quiet_levels, quiet = quiet_board(peers, rng, series, null)
    null = null or bench.null_series
    levels = [_level(rng) for _ in range(injected)]
    outages: list[Outages] = []

    def with_outages() -> Iterator[np.ndarray]:
        for level in levels:
            posts, events = bench.inject(null(level, rng, bench.N), rng)
            outages.append(events)
            yield posts

    series_with = _stack(with_outages(), injected, bench.N)
    return Board(name, quiet_levels, quiet, levels, series_with, outages)


def _stack(drawn: Iterator[np.ndarray], series: int, minutes: int) -> np.ndarray:
    stacked = np.empty((series, minutes), np.uint8)
    for i, posts in enumerate(drawn):
        stacked[i] = np.minimum(posts, 255)
    return stacked


# Boards that are not made of the generator's constants: other noise, replies and weeks.
_HOURS = np.arange(24.0)
_EVENING = 1 + 0.8 * np.cos((_HOURS - 20) * 2 * np.pi / 24)
_NIGHT = 1 + 0.8 * np.cos((_HOURS - 2) * 2 * np.pi / 24)
_FLAT = np.ones(24)
_WEEKEND = np.array([0.7, 0.7, 0.7, 0.8, 1.1, 1.6, 1.4])
_EVEN = np.ones(7)


class Kind(NamedTuple):
    """How a board of our own making is made."""

    weeks: tuple[np.ndarray, ...]  # factors by hour of week, of which each series has one
    replied: float  # posts that bring replies
    replies: int  # that they bring at most


BURSTS = Kind((np.outer(_EVEN, _EVENING).ravel(),), 0.25, 5)
WEEKS = Kind(
    tuple(np.outer(*w).ravel() for w in ((_EVEN, _NIGHT), (_WEEKEND, _EVENING), (_EVEN, _FLAT))),
    0.08,
    3,
)


def of_kind(kind: Kind) -> Callable[[float, np.random.Generator, int], np.ndarray]:
    """Return a maker of quiet series of a kind; a fifth of noise by day, as much by hour."""

    def series(level: float, rng: np.random.Generator, minutes: int) -> np.ndarray:
        week = kind.weeks[rng.integers(len(kind.weeks))]
        hours = minutes // 60
        by_day = np.repeat(rng.normal(0, 0.2, hours // 24 + 1), 24)[:hours]
        by_hour = lfilter([1.0], [1.0, -0.7], rng.normal(0, 0.14, hours))
        factors = np.resize(week / week.mean(), hours) * np.exp(by_day + by_hour - 0.04)
        brought = kind.replied * (1 + kind.replies) / 2
        posts = rng.poisson(np.repeat(level / (1 + brought) * factors, 60))
        at = np.repeat(np.arange(minutes), rng.binomial(posts, kind.replied))
        at = np.repeat(at, rng.integers(1, kind.replies + 1, at.size))
        at = at + 1 + rng.exponential(6, at.size).astype(int)
        return posts + np.bincount(at[at < minutes], minlength=minutes)

    return series


def run_peer(peers: Peers, name: str, series: np.ndarray) -> Scored:
    """Score series by a peer, one after the other, once it is compiled."""
    detect = peers.peers.PEERS[name]["fn"]
    detect(series[0].astype(float))
    began = time.perf_counter()
    scores = np.empty((len(series), series.shape[1] - peers.warm), np.float32)
    for i, posts in enumerate(series):
        scores[i] = detect(posts.astype(float))[peers.warm :]
    return Scored(scores, None, 1e6 * (time.perf_counter() - began) / series.size)


def run_ours(peers: Peers, series: np.ndarray) -> Scored:
    """Score series by the product, all at once; timed are ``score`` and ``learn``."""
    where = Location("X", "X", "country", None, None, None, 0, "UTC", None)
    signals = [Signal(f"s{i}", ANY, where) for i in range(len(series))]
    index = {signal: i for i, signal in enumerate(signals)}
    detector = Detector(Detect(false_alarms_per_week=ALARMS_A_WEEK), 60.0, places=False)
    scores = np.zeros((len(series), series.shape[1] - peers.warm), np.float32)
    sure = np.zeros(scores.shape, bool)
    seconds = 0.0
    for minute, posts in enumerate(np.ascontiguousarray(series.T)):
        spoke = np.flatnonzero(posts)
        if not spoke.size:
            continue
        counts = dict(zip((signals[i] for i in spoke), posts[spoke].astype(float).tolist()))  # noqa: B905
        block = Block(MONDAY + minute, counts=counts)
        began = time.perf_counter()
        detector.score(block)
        middle = time.perf_counter()
        if minute >= peers.warm:
            for row in detector.rows(block):
                at = index[row.signal], minute - peers.warm
                scores[at] = row.score
                sure[at] = row.recurrence_hours >= WEEK_HOURS / ALARMS_A_WEEK
        after = time.perf_counter()
        detector.learn(block, frozen=(), reset=())
        seconds += middle - began + time.perf_counter() - after
    return Scored(scores, sure, 1e6 * seconds / series.size)


def score(peers: Peers, name: str, series: np.ndarray) -> Scored:
    return run_ours(peers, series) if name == OURS else run_peer(peers, name, series)


def band(level: float) -> int:
    """Return the band of a level, equal in logs."""
    part = np.log10(level / LOWEST) / np.log10(HIGHEST / LOWEST)
    return int(np.clip(np.floor(part * BANDS), 0, BANDS - 1))


def alarms(peers: Peers, scores: np.ndarray, threshold: float) -> int:
    return int(peers.bench.events(scores, threshold, lo=0).size)


def global_threshold(peers: Peers, scores: np.ndarray, allowed: int) -> float:
    """Return the lowest threshold of no more alarms than allowed: ``calibrate`` of ``bench.py``.

    That one wants scores with the days it learned from; here they are not kept.
    """
    flat = scores.ravel()
    most = min(flat.size, 40_000)
    top = np.unique(np.partition(flat, -most)[-most:])
    usual = float(np.median(flat[::97]))
    top = top[top > (max(0.0, usual) if usual >= 0 else usual)]
    if not top.size:
        return float(flat.max()) + 1
    low, high = -1, top.size
    while high - low > 1:
        middle = (low + high) // 2
        if sum(alarms(peers, each, top[middle]) for each in scores) > allowed:
            low = middle
        else:
            high = middle
    return float(top[high]) if high < top.size else float(np.nextafter(top[-1], np.float32(np.inf)))


def band_thresholds(peers: Peers, scores: np.ndarray, levels: Levels) -> list[float]:
    """Return a threshold a band, each of the same rate a signal: peaks over a high threshold."""
    bands = np.array([band(level) for level in levels])
    per_signal = ALARMS_A_WEEK / len(levels)
    found = []
    for b in range(BANDS):
        here = scores[bands == b]
        if not here.size:
            found.append(float("inf"))
            continue
        hours = here.shape[1] // 60
        peaks = here[:, : hours * 60].reshape(-1, 60).max(1).astype(float)
        k = min(200, max(10, peaks.size // 50))
        above = np.partition(peaks, -k)[-k]
        over = peaks[peaks > above] - above
        rate = max(over.size, 1) / max(len(here) * peers.weeks, 1)
        found.append(float(above + (over.mean() if over.size else 1) * np.log(rate / per_signal)))
    return found


Threshold = Callable[[float], float]  # of a level


def thresholds_of(peers: Peers, levels: Levels, scored: Scored) -> dict[str, Threshold]:
    """Return the thresholds that quiet series give, by how they were fitted."""
    common = global_threshold(peers, scored.scores, int(ALARMS_A_WEEK * peers.weeks))
    by_band = band_thresholds(peers, scored.scores, levels)
    return {"global": lambda level: common, "bands": lambda level: by_band[band(level)]}


def alarms_a_week(peers: Peers, levels: Levels, scores: np.ndarray, threshold: Threshold) -> float:
    found = (alarms(peers, s, threshold(v)) for s, v in zip(scores, levels, strict=True))
    return sum(found) / peers.weeks


def judge(peers: Peers, board: Board, scores: np.ndarray, threshold: Threshold) -> dict:
    """Return what is found of the outages of a board, and how soon."""
    delays: list[tuple[int, int, int]] = []  # size, band, minutes or -1
    for level, row, outages in zip(board.levels, scores, board.outages, strict=True):
        for start, size in outages:
            if start + IN_TIME > peers.bench.N:
                continue
            first = start - peers.warm
            hits = np.flatnonzero(row[first : first + IN_TIME] >= threshold(level))
            delays.append((size, band(level), int(hits[0]) if hits.size else -1))
    sizes, bands, minutes = np.array(delays).T
    found = minutes >= 0
    return {
        "recall": float(found.mean()),
        "delay": float(np.median(minutes[found])) if found.any() else float("nan"),
        "by_size": {s: _share(found[sizes == s]) for s in peers.bench.SIZES},
        "by_band": {b: _share(found[bands == b]) for b in range(BANDS)},
    }


def _share(found: np.ndarray) -> float:
    return float(found.mean()) if found.size else float("nan")


def watch(peers: Peers, board: Board, name: str) -> tuple[list[dict], dict[str, Threshold]]:
    """Return the rows of one detector on one board, and the thresholds it was given."""
    quiet, busy = score(peers, name, board.quiet), score(peers, name, board.series)
    thresholds = thresholds_of(peers, board.quiet_levels, quiet)
    tries = {kind: (quiet.scores, busy.scores, fitted) for kind, fitted in thresholds.items()}
    if quiet.sure is not None and busy.sure is not None:
        tries["none"] = (quiet.sure, busy.sure, lambda level: 1)
    rows = [
        {
            "board": board.name,
            "detector": name,
            "thresholds": kind,
            **judge(peers, board, on_busy, threshold),
            "alarms": alarms_a_week(peers, board.quiet_levels, on_quiet, threshold),
            "seconds": quiet.seconds,
        }
        for kind, (on_quiet, on_busy, threshold) in tries.items()
    ]
    return rows, thresholds


def kept_promise(
    peers: Peers, fitted: dict[str, dict[str, Threshold]], series: int, weeks: float
) -> list[dict]:
    """Return alarms a week on further quiet boards, by detector and thresholds of the first."""
    total: dict[tuple[str, str], float] = {}
    boards = max(round(weeks / peers.weeks + 0.49), 1)
    for i in range(boards):
        levels, quiet = quiet_board(peers, np.random.default_rng(HELD_OUT_SEED + i), series)
        for name, thresholds in fitted.items():
            scored = score(peers, name, quiet)
            tries = {kind: (scored.scores, threshold) for kind, threshold in thresholds.items()}
            if scored.sure is not None:
                tries["none"] = (scored.sure, lambda level: 1)
            for kind, (scores, threshold) in tries.items():
                rate = alarms_a_week(peers, levels, scores, threshold)
                total[name, kind] = total.get((name, kind), 0.0) + rate / boards
    return [
        {"detector": name, "thresholds": kind, "alarms": rate, "weeks": boards * peers.weeks}
        for (name, kind), rate in total.items()
    ]


HEADER = (
    f"{'board':8} {'detector':20} {'fitted':7} recall delay | {'recall by size':^23} | "
    f"{'by band of level':^23} | alarms/wk  s/1e6  ratio"
)


def show(row: dict, reference: float) -> None:
    """Print one row; ``reference`` is the time of the reference on the same board."""
    sizes, bands = (" ".join(f"{x:5.3f}" for x in row[k].values()) for k in ("by_size", "by_band"))
    print(
        f"{row['board']:8} {row['detector']:20} {row['thresholds']:7}  {row['recall']:5.3f} "
        f"{row['delay']:5.1f} | {sizes} | {bands} | {row['alarms']:9.2f} {row['seconds']:6.2f} "
        f"{row['seconds'] / reference:6.2f}",
        flush=True,
    )


def means(rows: Sequence[dict], board: str) -> list[dict]:
    """Return the rows' means over boards, by detector and thresholds."""
    groups: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["detector"], row["thresholds"]), []).append(row)
    return [
        {
            "board": board,
            "detector": name,
            "thresholds": kind,
            **{k: _mean([r[k] for r in some]) for k in ("recall", "delay", "alarms", "seconds")},
            **{
                k: {x: _mean([r[k][x] for r in some]) for x in some[0][k]}
                for k in ("by_size", "by_band")
            },
        }
        for (name, kind), some in groups.items()
    ]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _watch_and_show(
    peers: Peers, board: Board, names: Sequence[str]
) -> tuple[list[dict], dict[str, dict[str, Threshold]]]:
    rows: list[dict] = []
    fitted: dict[str, dict[str, Threshold]] = {}
    reference = float("nan")
    for name in names:
        found, fitted[name] = watch(peers, board, name)
        if name == REFERENCE:
            reference = found[0]["seconds"]
        for row in found:
            show(row, reference)
        rows += found
    return rows, fitted


def run(
    folder: Path = PEERS,
    *,
    seeds: Sequence[int] = SEEDS,
    series: int = 800,
    injected: int = 250,
    weeks: float = HELD_OUT_WEEKS,
    names: Sequence[str] = NAMES,
) -> list[dict]:
    """Print the tables and return their rows.

    Parameters
    ----------
    folder
        Where the peers are.
    seeds
        One board each.
    series, injected
        Quiet signals of a board, and further signals with outages.
    weeks
        Of further quiet boards, on which thresholds of the first are tried.
    names
        Peers; the product comes after them.

    Raises
    ------
    PeersMissingError
        If they are not there or cannot be imported.
    """
    peers = load_peers(folder)
    print(
        f"{series} quiet signals and {injected} with outages of "
        f"{', '.join(map(str, peers.bench.SIZES))} people; {ALARMS_A_WEEK:g} alarm a week in all; "
        f"s/1e6: seconds on a million signal-minutes, ratio to {REFERENCE}\n{HEADER}",
        flush=True,
    )
    rows: list[dict] = []
    first: dict[str, dict[str, Threshold]] = {}
    for seed in seeds:
        board = make_board(peers, str(seed), seed, series, injected)
        found, fitted = _watch_and_show(peers, board, [*names, OURS])
        first = first or fitted
        rows += found
    if len(seeds) > 1:
        averages = means(rows, "mean")
        reference = next((r["seconds"] for r in averages if r["detector"] == REFERENCE), np.nan)
        for row in averages:
            show(row, reference)
        rows += averages
    two = [name for name in (REFERENCE, OURS) if name in first]
    for name, kind in (("bursts", BURSTS), ("weeks", WEEKS)):
        board = make_board(peers, name, seeds[0], series, injected, of_kind(kind))
        rows += _watch_and_show(peers, board, two)[0]
    rows += _promise(peers, {name: first[name] for name in two}, series, weeks)
    return rows


def _promise(
    peers: Peers, fitted: dict[str, dict[str, Threshold]], series: int, weeks: float
) -> list[dict]:
    kept = kept_promise(peers, fitted, series, weeks)
    print(f"further quiet boards, {kept[0]['weeks']:g} weeks, thresholds of the first board:")
    for row in kept:
        print(f"{row['detector']:29} {row['thresholds']:7} {row['alarms']:6.2f} alarms a week")
    return [{"board": "held out", **row} for row in kept]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", type=Path, default=PEERS, metavar="FOLDER")
    parser.add_argument("--seeds", default=",".join(map(str, SEEDS)))
    parser.add_argument("--series", type=int, default=800, help="quiet signals")
    parser.add_argument("--injected", type=int, default=250, help="signals with outages")
    parser.add_argument("--weeks", type=float, default=HELD_OUT_WEEKS, help="of further boards")
    parser.add_argument("--quick", action="store_true", help="200 and 60 signals, one seed")
    args = parser.parse_args(argv)
    sizes = (
        {"seeds": (SEEDS[0],), "series": 200, "injected": 60, "weeks": 8}
        if args.quick
        else {
            "seeds": tuple(int(seed) for seed in args.seeds.split(",")),
            "series": args.series,
            "injected": args.injected,
            "weeks": args.weeks,
        }
    )
    try:
        run(args.peers, **sizes)
    except PeersMissingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
