"""How well posts are read: classes, operators, services, places; speed and loading beside.

    python benchmarks/reading.py [--shared FOLDER] [--mistakes] [--compare] [--own]

FOLDER holds ``labelled/`` and ``data/``; ``../shared`` is taken. The golds there were labelled by
others; ``labels/`` beside this file holds ids and labels of further posts of two streams, read by
us. ``--mistakes`` prints the 30 worst; ``--compare`` fits other features and classifiers; ``--own``
measures what 100, 200 and 400 labels of one's own add.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, precision_score, recall_score

from outagewatch import train
from outagewatch.assets import asset, complaint_arrays, gazetteer_rows, profiles
from outagewatch.config import load
from outagewatch.enrich.complaint import CLASSES, ComplaintModel
from outagewatch.enrich.enricher import Enricher
from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.enrich.location import Locator
from outagewatch.enrich.normalise import model_rows, normalise, rows
from outagewatch.pipeline import Pipeline
from outagewatch.records import Post

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "enrich" / "data"
NOW = datetime(2026, 3, 4, 20, tzinfo=UTC)
CLASS_OF = {"1": "acute", "2": "chronic", "3": "about", "0": "other"}
PROFILE_OF = {"FR": "telecom-fr", "GB": "telecom-uk", "US": "telecom-us"}
BOYCOTT = "vodafonein", "disconnect", "boycott", "vodafonedown"
DRAWS = 1000
Judge = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Gold:
    """Posts with the classes that a reader gave them."""

    name: str
    texts: list[str]
    classes: np.ndarray  # (n_posts,), numbers of CLASSES


def read_gold(name: str, path: Path) -> Gold:
    """Read a CSV file of posts with labels 0 to 3; those a reader could not decide are left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [(r["text"], r["label"]) for r in csv.DictReader(file) if r["label"] in CLASS_OF]
    return _gold(name, found)


def read_by_id(name: str, labels: Path, posts: Path) -> Gold:
    """Read labels by id, and the posts of these ids from a stream."""
    text_of = {post["id"]: post["text"] for post in stream(posts)}
    with labels.open(encoding="utf-8", newline="") as file:
        found = [(text_of[r["id"]], r["label"]) for r in csv.DictReader(file)]
    return _gold(name, [(text, label) for text, label in found if label in CLASS_OF])


def _gold(name: str, found: list[tuple[str, str]]) -> Gold:
    numbers = [CLASSES.index(CLASS_OF[label]) for _, label in found]
    return Gold(name, [text for text, _ in found], np.array(numbers))


def stream(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the posts of a compressed stream."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def judge_of(model: ComplaintModel) -> Judge:
    """Return what tells class probabilities of texts, shape (n_texts, 4)."""
    return lambda texts: model.probabilities(model_rows(normalise([t[:2000] for t in texts])))


def interval(truth: np.ndarray, found: np.ndarray) -> str:
    """Return F1 with its 95 % interval over posts drawn anew."""
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(truth), (DRAWS, len(truth)))
    scores = [f1_score(truth[d], found[d], zero_division=0) for d in draws]
    low, high = np.percentile(scores, [2.5, 97.5])
    return f"{f1_score(truth, found, zero_division=0):.3f} ({low:.2f}-{high:.2f})"


