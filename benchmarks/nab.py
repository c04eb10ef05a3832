"""Score the tool on tweet volumes of the Numenta Anomaly Benchmark (NAB), beside usual rules.

    python benchmarks/nab.py [FOLDER] [--pictures FOLDER]

FOLDER holds ``realTweets/*.csv`` (``timestamp,value``, 5 minutes apart) and ``windows.json``;
``../shared/nab`` is taken. Each series goes through the product's own code as
``replay --format counts --timezone UTC --scores OUT --scores-all`` has it, with the settings of
one profile and none for a single file. A score for each row, and one threshold for all files, in
hindsight the best, for the tool as for the rules. ``--pictures`` draws each series.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.records import Score
from outagewatch.session import ReplayOptions, Session

HERE = Path(__file__).parent
PROFILE = "services"  # watches the whole world: no country's hours are taken for granted
TRUE, FALSE, MISSED = 1.0, 0.11, 1.0  # weights of NAB's standard profile
PROBATION, LONGEST = 0.15, 5000  # share of a file that is not scored, of so many rows at most
FAR = 3.0  # window widths after a window from which a detection costs all
TWO_DAYS = 576  # rows
DAY, HOUR = 288, 12
Window = tuple[float, float]  # first and last second of an anomaly
Column = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class NabResult:
    """What scores are worth at the threshold that is best for all files together."""

    score: float  # 100 for all windows found at their beginning and nothing else, 0 for nothing
    threshold: float  # a row is a detection from this score; infinite if none is worth it
    found: int
    windows: int
    false_points: int
    by_file: dict[str, float]  # of its own windows; not a number for a file that has none


def scaled_sigmoid(position: np.ndarray | float) -> np.ndarray:
    """Return what a place is worth: near 1 at a window's left edge (-1), 0 at its right (0).

    References
    ----------
    Lavin and Ahmad (2015), Evaluating real-time anomaly detection algorithms, ICMLA.

    Examples
    --------
    >>> scaled_sigmoid(np.array([-1.0, -0.5, 0.0, 1.0, 3.5])).round(4).tolist()
    [0.9866, 0.8483, 0.0, -0.9866, -1.0]
    """
    position = np.asarray(position, float)
    return np.where(position > FAR, -1.0, 2 / (1 + np.exp(5 * np.minimum(position, FAR))) - 1)


def probation(n_rows: int) -> int:
    """Return how many rows at the beginning of a file are not scored."""
    return int(min(math.floor(PROBATION * n_rows), PROBATION * LONGEST))


def worth(times: np.ndarray, windows: Sequence[Window]) -> tuple[np.ndarray, list[slice]]:
    """Return what a detection at each row is worth, and the rows of each window.

    After a window a false point costs by its distance, in widths, from the window's right edge;
    before any window it costs all.
    """
    edges = [
        (int(np.searchsorted(times, start)), int(np.searchsorted(times, end, side="right")))
        for start, end in sorted(windows)
    ]
    values = np.full(len(times), -FALSE)
    for number, (first, end) in enumerate(edges):
        width = end - first
        until = edges[number + 1][0] if number + 1 < len(edges) else len(times)
        inside, after = np.arange(first, end), np.arange(end, until)
        values[inside] = TRUE * scaled_sigmoid((inside - end) / width) / scaled_sigmoid(-1.0)
        values[after] = FALSE * scaled_sigmoid((after - end + 1) / max(width - 1, 1))
    return values, [slice(first, end) for first, end in edges]


@dataclass(frozen=True)
class _Swept:
    """One file at each threshold, arrays of shape (n_thresholds,)."""

    raw: np.ndarray
    found: np.ndarray
    false_points: np.ndarray
    windows: int


def _sweep(
    scores: np.ndarray, times: np.ndarray, windows: Sequence[Window], thresholds: np.ndarray
) -> _Swept:
    values, inside = worth(times, windows)
    start = probation(len(times))
    outside = np.arange(len(times)) >= start
    raw, found, n_windows = np.zeros(len(thresholds)), np.zeros(len(thresholds), int), 0
    for rows in inside:
        outside[rows] = False
        scored = slice(max(rows.start, start), rows.stop)
        if scored.start >= scored.stop:
            continue  # all of it in the probation
        highest = np.maximum.accumulate(scores[scored])
        earliest = np.searchsorted(highest, thresholds)  # only the first in a window counts
        raw += np.append(values[scored], -MISSED)[earliest]
        found += earliest < len(highest)
        n_windows += 1
    order = np.argsort(-scores[outside], kind="stable")
    costs = np.concatenate(([0.0], np.cumsum(values[outside][order])))
    n_false = np.searchsorted(-scores[outside][order], -thresholds, side="right")
    return _Swept(raw + costs[n_false], found, n_false, n_windows)


def score_rows(
    scores_by_file: Mapping[str, np.ndarray],
    times_by_file: Mapping[str, np.ndarray],
    windows_by_file: Mapping[str, Sequence[Window]],
) -> NabResult:
    """Score what a detector says of each row, by NAB's standard profile.

    Parameters
    ----------
    scores_by_file
        A score a row, higher where it stands out more, shape (n_rows,).
    times_by_file
        Times of the rows in seconds, ascending, shape (n_rows,).
    windows_by_file
        First and last second of each anomaly; none for a file that is left out.

    Raises
    ------
    ValueError
        If no window has a row that is scored, or a score is not a number.
    """
    scores = {name: np.asarray(found, float) for name, found in scores_by_file.items()}
    if any(np.isnan(found).any() for found in scores.values()):
        raise ValueError("a score is not a number")
    # highest first, beginning with none: of thresholds that are worth the same, the highest
    every = np.concatenate([found[probation(len(found)) :] for found in scores.values()])
    thresholds = np.concatenate(([np.inf], np.unique(every[np.isfinite(every)])[::-1]))
    swept = {
        name: _sweep(found, times_by_file[name], windows_by_file.get(name, ()), thresholds)
        for name, found in scores.items()
    }
    n_windows = sum(file.windows for file in swept.values())
    if not n_windows:
        raise ValueError("no window has a row that is scored")
    best = int(np.argmax(sum(file.raw for file in swept.values())))
    return NabResult(
        _normalised(sum(float(file.raw[best]) for file in swept.values()), n_windows),
        float(thresholds[best]),
        sum(int(file.found[best]) for file in swept.values()),
        n_windows,
        sum(int(file.false_points[best]) for file in swept.values()),
        {name: _normalised(float(f.raw[best]), f.windows) for name, f in swept.items()},
    )


def _normalised(raw: float, n_windows: int) -> float:
    """Return 0 for what a detector reaches that says nothing, 100 for the perfect one."""
    if not n_windows:
        return math.nan
    nothing, perfect = -MISSED * n_windows, TRUE * n_windows
    return 100 * (raw - nothing) / (perfect - nothing)


def read_windows(folder: Path) -> dict[str, list[Window]]:
    """Return the anomaly windows by file name."""
    found = json.loads((folder / "windows.json").read_text())
    return {
        Path(name).name: [(seconds(start), seconds(end)) for start, end in windows]
        for name, windows in found.items()
    }


def read_series(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return times in seconds and values of a series."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(seconds(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
    times, values = np.array(rows).T
    return times, values


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def replay(times: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return score and recurrence in hours of each row, as a replay of the counts has them."""
    settings = load(None, PROFILE, environment={}, shipped=profiles())
    rows: dict[int, Score] = {}

    def take(scores: list[Score]) -> None:
        rows.update((score.bucket, score) for score in scores)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        stamps = (f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}" for at in times)
        lines = (f"{at},{value:g}\n" for at, value in zip(stamps, values, strict=True))
        path.write_text("time,count\n" + "".join(lines))
        options = ReplayOptions(paths=[str(path)], timezone="UTC")
        with Session(settings, options) as session:
            for _ in session.counts(take, scores_all=True):
                pass
            assert session.pipeline is not None
            buckets = np.round((times - session.phase) / session.pipeline.step).astype(int)
    found = [rows[bucket] for bucket in buckets.tolist()]
    return np.array([s.score for s in found]), np.array([s.recurrence_hours for s in found])


