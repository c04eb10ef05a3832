"""Simulate a country's complaints with outages of known place, size and operator; see what is told.

    python benchmarks/spatial.py [--quick] [--seed N] [--placed 0.33] [--outages N] [--cases]

France, three operators, six services, all communes, half a complaint a minute in all; a third say
where. Outages of 5 to 200 people hit a commune, a département, a région or the country, a quarter of
them on all operators. Printed by kind of place and size: recall, median minutes from the outage's
start to the alert at `probable`, how often place, operator and service are right in what is told
after 90 minutes; the same with places off; false alarms a week when nothing fails; and the smallest
outage that is found half of the time. ``run`` gives the same to other modules.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from msgspec.structs import replace

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.pipeline import Pipeline, load_gazetteer
from outagewatch.records import ANY, UNKNOWN, Complaint, Incident, Location
from outagewatch.settings import Settings

KINDS = ("city", "department", "region", "country")
SIZES = (5, 10, 20, 40, 100, 200)  # people in all, over an hour
TARGETS = {"city": 20, "department": 20, "region": 40, "country": 100}  # smallest sizes of AIM
AIM = 0.95  # recall, and places named right
OPERATORS = {"orange": 0.45, "free": 0.30, "sfr": 0.25}
SERVICES = {
    "fixed_internet": 0.45,
    "mobile_data": 0.25,
    "mobile_voice": 0.11,
    "tv": 0.09,
    "sms": 0.06,
    "mail": 0.04,
}
NAMES_SERVICE = 0.45  # of background posts
NAMES_FAILING = 0.7  # of an outage's posts
ALL_OPERATORS = 4  # one outage in so many is of all operators
AS_TOLD = (0.75, 0.20, 0.05)  # who says where names a commune, a département, a région
LARGER = 0.2  # of those who say where in an outage, who name its département, région or more
DISTRICT = 0.2  # of those who mean Paris, Lyon or Marseille, who name an arrondissement
MIN_CITY = 20_000  # people of a commune that has an outage
DAY_NOISE = 0.15  # standard deviation of a day's level, in logs
REPLIED, REPLIES = 0.06, (1, 2)  # posts that others answer with a complaint, and how many do
WARM_DAYS, QUIET_WEEKS, GAP_HOURS = 21, 26, 20
FOUND_MINUTES = 90
START = datetime(2025, 1, 6, tzinfo=UTC)  # a Monday
HOUR, DAY = 3600.0, 86400.0
# Both as in ../shared/peers/bench.py
# fmt: off
HOURS = np.array([.35, .22, .16, .13, .13, .2, .4, .7, .95, 1.05, 1.1, 1.15, 1.25, 1.2, 1.1, 1.1,
                  1.2, 1.35, 1.5, 1.6, 1.65, 1.55, 1.2, .7])
WEEKDAYS = np.array([1.05, 1.0, 1.0, 1.0, 1.05, 0.95, 0.9])
# fmt: on
RAMP = np.r_[np.linspace(0.1, 1, 6), np.ones(24), np.linspace(1, 0.2, 30)]
RAMP /= RAMP.sum()


@dataclass(frozen=True)
class Simulated:
    """An outage that is put in."""

    kind: str
    size: int
    start: float
    place: Location
    operator: str  # ANY: of all
    service: str


@dataclass(frozen=True)
class Outcome:
    """What was told of one outage."""

    outage: Simulated
    found: bool = False
    delay: float = float("nan")  # minutes
    first: bool = False  # the place, in the first alert
    place: bool = False
    place_or_up: bool = False
    operator: bool = False
    service: bool = False
    others: int = 0  # further incidents of it, at probable
    told: tuple[str, ...] = ()  # one line a state, of any incident in that time


@dataclass(frozen=True)
class Row:
    """One line of the table; shares are of the outages found."""

    kind: str
    size: int
    n: int
    recall: float
    delay: float
    first: float
    place: float
    place_or_up: float
    operator: float
    service: float
    others: float


@dataclass(frozen=True)
class Result:
    """What ``run`` returns."""

    rows: list[Row]
    outcomes: list[Outcome]
    false_alarms_per_week: float  # in the quiet stretch
    strays: int  # alerts of nothing between the outages
    half: dict[str, str]  # smallest size of recall 0.5, by kind of place
    seconds: float


class France:
    """Draws places as people name them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.root = gazetteer.root
        inside = [p for p in gazetteer.locations if self.root.holds(p) and p.population]
        cities = [p for p in inside if p.kind == "city"]
        self.districts: dict[Location, list[Location]] = {}
        for place in cities:
            if place.parent is not None and place.parent.kind == "city":
                self.districts.setdefault(place.parent, []).append(place)
        self.communes = [p for p in cities if p.parent is None or p.parent.kind != "city"]
        self._people = np.array([p.population for p in self.communes], float)
        self._within: dict[Location, tuple[np.ndarray, np.ndarray]] = {}
        self.by_kind = {
            "city": [p for p in self.communes if p.population >= MIN_CITY],
            "department": [p for p in inside if p.kind == "department"],
            "region": [p for p in inside if p.kind == "region"],
            "country": [self.root],
        }

    def affected(self, rng: np.random.Generator, kind: str) -> Location:
        """Draw the place of an outage: larger ones more often, by the root of their people."""
        places = self.by_kind[kind]
        weights = np.sqrt([p.population for p in places])
        return places[rng.choice(len(places), p=weights / weights.sum())]

    def inside(self, rng: np.random.Generator, place: Location, n: int) -> list[Location]:
        """Draw communes of a place by population."""
        if place not in self._within:
            chosen = np.flatnonzero([place.holds(c) for c in self.communes])
            self._within[place] = (chosen, self._people[chosen] / self._people[chosen].sum())
        chosen, shares = self._within[place]
        drawn = (self.communes[i] for i in rng.choice(chosen, n, p=shares))
        return [self._district(rng, commune) for commune in drawn]

    def _district(self, rng: np.random.Generator, commune: Location) -> Location:
        districts = self.districts.get(commune)
        if districts is None or rng.random() >= DISTRICT:
            return commune
        return districts[rng.integers(len(districts))]

    def anywhere(self, rng: np.random.Generator, n: int) -> list[Location]:
        """Draw places as people at large name them: communes, some départements and régions."""
        depths = rng.choice(3, n, p=AS_TOLD)
        places = self.inside(rng, self.root, n)
        return [
            above(place, ("city", "department", "region")[d])
            for place, d in zip(places, depths, strict=True)
        ]

    def of_outage(self, rng: np.random.Generator, outage: Simulated, n: int) -> list[Location]:
        """Draw places as those whom an outage hits name them."""
        if outage.kind == "country":
            return self.anywhere(rng, n)
        larger = outage.place.parent if outage.kind == "city" else outage.place
        places = self.inside(rng, outage.place, n)
        return [larger if rng.random() < LARGER else p for p in places]  # type: ignore[misc]