def classes(golds: list[Gold], judge: Judge, threshold: float) -> None:
    """Print scores on the golds, by class, and whether probabilities can be taken at their word."""
    print(f"\nclasses, ACUTE from {threshold:.2f}")
    for gold in golds:
        p = judge(gold.texts)
        acute, found = gold.classes == 0, p[:, 0] >= threshold
        technical, told = gold.classes < 2, p[:, :2].sum(axis=1) >= 0.5
        constant = f1_score(acute, np.ones(len(acute), bool))
        print(
            f"  {gold.name:12} {len(acute):5} posts  ACUTE F1 {interval(acute, found)}, precision "
            f"{precision_score(acute, found):.2f}, recall {recall_score(acute, found):.2f} "
            f"(all ACUTE: {constant:.2f});  technical F1 {interval(technical, told)}"
        )
        each = f1_score(gold.classes, p.argmax(axis=1), average=None, labels=range(4))
        kinds = ", ".join(
            f"{name} {score:.2f} of {(gold.classes == k).sum()}"
            for k, (name, score) in enumerate(zip(CLASSES, each, strict=True))
        )
        print(f"               by class: {kinds}")
    p = np.concatenate([judge(gold.texts)[:, 0] for gold in golds])
    acute = np.concatenate([gold.classes == 0 for gold in golds])
    print("  reliability: said / true share of ACUTE (posts)")
    bins = np.clip((p * 10).astype(int), 0, 9)
    told = [
        f"{p[bins == b].mean():.2f} / {acute[bins == b].mean():.2f} ({(bins == b).sum()})"
        for b in range(10)
        if (bins == b).any()
    ]
    print("    " + "   ".join(told))


def rates(shared: Path, judge: Judge, threshold: float) -> None:
    """Print how often posts that are no complaints are taken for ACUTE."""
    print("\ntaken for ACUTE, in %, among posts that are (nearly) none")
    taken: dict[str, list[bool]] = defaultdict(list)
    posts = list(stream(shared / "labelled" / "other_posts.jsonl.gz"))
    for post, p in zip(posts, judge([post["text"] for post in posts])[:, 0], strict=True):
        taken[f"{post['source']} {post['lang']}"].append(p >= threshold)
    texts = [post["text"] for post in stream(shared / "data" / "uk_mobile_x_2019.posts.jsonl.gz")]
    for text, p in zip(texts, judge(texts)[:, 0], strict=True):
        taken["uk_mobile_x_2019"].append(p >= threshold)
        if any(word in text.lower() for word in BOYCOTT):
            taken["uk_mobile_x_2019 boycott"].append(p >= threshold)
    for name, found in taken.items():
        print(f"  {name:26} {100 * np.mean(found):5.1f} of {len(found)}")


def _enricher(profile: str) -> Enricher:
    return Pipeline(load(None, profile, environment={}, shipped=profiles())).enricher


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def subjects() -> None:
    """Print how often operator and service are right on our own test posts."""
    print("\noperator and service, own test posts (the first set was looked at while building)")
    for path in sorted(TESTS.glob("operators*.tsv")):
        table, right = _table(path), defaultdict(list)
        for profile in PROFILE_OF.values():
            part = [row for row in table if row["profile"] == profile]
            posts = [Post(text=row["text"], created_at=NOW) for row in part]
            for row, v in zip(part, _enricher(profile).read(posts, everything=True), strict=True):
                right["operator"].append(v.operator in row["operator"].split("|"))
                right["service"].append(v.service in row["service"].split("|"))
        told = ", ".join(f"{name} {np.mean(found):.3f}" for name, found in right.items())
        print(f"  {path.stem:14} {len(table)} posts: {told}")


def places() -> None:
    """Print precision and recall of places on our own test posts."""
    print("\nplaces, own test posts (the first two sets were looked at while building)")
    for path in sorted(TESTS.glob("places*.tsv")):
        table, right, named, there = _table(path), 0, 0, 0
        for country, profile in PROFILE_OF.items():
            part = [row for row in table if row["country"] == country]
            posts = [Post(text=row["text"], created_at=NOW) for row in part]
            for row, v in zip(part, _enricher(profile).read(posts, everything=True), strict=True):
                place = v.found.location.id if v.found is not None else None
                expected = row["expected"].split("|") if row["expected"] else []
                right += place in expected
                named += place is not None
                there += bool(expected)
        print(
            f"  {path.stem:14} {len(table)} posts, {there} with a place: "
            f"precision {right / named:.3f}, recall {right / there:.3f}"
        )