def _before(values: np.ndarray, length: int, fold: Callable[..., np.ndarray]) -> np.ndarray:
    """Fold the so many values before each; fewer at the beginning, the first one itself."""
    padded = np.concatenate((np.full(length, np.nan), values[:-1]))
    padded[length - 1] = values[0]
    return fold(np.lib.stride_tricks.sliding_window_view(padded, length), axis=1)


def highest_of_two_days(values: np.ndarray) -> np.ndarray:
    """1 where a value is higher than any of the last two days."""
    return (values > _before(values, TWO_DAYS, np.nanmax)).astype(float)


def times_the_highest(values: np.ndarray) -> np.ndarray:
    """Value over the highest of the last two days."""
    return values / np.maximum(_before(values, TWO_DAYS, np.nanmax), 1.0)


def deviations(values: np.ndarray) -> np.ndarray:
    """Standard deviations above the mean of the last two days."""
    mean, spread = (_before(values, TWO_DAYS, fold) for fold in (np.nanmean, np.nanstd))
    return (values - mean) / np.maximum(spread, 1.0)


def time_of_day(values: np.ndarray) -> np.ndarray:
    """Last 15 minutes over the mean at that time of day so far."""
    sums = np.convolve(values, np.ones(3))[: len(values)]
    days = np.pad(sums, (0, -len(sums) % DAY)).reshape(-1, DAY)
    so_far = np.cumsum(days, axis=0) - days
    mean = (so_far + sums[:DAY].mean()) / (np.arange(len(days))[:, None] + 1)
    return sums / np.maximum(mean.ravel()[: len(sums)], 1.0)