def above(place: Location, kind: str) -> Location:
    """Return the place of a kind that holds a place; the place itself if there is none."""
    return next((p for p in place.path if p.kind == kind), place)


def plain(place: Location) -> Location:
    """Return a place with districts taken as their city, and Paris the commune as Paris."""
    parent = place.parent
    if place.kind == "city" and parent is not None:
        if parent.kind == "city":
            return plain(parent)
        if parent.population == place.population:
            return parent
    return place


class Simulation(NamedTuple):
    """A stretch of complaints, in order, and the outages in it."""

    complaints: list[Complaint]
    outages: list[Simulated]
    quiet_from: float
    end: float


def simulate(
    france: France,
    *,
    seed: int = 1,
    placed: float = 0.33,
    outages: int = 480,
    per_minute: float = 0.5,
    warm_days: float = WARM_DAYS,
    quiet_weeks: float = QUIET_WEEKS,
    gap_hours: float = GAP_HOURS,
) -> Simulation:
    """Draw a stretch: calm at first, then an outage every so many hours, then calm."""
    calm, rng = (np.random.default_rng([seed, part]) for part in (0, 1))
    first = START.timestamp() + warm_days * DAY
    slots = first + gap_hours * HOUR * np.arange(outages)
    quiet_from = first + gap_hours * HOUR * outages + DAY
    end = quiet_from + quiet_weeks * 7 * DAY
    rates = _rates(calm, round((end - START.timestamp()) / HOUR))
    complaints = list(_background(calm, france, rates * per_minute * 60, placed))
    simulated = []
    cells = [(kind, size) for kind in KINDS for size in SIZES]
    for number, slot in enumerate(slots):
        block, place_in_block = divmod(number, len(cells))
        if place_in_block == 0:
            order = rng.permutation(len(cells))
        cell = int(order[place_in_block])
        of_all = (block + cell) % ALL_OPERATORS == 0
        outage = _outage(rng, france, rates, slot, gap_hours, *cells[cell], of_all)
        simulated.append(outage)
        complaints += _people(rng, france, outage, placed, number)
    complaints.sort(key=lambda c: (c.created_at, c.id))
    return Simulation(complaints, simulated, quiet_from, end)