def notices(shared: Path) -> None:
    """Print which posts of the operator itself are taken for notices of an outage."""
    found = list(stream(shared / "data" / "free_fr_x.posts.jsonl.gz"))
    own = [post for post in found if post["from_operator"]]
    posts = [
        Post(
            text=post["text"],
            created_at=datetime.fromisoformat(post["created_at"]),
            author=post["author"],
            reply_to=post["in_reply_to"],
        )
        for post in own
    ]
    verdicts = list(_enricher("telecom-fr").read(posts, everything=True))
    by = defaultdict(int)
    for v in verdicts:
        if v.kind == "notice":
            by[v.post.author] += 1
    print(f"\nnotices among {len(own)} posts of the operator: {sum(by.values())} {dict(by)}")


def speed(shared: Path) -> None:
    """Print posts a second and loading times, each the best of three in this process."""
    texts = [p["text"] for p in stream(shared / "data" / "free_fr_x.posts.jsonl.gz")] * 3
    model = ComplaintModel.from_arrays(*complaint_arrays())
    normalised = normalise(texts)
    rows_of = model_rows(normalised)
    gazetteer = Gazetteer(gazetteer_rows(), ["FR"])
    locator, split = Locator(gazetteer, frozenset({"orange", "free"})), rows(normalised)
    fitted = train.pipeline().fit(*_few())
    slow = train.model_texts(texts[:2000])
    n = len(texts)
    print(
        f"\nspeed on {n} posts of {np.mean([len(t) for t in texts]):.0f} characters, posts a second"
    )
    model_rate = n / best(lambda: model.probabilities(rows_of))
    sklearn_rate = len(slow) / best(lambda: fitted.predict_proba(slow), 1)
    print(f"  plain form                {n / best(lambda: normalise(texts)):9.0f}")
    print(
        f"  model                     {model_rate:9.0f}   {model_rate / sklearn_rate:.0f} x scikit-learn"
    )
    place_rate = n / best(lambda: [locator.text(a, b) for a, b in zip(split, texts, strict=True)])
    print(f"  places                    {place_rate:9.0f}")
    for what, code in (
        ("model", "from outagewatch.pipeline import _model as load"),
        (
            "places",
            "from outagewatch.pipeline import _gazetteer as g; load = lambda: g(('FR',), places=True)",
        ),
    ):
        timed = (
            "import numpy, zstandard, ahocorasick_rs, resource, time\n"
            f"{code}\nm = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "t = time.perf_counter(); load(); d = time.perf_counter() - t\n"
            "print(d, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - m)"
        )
        runs = [
            subprocess.run(
                [sys.executable, "-c", timed], capture_output=True, text=True, check=True
            )
            for _ in range(3)
        ]
        seconds, kib = min(tuple(map(float, run.stdout.split())) for run in runs)
        print(f"  loading the {what:6}         {seconds:.2f} s, {kib / 1024:.0f} MiB")


def _few() -> tuple[list[str], list[str]]:
    every = train.read_all([asset("models", "training")])
    return train.model_texts(every.texts[::10]), every.labels[::10]


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of the fastest of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def mistakes(golds: list[Gold], judge: Judge, threshold: float) -> None:
    """Print the 30 worst mistakes: the surest of those that are wrong."""
    worst = []
    for gold in golds:
        for text, truth, p in zip(gold.texts, gold.classes, judge(gold.texts), strict=True):
            if (p[0] >= threshold) != (truth == 0):
                worst.append((abs(p[0] - (truth == 0)), CLASSES[truth], p[0], text))
    print("\nthe 30 worst")
    for _, truth, p, text in sorted(worst, reverse=True)[:30]:
        print(f"  {truth:8} read as ACUTE {p:.0%}  {' '.join(text.split())[:150]}")


