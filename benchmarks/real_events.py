"""Replay recorded posts around known events: what is found, how early, and what else is raised.

    python benchmarks/real_events.py [FOLDER] [--stream NAME] [--timeline]

FOLDER holds ``*.posts.jsonl.gz`` and ``*.events.json``; ``../shared/data`` is taken. For each event:
found or not, minutes after its start, level, the text line. For each stream: incidents in traps,
other incidents, weeks (span less gaps), and what three usual rules find on the same complaints when
each is given, in hindsight, the lowest threshold with no more other alarms than one in four weeks.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from outagewatch.alert.message import title
from outagewatch.assets import profiles
from outagewatch.clock import wall_clock
from outagewatch.config import load
from outagewatch.pipeline import Pipeline
from outagewatch.records import ANY
from outagewatch.sources.base import Tally
from outagewatch.sources.files import ReadOptions, find_input
from outagewatch.sources.order import in_order

HERE = Path(__file__).parent
PROFILES = {
    "free_fr_x": "telecom-fr",
    "uk_mobile_x_2019": "telecom-uk",
    "us_power_x_2016_2020": "power",
    "poweroutage_x_2019_windows": "power",
    "us_disaster_geotweets_2014_2015": str(HERE / "profiles/earthquake.toml"),
    "twcs_spotify_2017": str(HERE / "profiles/spotify.toml"),
    "comcast_fcc_2015": str(HERE / "profiles/isp-us.toml"),
    "nigeria_isp_x_2019_2020": str(HERE / "profiles/isp-ng.toml"),
}
TRAPS = ("not_outage", "collection_gap")
AFTER_MINUTES = 30.0


@dataclass
class Raised:
    """An incident as a reader of the alerts would know it."""

    id: str
    lines: list[str] = field(default_factory=list)
    first: datetime | None = None
    probable: datetime | None = None
    level: str = "possible"
    where: object = None
    operator: str = ANY
    reasons: tuple[str, ...] = ()


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def replay(stream: str, path: Path):
    settings = load(None, PROFILES.get(stream, "telecom-fr"), environment={}, shipped=profiles())
    complaints: list = []
    pipeline = Pipeline(settings, level="possible", keep=lambda c: complaints.append(c) or True)
    raised: dict[str, Raised] = {}
    with tempfile.TemporaryDirectory() as folder:
        options = ReadOptions(wall_clock().timestamp())
        batches = in_order(
            [find_input(str(path), Path(folder))], options, Tally(), Path(folder), 4096
        )
        for changes in (pipeline.run(batches), pipeline.finish()):
            for change in changes:
                i = change.incident
                r = raised.setdefault(i.id, Raised(i.id))
                r.lines.append(f"{change.at:%m-%d} {title(change, settings)}")
                r.first = r.first or change.at
                r.where = i.location
                r.operator = i.operator
                r.reasons = i.reasons
                if i.level != "possible" and r.probable is None:
                    r.probable, r.level = change.at, i.level
                if i.level == "strong":
                    r.level = "strong"
    return pipeline, list(raised.values()), [c for c in complaints if c.kind == "complaint"]


def place_of(event, pipeline):
    if "place" not in event:
        return None
    from outagewatch.enrich.location import Locator

    return Locator(pipeline.gazetteer, frozenset()).field(event["place"])


def touches(raised: Raised, event, place) -> bool:
    start, end = seconds(event["start"]), seconds(event["end"])
    if not start - 300 <= raised.first.timestamp() <= end + 60 * AFTER_MINUTES:
        return False
    return place is None or place.holds(raised.where) or raised.where.holds(place)


def concerns(raised: Raised, event, pipeline) -> bool:
    """Whether an incident is of the operator that an event is about, if it is about one."""
    if "operator" not in event:
        return True
    known = pipeline.enricher.operator_of(event["operator"])
    return raised.operator in (known, ANY, "unknown")


def report(stream: str, path: Path, *, timeline: bool) -> dict:
    pipeline, raised, complaints = replay(stream, path)
    events_path = path.with_name(f"{stream}.events.json")
    events = json.loads(events_path.read_text()) if events_path.exists() else []
    print(
        f"\n== {stream}: {pipeline.totals.posts:,} posts, {len(complaints):,} complaints, "
        f"{pipeline.totals.located:,} with a place, {pipeline.totals.weeks:.1f} weeks, "
        f"{len(pipeline.totals.gaps)} gaps"
    )
    used: set[str] = set()
    in_traps = 0
    for event in events:
        place = place_of(event, pipeline)
        hits = [r for r in raised if touches(r, event, place) and concerns(r, event, pipeline)]
        used |= {r.id for r in hits}
        sure = [r for r in hits if r.probable]
        if event["kind"] in TRAPS:
            in_traps += len(sure)
            verdict = f"RAISED {len(sure)}" if sure else f"nothing ({len(hits)} possible)"
            print(f"  trap   {event['id']}: {verdict}")
        else:
            start = seconds(event["start"])
            best = min(sure or hits, key=lambda r: r.probable or r.first, default=None)
            if best is None:
                verdict = "not found"
            else:
                at = (best.probable or best.first).timestamp()
                speakers = people_before(complaints, event, place, at)
                verdict = (
                    f"{best.level} after {(at - start) / 60:.0f} min, {speakers} people had "
                    f"spoken; possible after {(best.first.timestamp() - start) / 60:.0f}"
                )
            print(f"  {event['kind']:6} {event['id']}: {verdict}")
            hits = [best] if best is not None else []
        for r in hits:
            print("           " + r.lines[0])
            if r.probable and len(r.lines) > 1:
                print("           " + r.lines[1])
        if timeline:
            for c in complaints:
                if seconds(event["start"]) - 3600 <= c.created_at <= seconds(event["end"]):
                    print(
                        f"             {datetime.utcfromtimestamp(c.created_at):%H:%M:%S} {c.acute:.2f} "
                        f"{c.location.id} {c.text[:90]!r}"
                    )
    others = [r for r in raised if r.probable and r.id not in used]
    weeks = max(pipeline.totals.weeks, 1e-9)
    print(
        f"  others: {len(others)} probable in {weeks:.1f} weeks "
        f"({4 * len(others) / max(weeks, 4):.2f} in 4 weeks), "
        f"{sum(not r.probable and r.id not in used for r in raised)} possible; traps: {in_traps}"
    )
    for r in others:
        print("           " + r.lines[0])
    rules(complaints, events, pipeline, weeks)
    return {"traps": in_traps, "others": len(others), "weeks": weeks}


def people_before(complaints, event, place, at: float) -> int:
    start = seconds(event["start"]) - 1800
    return len(
        {
            c.author
            for c in complaints
            if start <= c.created_at < at and (place is None or place.holds(c.location))
        }
    )


def rules(complaints, events, pipeline, weeks: float) -> None:
    """Score the same complaints by three usual rules, one series a city and one for all."""
    series = defaultdict(list)
    for c in complaints:
        series[ANY].append(c.created_at)
        if c.location.kind == "city":
            series[c.location.id].append(c.created_at)
    if not complaints:
        return
    start = min(c.created_at for c in complaints) // 3600 * 3600
    allowed = max(1, round(weeks / 4))
    for name, rule in (
        ("ratio to time of day", ratio),
        ("EARS C2", ears_c2),
        ("Poisson tail", tail),
    ):
        scores = []
        for key, times in series.items():
            counts = np.bincount(((np.array(times) - start) // 900).astype(int))
            if counts.sum() >= 3:
                scores += [(s, start + (i + 1) * 900, key) for i, s in rule(counts)]
        scores.sort(reverse=True)
        found: dict[str, float] = {}
        other: list[float] = []
        trapped = 0
        threshold = math.inf
        for s, at, key in scores:
            event = event_at(events, at, key, pipeline)
            if event is None or event["kind"] in TRAPS:
                if all(abs(at - o) > 7200 for o in other):
                    if len(other) >= allowed:
                        break
                    other.append(at)
                    trapped += event is not None
            else:
                found[event["id"]] = min(found.get(event["id"], math.inf), at)
            threshold = s
        told = ", ".join(
            f"{event} {(at - seconds(next(e['start'] for e in events if e['id'] == event))) / 60:.0f} min"
            for event, at in sorted(found.items())
        )
        print(
            f"  {name}: {len(found)} found ({told or '-'}), {len(other)} others of which "
            f"{trapped} in traps, threshold {threshold:.3g}"
        )


def event_at(events, at: float, key: str, pipeline):
    for event in events:
        if seconds(event["start"]) <= at <= seconds(event["end"]) + 1800:
            place = place_of(event, pipeline)
            here = pipeline.gazetteer.get(key) if key != ANY else None
            if place is None or here is None or place.holds(here):
                return event
    return None


def ratio(counts):
    """Reports in 15 min over the mean at that time of day so far."""
    day, total, seen = 96, defaultdict(float), defaultdict(int)
    for i, c in enumerate(counts.tolist()):
        k = i % day
        mean = (total[k] + 0.25) / (seen[k] + 1)
        if c >= 3:
            yield i, c / mean
        total[k] += c
        seen[k] += 1


def ears_c2(counts):
    """EARS C2 on hours ending now: mean and deviation of 7 days, with a guard of 2."""
    hours = np.convolve(counts, np.ones(4))[: len(counts)]
    for i in np.flatnonzero((counts > 0) & (hours >= 3)):
        past = hours[max(0, i - 9 * 96) : max(0, i - 2 * 96)]
        if len(past) >= 96:
            yield int(i), float((hours[i] - past.mean()) / max(past.std(), 0.5))


def tail(counts):
    """Poisson tail of an hour's count against the mean of that hour of the day."""
    from scipy.stats import poisson

    hours = np.convolve(counts, np.ones(4))[: len(counts)]
    day = 96
    sums = np.zeros(day)
    for i in range(len(counts)):
        if counts[i] and hours[i] >= 3:
            mean = (sums[i % day] + 0.5) / (i // day + 1)
            yield i, float(-poisson.logsf(hours[i] - 1, mean))
        sums[i % day] += hours[i]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=str(HERE.parents[1] / "shared" / "data"))
    parser.add_argument("--stream")
    parser.add_argument("--timeline", action="store_true")
    args = parser.parse_args()
    folder = Path(args.folder)
    paths = sorted(folder.glob("*.posts.jsonl.gz"))
    if not paths:
        raise SystemExit(f"{folder}: no *.posts.jsonl.gz there")
    totals = []
    for path in paths:
        stream = path.name.removesuffix(".posts.jsonl.gz")
        if args.stream in (None, stream):
            totals.append(report(stream, path, timeline=args.timeline))
    print(
        f"\nall: traps {sum(t['traps'] for t in totals)}, "
        f"others {sum(t['others'] for t in totals)} in {sum(t['weeks'] for t in totals):.1f} weeks"
    )


if __name__ == "__main__":
    main()