def _rates(rng: np.random.Generator, hours: int) -> np.ndarray:
    """Return how busy each hour is, 1 on average, in local time, with days that differ."""
    paris = ZoneInfo("Europe/Paris")
    begins = START.timestamp() + HOUR * np.arange(hours)
    local = [datetime.fromtimestamp(t, paris) for t in begins]
    rhythm = np.array([HOURS[t.hour] * WEEKDAYS[t.weekday()] for t in local])
    days = rng.normal(0, DAY_NOISE, hours // 24 + 2)
    level = np.exp(np.interp(np.arange(hours) / 24, np.arange(len(days)), days))
    return rhythm / (HOURS.mean() * WEEKDAYS.mean()) * level


def _outage(
    rng: np.random.Generator,
    france: France,
    rates: np.ndarray,
    slot: float,
    gap_hours: float,
    kind: str,
    size: int,
    of_all: bool,
) -> Simulated:
    """Draw an outage in the first half of its slot, when people are awake more often."""
    hour = round((slot - START.timestamp()) / HOUR)
    busy = rates[hour : hour + max(round(gap_hours / 2), 1)]
    start = slot + HOUR * (rng.choice(len(busy), p=busy / busy.sum()) + rng.random())
    operator = str(rng.choice(list(OPERATORS), p=list(OPERATORS.values())))
    likely = np.sqrt(list(SERVICES.values()))
    service = str(rng.choice(list(SERVICES), p=likely / likely.sum()))
    place = france.affected(rng, kind)
    return Simulated(kind, size, start, place, ANY if of_all else operator, service)


def _background(
    rng: np.random.Generator, france: France, rates: np.ndarray, placed: float
) -> Iterator[Complaint]:
    """Draw what people complain of when nothing fails."""
    answered = 1 + REPLIED * (REPLIES[0] + REPLIES[1]) / 2
    counts = rng.poisson(rates / answered)
    hours = np.repeat(np.arange(len(rates)), counts)
    times = START.timestamp() + HOUR * (hours + rng.random(len(hours)))
    n = len(times)
    replies = np.where(rng.random(n) < REPLIED, rng.integers(REPLIES[0], REPLIES[1] + 1, n), 0)
    operators = rng.choice(list(OPERATORS), n, p=list(OPERATORS.values())).tolist()
    services = rng.choice(list(SERVICES), n, p=list(SERVICES.values())).tolist()
    names_service = rng.random(n) < NAMES_SERVICE
    where = _where(france.root, france.anywhere(rng, n), rng.random(n) < placed)
    for i in range(n):
        service = services[i] if names_service[i] else UNKNOWN
        yield _complaint(f"b{i}", times[i], operators[i], service, *where[i], thread=f"b{i}")
        for k in range(replies[i]):
            place = _where(france.root, france.anywhere(rng, 1), rng.random(1) < placed)[0]
            at = times[i] + 60 * rng.exponential(4)
            yield _complaint(f"b{i}r{k}", at, operators[i], service, *place, thread=f"b{i}")


def _people(
    rng: np.random.Generator, france: France, outage: Simulated, placed: float, number: int
) -> Iterator[Complaint]:
    """Draw what those say whom an outage hits."""
    n = outage.size
    times = outage.start + 60 * (rng.choice(len(RAMP), n, p=RAMP) + rng.random(n))
    where = _where(france.root, france.of_outage(rng, outage, n), rng.random(n) < placed)
    of_all = rng.choice(list(OPERATORS), n, p=list(OPERATORS.values())).tolist()
    operators = of_all if outage.operator == ANY else [outage.operator] * n
    names_service = rng.random(n) < NAMES_FAILING
    for i in range(n):
        service = outage.service if names_service[i] else UNKNOWN
        post = f"o{number}-{i}"
        yield _complaint(post, times[i], operators[i], service, *where[i], thread=post)


def _where(
    root: Location, places: Sequence[Location], says: np.ndarray
) -> list[tuple[Location, bool]]:
    return [(p, True) if said else (root, False) for p, said in zip(places, says, strict=True)]


def _complaint(
    post: str,
    at: float,
    operator: str,
    service: str,
    location: Location,
    located: bool,
    *,
    thread: str,
) -> Complaint:
    return Complaint(
        id=f"sim:{post}",
        created_at=float(at),
        author=post,
        thread=thread,
        operator=operator,
        service=service,
        symptom="no_service",
        location=location,
        located=located,
        acute=0.9,
        text="en panne",
        source="sim",
    )


def batches(complaints: Sequence[Complaint], end: float) -> Iterator[tuple[list[Complaint], float]]:
    """Cut a stretch into hours, each with its end."""
    last = START.timestamp()
    for hour, group in groupby(complaints, key=lambda c: c.created_at // HOUR):
        last = (hour + 1) * HOUR
        yield list(group), last
    yield [], max(last, end)


class State(NamedTuple):
    """One state of an incident as it was told."""

    at: float
    incident: Incident
    alert: bool  # the first told as probable or more, since it was opened or reopened


Told = dict[str, list[State]]


def watch(pipeline: Pipeline, simulation: Simulation) -> Told:
    """Run a stretch through the product; return what is told of each incident."""
    told: Told = {}
    sure: set[str] = set()  # incidents told as probable since they were opened
    root = pipeline.gazetteer.root
    for complaints, end in batches(simulation.complaints, simulation.end):
        if not pipeline.settings.places:
            complaints = [_without_place(c, root) for c in complaints]
        for change in pipeline.take(complaints, end):
            incident = change.incident
            if change.type == "opened":
                sure.discard(incident.id)
            alert = incident.level != "possible" and incident.id not in sure
            if alert:
                sure.add(incident.id)
            state = State(change.at.timestamp(), incident, alert)
            told.setdefault(incident.id, []).append(state)
    return told


def _without_place(c: Complaint, root: Location) -> Complaint:
    return _complaint(c.author, c.created_at, c.operator, c.service, root, False, thread=c.thread)


def judge(outage: Simulated, told: Told, *, places: bool) -> Outcome:
    """Say what was told of an outage in time."""
    start, until = outage.start, outage.start + 60 * FOUND_MINUTES
    hits: list[tuple[State, Incident]] = []  # the alert, and the incident as last told
    lines: list[str] = []
    for states in told.values():
        near = [state for state in states if start < state.at <= until]
        lines += [_line(state.at - start, state.incident) for state in near]
        alert = next((state for state in near if state.alert), None)
        if alert is not None and _concerns(near[-1].incident, outage, places):
            hits.append((alert, near[-1].incident))
    if not hits:
        return Outcome(outage, told=tuple(lines))
    alert, last = min(hits, key=lambda hit: hit[0].at)
    right = _names(last, outage, places)
    return Outcome(
        outage,
        found=True,
        delay=(alert.at - start) / 60,
        first=_names(alert.incident, outage, places),
        place=right,
        place_or_up=right or (places and plain(last.location) is plain(outage.place).parent),
        operator=last.operator == outage.operator,
        service=last.service == outage.service,
        others=len(hits) - 1,
        told=tuple(lines),
    )


def _names(incident: Incident, outage: Simulated, places: bool) -> bool:
    """Whether an incident's place is the outage's; with places off, whether that is the country."""
    if not places:
        return outage.kind == "country"
    return plain(incident.location) is plain(outage.place)


def _concerns(incident: Incident, outage: Simulated, places: bool) -> bool:
    if outage.operator != ANY and incident.operator not in (outage.operator, ANY, UNKNOWN):
        return False
    named, truth = plain(incident.location), plain(outage.place)
    return not places or named.holds(truth) or truth.holds(named)


def _line(seconds: float, i: Incident) -> str:
    return (
        f"{seconds / 60:4.0f} min {i.id} {i.level:8} {i.operator}/{i.service} at {i.location.name} "
        f"({i.location.kind}): {i.people} people, {i.expected:.2f} expected, {i.people_total} in all, "
        f"once in {i.recurrence_hours:.3g} h; {i.operators} {i.services} "
        f"{[(p.name, n) for p, n in i.locations[:4]]} {i.status}"
    )


def tabulate(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return one row a kind of place and size."""
    rows = []
    for kind in KINDS:
        for size in SIZES:
            some = [o for o in outcomes if (o.outage.kind, o.outage.size) == (kind, size)]
            if some:
                rows.append(_row(kind, size, some))
    return rows


def _row(kind: str, size: int, outcomes: Sequence[Outcome]) -> Row:
    found = [o for o in outcomes if o.found]

    def share(name: str) -> float:
        return float(np.mean([getattr(o, name) for o in found])) if found else float("nan")

    delay = float(np.median([o.delay for o in found])) if found else float("nan")
    names = ("first", "place", "place_or_up", "operator", "service", "others")
    recall = len(found) / len(outcomes) if outcomes else float("nan")
    return Row(kind, size, len(outcomes), recall, delay, *map(share, names))


def smallest_half(rows: Sequence[Row], kind: str) -> str:
    """Return the smallest size of recall 0.5 of a kind, interpolated between the sizes tried."""
    mine = sorted((r.size, r.recall) for r in rows if r.kind == kind)
    below: tuple[float, float] | None = None
    for size, recall in mine:
        if recall >= 0.5:
            if below is None:
                return f"{size} or fewer"
            part = (0.5 - below[1]) / (recall - below[1])
            return f"{np.exp(np.log(below[0]) + part * np.log(size / below[0])):.0f}"
        below = (size, recall)
    return f"over {mine[-1][0]}" if mine else "-"


def run(
    settings: Settings,
    seed: int = 1,
    placed: float = 0.33,
    *,
    simulation: Simulation | None = None,
    **choices: float,
) -> Result:
    """Simulate, watch and judge; ``choices`` as of :func:`simulate`."""
    began = time.perf_counter()
    france = France(load_gazetteer(replace(settings, places=True)))
    simulation = simulation or simulate(france, seed=seed, placed=placed, **choices)  # type: ignore[arg-type]
    told = watch(Pipeline(settings, level="possible"), simulation)
    outcomes = [judge(outage, told, places=settings.places) for outage in simulation.outages]
    alarms = [state.at for states in told.values() for state in states if state.alert]
    starts = np.array([o.start for o in simulation.outages])
    loose = [a for a in alarms if not ((starts < a) & (a <= starts + 3 * HOUR)).any()]
    weeks = (simulation.end - simulation.quiet_from) / (7 * DAY)
    quiet = sum(a >= simulation.quiet_from for a in loose)
    rows = tabulate(outcomes)
    return Result(
        rows,
        outcomes,
        quiet / weeks if weeks else float("nan"),
        sum(min(starts, default=np.inf) <= a < simulation.quiet_from for a in loose),
        {kind: smallest_half(rows, kind) for kind in KINDS},
        time.perf_counter() - began,
    )


def show(title: str, result: Result) -> None:
    """Print the tables of one run."""
    print(f"\n== {title} ({result.seconds:.0f} s)")
    print("kind        size    n  recall  delay  first  place  or-up  operator  service  others")
    for r in result.rows:
        print(_cells(r.kind, str(r.size), r))
    print(f"from the size of the targets on, {AIM:g} of which are to be found, and named by place:")
    for kind, least in TARGETS.items():
        some = [o for o in result.outcomes if o.outage.kind == kind and o.outage.size >= least]
        row = _row(kind, least, some)
        met = "met" if row.recall >= AIM and row.place >= AIM else "not met"
        print(f"{_cells(kind, f'{least}+', row)}  {met}")
    print("by who is hit, 20 people and more:")
    for name, of_all in (("one", False), ("all", True)):
        some = [
            o
            for o in result.outcomes
            if (o.outage.operator == ANY) == of_all and o.outage.size >= 20
        ]
        print(_cells(f"{name} oper.", "20+", _row(name, 20, some)))
    print("found half of the time from: " + ", ".join(f"{k} {v}" for k, v in result.half.items()))
    print(
        f"false alarms: {result.false_alarms_per_week:.2f} a week when nothing fails; "
        f"{result.strays} between the outages"
    )


def _cells(kind: str, size: str, r: Row) -> str:
    return (
        f"{kind:10} {size:>5} {r.n:4}    {r.recall:4.2f}  {r.delay:5.0f}   {r.first:4.2f}   {r.place:4.2f}   "
        f"{r.place_or_up:4.2f}      {r.operator:4.2f}     {r.service:4.2f}    {r.others:4.2f}"
    )


def show_cases(result: Result, least: int) -> None:
    """Print what was told of each outage that was missed or named wrongly."""
    for o in result.outcomes:
        right = o.found and o.place and o.operator and o.service
        if o.outage.size < least or right:
            continue
        x = o.outage
        wrong = [n for n in ("found", "place", "operator", "service") if not getattr(o, n)]
        at = datetime.fromtimestamp(x.start, UTC)
        print(
            f"\n{x.kind} {x.size}: {x.operator}/{x.service} at {x.place.name}, {at:%m-%d %H:%M}; "
            f"wrong: {' '.join(wrong if o.found else wrong[:1])}"
        )
        print("\n".join(f"  {line}" for line in o.told) or "  nothing told")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="96 outages, four quiet weeks")
    parser.add_argument("--placed", type=float, default=0.33, help="share of posts that say where")
    parser.add_argument("--outages", type=int)
    parser.add_argument("--gap", type=float, default=GAP_HOURS, help="hours between outages")
    parser.add_argument("--weeks", type=float, help="quiet weeks at the end")
    parser.add_argument("--places", choices=("on", "off", "both"), default="both")
    parser.add_argument(
        "--cases",
        type=int,
        nargs="?",
        const=20,
        metavar="SIZE",
        help="print what went wrong, from this size on",
    )
    args = parser.parse_args(argv)
    settings = load(None, "telecom-fr", environment={}, shipped=profiles())
    france = France(load_gazetteer(settings))
    outages = args.outages if args.outages is not None else (96 if args.quick else 480)
    weeks = args.weeks if args.weeks is not None else (4 if args.quick else QUIET_WEEKS)
    simulation = simulate(
        france,
        seed=args.seed,
        placed=args.placed,
        outages=outages,
        quiet_weeks=weeks,
        gap_hours=args.gap,
    )
    print(
        f"seed {args.seed}; {len(simulation.complaints):,} complaints, 0.5 a minute and {outages} "
        f"outages, one in {args.gap:g} h, after {WARM_DAYS} days, then {weeks} quiet weeks; "
        f"{args.placed:g} say where, {LARGER:g} of them in an outage name more than their commune; "
        f"operators {OPERATORS}, one outage in {ALL_OPERATORS} of all; services {SERVICES}, named "
        f"by {NAMES_SERVICE:g}, in an outage by {NAMES_FAILING:g}; communes, départements, régions "
        f"are named {AS_TOLD}; days differ by {DAY_NOISE:g}; {REPLIED:g} of the posts are answered"
    )
    for places in (True, False):
        if args.places in ("both", "on" if places else "off"):
            result = run(replace(settings, places=places), simulation=simulation)
            show(f"places {'on' if places else 'off'}", result)
            if args.cases and places:
                show_cases(result, args.cases)
    return 0


if __name__ == "__main__":
    sys.exit(main())
