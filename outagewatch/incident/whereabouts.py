"""Say where an incident is, from who says where and who doesn't.

In: complaints since it began, how many are usual, and how often people say where. Out: the place
that explains them best. Remembers nothing. Each place that is named, or holds one that is, is tried
as the outage's: its people are a mixture of those who are usual everywhere and the outage's own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from outagewatch.records import Complaint, Location

OWN_NAME = 0.8  # of the people of a town who say where: its name; the rest, that of what holds it
WIDER_NAME = 0.2  # of those of a larger place: its name; the rest, towns in it by their people
ASTRAY = 0.02  # of an outage's people who seem to be elsewhere
BY_KIND = {"city": 0.7, "department": 0.22, "region": 0.08}  # of places that are usually named
SURE = 0.6  # of the probability that must lie in a place, for it to be named
MOST_POSTS = 300
_STEPS = 8  # of expectation maximisation: more changes nothing that is told
_FEW = 100  # inhabitants that a place has at least


def likeliest(
    complaints: Sequence[Complaint], *, usual: float, placed: float
) -> tuple[Location, float] | None:
    """Return the smallest place that most likely holds an outage, and its log-likelihood.

    Parameters
    ----------
    complaints
        One a person, since it began.
    usual
        How many people would usually have spoken in that time.
    placed
        Share of people who usually say where.

    Returns
    -------
    None where nobody says where, or there is nothing to compare it with.
    """
    named = [c.location for c in complaints if c.located and c.location.parent is not None]
    if not named:
        return None
    root = named[0].path[-1]
    places = sorted({p for place in named for p in place.path}, key=lambda p: p.id)
    everybody = max(max(p.population for p in places), _FEW)
    share = {p: max(p.population, _FEW) / everybody for p in places}
    n_unplaced = len(complaints) - len(named)
    placed = min(max(placed, 0.02), 0.9)
    usually = np.array([BY_KIND.get(p.kind, 0.05) * share[p] for p in named])
    of_outage = np.array([[_says(v, p, root, share) for p in named] for v in places])
    ratio = np.concatenate([of_outage / usually, np.ones((len(places), 1))], axis=1)
    weight = np.append(np.ones(len(named)), n_unplaced)
    background = max(usual, 0.1) * np.append(placed * usually, 1 - placed)
    mixed = ratio * np.append(placed * usually, 1 - placed) / background
    extra = np.full((len(places), 1), max(len(complaints) - usual, 2.0))
    for _ in range(_STEPS):
        part = extra * mixed
        extra = np.maximum((part / (1 + part) * weight).sum(1, keepdims=True), 1e-6)
    likelihood = (np.log1p(extra * mixed) * weight).sum(1) - extra[:, 0]
    posterior = likelihood + np.log([share[p] for p in places])
    best = float(posterior.max())
    probability = np.exp(posterior - best)
    probability /= probability.sum()
    inside = dict.fromkeys(places, 0.0)
    for place, p in zip(places, probability.tolist(), strict=True):
        for above in place.path:
            inside[above] += p
    sure = [p for p in places if inside[p] >= SURE]
    return max(sure, key=lambda p: (len(p.path), inside[p])), float(likelihood.max())


def _says(outage: Location, place: Location, root: Location, share: dict[Location, float]) -> float:
    """Return how likely someone of an outage who says where says that it is a place."""
    usually = BY_KIND.get(place.kind, 0.05) * share[place]
    if outage is root:
        return usually
    town = outage.kind == "city"
    if place is outage:
        return OWN_NAME if town else WIDER_NAME
    if outage.parent is place:
        return 0.95 - OWN_NAME if town else ASTRAY
    if outage.holds(place):
        inside = 0.9 - WIDER_NAME if place.kind == "city" else 0.1
        return inside * min(share[place] / share[outage], 1.0)
    return ASTRAY * usually