def compare(golds: list[Gold]) -> None:
    """Print what other features and classifiers reach, fitted to the same posts."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB

    every = train.read_all([asset("models", "training")])
    texts = train.model_texts(every.texts)
    numbers = [CLASSES.index(label) for label in every.labels]
    print("\ncompared: best ACUTE F1 over thresholds, technical F1")
    variants: dict[str, Callable[[Any], None]] = {
        "as shipped": lambda p: None,
        "without hints": lambda p: p[0].set_params(hints="drop"),
        "words alone": lambda p: p[0].set_params(chars="drop", hints="drop"),
        "characters alone": lambda p: p[0].set_params(words="drop", hints="drop"),
        "hints alone": lambda p: p[0].set_params(words="drop", chars="drop"),
        "characters 2-5": lambda p: p[0].set_params(chars__ngram_range=(2, 5)),
        "characters 3-5": lambda p: p[0].set_params(chars__ngram_range=(3, 5)),
        "words 1-3": lambda p: p[0].set_params(words__ngram_range=(1, 3)),
        "weaker fit (C 0.5)": lambda p: p[1].set_params(C=0.5),
        "closer fit (C 8)": lambda p: p[1].set_params(C=8.0),
        "naive Bayes": lambda p: p.steps.__setitem__(1, ("nb", ComplementNB())),
    }
    assert isinstance(train.pipeline()[-1], LogisticRegression)
    for name, change in variants.items():
        pipeline = train.pipeline()
        change(pipeline)
        pipeline.fit(texts, numbers)
        told = []
        for gold in golds:
            p = pipeline.predict_proba(train.model_texts(gold.texts))
            steps = np.arange(0.2, 0.8, 0.05)
            acute = max(f1_score(gold.classes == 0, p[:, 0] >= step) for step in steps)
            technical = f1_score(gold.classes < 2, p[:, :2].sum(axis=1) >= 0.5)
            told.append(f"{gold.name} {acute:.3f} {technical:.3f}")
        print(f"  {name:20} " + "   ".join(told), flush=True)


def own_labels(gold: Gold) -> None:
    """Print what labels of one's own add: each draw judged on the posts it did not learn."""
    shipped = train.read_all([asset("models", "training")])
    texts, numbers = train.model_texts(shipped.texts), [CLASSES.index(x) for x in shipped.labels]
    own, rng = train.model_texts(gold.texts), np.random.default_rng(0)
    order = rng.permutation(len(own))
    held = order[: len(own) // 2]
    threshold = float(complaint_arrays()[1]["threshold"])
    print(f"\nown labels, on {len(held)} posts of {gold.name} that were held back")
    for n in (0, 100, 200, 400):
        learnt = order[len(held) : len(held) + n]
        pipeline = train.pipeline().fit(
            [*texts, *(own[i] for i in learnt)], [*numbers, *gold.classes[learnt]]
        )
        p = pipeline.predict_proba([own[i] for i in held])
        truth = gold.classes[held]
        print(
            f"  {len(learnt):3} labels: ACUTE F1 {interval(truth == 0, p[:, 0] >= threshold)}, "
            f"technical {f1_score(truth < 2, p[:, :2].sum(axis=1) >= 0.5):.3f}",
            flush=True,
        )


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    for name in ("mistakes", "compare", "own"):
        parser.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    labelled, data = asked.shared / "labelled", asked.shared / "data"
    golds = [
        read_gold("French gold", labelled / "gold_fr_free.dev.csv"),
        read_by_id("French own", HERE / "labels/free_fr_x.csv", data / "free_fr_x.posts.jsonl.gz"),
        read_gold("English gold", labelled / "gold_en_uk.dev.csv"),
        read_by_id(
            "English own",
            HERE / "labels/uk_mobile_x_2019.csv",
            data / "uk_mobile_x_2019.posts.jsonl.gz",
        ),
    ]
    model = ComplaintModel.from_arrays(*complaint_arrays())
    judge = judge_of(model)
    classes(golds, judge, model.threshold)
    rates(asked.shared, judge, model.threshold)
    subjects()
    places()
    notices(asked.shared)
    speed(asked.shared)
    if asked.mistakes:
        mistakes(golds, judge, model.threshold)
    if asked.compare:
        compare(golds)
    if asked.own:
        own_labels(golds[1])
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