def ears_c2(values: np.ndarray) -> np.ndarray:
    """EARS C2 on hours that end now: a week's mean and deviation, with a guard of two days."""
    hours = np.convolve(values, np.ones(HOUR))[: len(values)]
    past = np.concatenate((np.full(TWO_DAYS, hours[0]), hours[:-TWO_DAYS]))
    mean, spread = (_before(past, 7 * DAY, fold) for fold in (np.nanmean, np.nanstd))
    return (hours - mean) / np.maximum(spread, 1.0)


RULES: dict[str, Column] = {
    "higher than in two days": highest_of_two_days,
    "over highest of two days": times_the_highest,
    "deviations, two days": deviations,
    "ratio to time of day": time_of_day,
    "EARS C2": ears_c2,
}


def draw(
    path: Path, name: str, series: tuple[np.ndarray, np.ndarray], scores: np.ndarray,
    threshold: float, windows: Sequence[Window],
) -> None:  # fmt: skip
    """Draw counts and score of one series with threshold, windows and detections."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    times, values = series
    days = (times - times[0]) / 86400
    figure, axes = plt.subplots(2, 1, figsize=(18, 8), sharex=True, layout="constrained")
    found = (scores >= threshold) & (np.arange(len(times)) >= probation(len(times)))
    for axis, column, label in zip(axes, (values, scores), ("count", "score"), strict=True):
        for start, end in windows:
            axis.axvspan((start - times[0]) / 86400, (end - times[0]) / 86400, alpha=0.2)
        axis.axvspan(0, days[probation(len(times))], color="grey", alpha=0.2)
        axis.plot(days, column, linewidth=0.6)
        axis.plot(days[found], column[found], "r.")
        axis.set_yscale("symlog", linthresh=10)
        axis.set_ylabel(label)
    if math.isfinite(threshold):
        axes[1].axhline(threshold, color="red", linewidth=0.6)
    axes[1].set_xlabel("days")
    figure.suptitle(name)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def _pictures(folder: Path, series: dict, scores: dict, threshold: float, windows: dict) -> None:
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError:
        print("no pictures: matplotlib is not installed")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, each in series.items():
        path = folder / f"{Path(name).stem}.png"
        draw(path, name, each, scores[name], threshold, windows[name])


def _print(results: dict[str, NabResult]) -> None:
    files = list(next(iter(results.values())).by_file)
    short = [Path(name).stem.rpartition("_")[2] for name in files]
    head = f"{'detector':26} {'score':>6} {'threshold':>10} {'found':>7} {'false':>6}"
    print(head + "".join(f" {name:>6}" for name in short))
    for name, r in results.items():
        each = "".join(f" {r.by_file[file]:6.1f}" for file in files)
        share = f"{r.found}/{r.windows}"
        print(f"{name:26} {r.score:6.1f} {r.threshold:10.4g} {share:>7} {r.false_points:6}{each}")


def main(folder: Path, pictures: Path | None = None) -> dict[str, NabResult]:
    """Print and return what the tool and each rule reach."""
    windows = read_windows(folder)
    series = {path.name: read_series(path) for path in sorted(folder.glob("realTweets/*.csv"))}
    times = {name: at for name, (at, _) in series.items()}
    replayed = {name: replay(*each) for name, each in series.items()}
    tool = {name: score for name, (score, _) in replayed.items()}
    columns = {"outagewatch, score": tool}
    columns["outagewatch, recurrence"] = {name: hours for name, (_, hours) in replayed.items()}
    for rule, column in RULES.items():
        columns[rule] = {name: column(values) for name, (_, values) in series.items()}
    results = {name: score_rows(scores, times, windows) for name, scores in columns.items()}
    _print(results)
    if pictures is not None:
        _pictures(pictures, series, tool, results["outagewatch, score"].threshold, windows)
    return results


def _command() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = HERE.parents[1] / "shared" / "nab"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    if not (asked.folder / "windows.json").exists() or not list(
        asked.folder.glob("realTweets/*.csv")
    ):
        print(f"{asked.folder}: expected realTweets/*.csv and windows.json there", file=sys.stderr)
        raise SystemExit(2)
    main(asked.folder, asked.pictures)


if __name__ == "__main__":
    _command()
