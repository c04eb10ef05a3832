"""Speed and memory of a replay, each beside what it can be measured by, in one run.

    python benchmarks/throughput.py [--posts 1000000] [--sklearn 20000]

(a) decoding alone with msgspec, in lines and in whole chunks, the faster; (b) replay of a general stream of which 1 %
names an operator, a service or a symptom; (c) replay of complaints alone; (d) the model's own
features and ``predict_proba`` in scikit-learn on texts of (c), alone. Rates are posts a second of
the whole process, on the posts of 30 days that are made here from the training posts.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from outagewatch.assets import asset, profiles
from outagewatch.config import load
from outagewatch.enrich.lexicon import Lexicon
from outagewatch.enrich.normalise import normalise

DAYS = 30
START = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
WORDS = [
    "maison",
    "soleil",
    "jardin",
    "livre",
    "cuisine",
    "train",
    "marché",
    "chien",
    "ville",
    "musique",
    "école",
    "photo",
    "café",
]


def training() -> tuple[list[str], list[str]]:
    """Return everyday posts that name nothing of the profile, and complaints."""
    from outagewatch.enrich.enricher import _terms

    rows = []
    for path in sorted(asset("models", "training").glob("fr-*.tsv")):
        rows += [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")][1:]
    lexicon = Lexicon(_terms(load(None, "telecom-fr", environment={}, shipped=profiles())))
    other = [text for label, _, text in rows if label == "OTHER"]
    named = lexicon.find(normalise(other))
    return (
        [text for i, text in enumerate(other) if i not in named],
        [text for label, _, text in rows if label == "ACUTE"],
    )


def write(path: Path, n: int, everyday: list[str], complaints: list[str], share: float) -> None:
    """Write n posts, evenly over the days, of which a share are complaints."""
    rng = random.Random(7)
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for i in range(n):
            at = datetime.fromtimestamp(START + i * DAYS * 86400 / n, UTC)
            source = complaints if rng.random() < share else everyday
            text = f"{rng.choice(source)} {rng.choice(WORDS)} {rng.choice(WORDS)}"
            post = {
                "id": str(2_000_000_000_000_000_000 + i),
                "created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                "text": text,
                "author": f"u{rng.randrange(n)}",
                "lang": "fr",
                "place": None,
                "lat": None,
                "lon": None,
                "source": "x",
                "reply_to": None,
                "repost": False,
            }
            file.write(encode(post) + b"\n")


def decoding(path: Path) -> float:
    """Return posts a second of decoding alone, the faster way."""
    from outagewatch.sources.formats import WireLine

    one = msgspec.json.Decoder(WireLine)
    single = whole = 0.0
    n = 0
    with path.open("rb") as file:  # a little at a time: a child's peak memory begins at ours
        while lines := file.readlines(1 << 20):
            began = time.perf_counter()
            for line in lines:
                one.decode(line)
            middle = time.perf_counter()
            one.decode_lines(b"".join(lines))
            whole += time.perf_counter() - middle
            single += middle - began
            n += len(lines)
    return n / min(single, whole)


def replay(path: Path, n: int) -> tuple[float, float]:
    """Return posts a second of a replay, and the peak memory of the process in MB."""
    command = [sys.executable, "-m", "outagewatch", "replay", str(path), "--output", "json"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, status
    return n / (time.perf_counter() - began), usage.ru_maxrss / 1024


def scikit(texts: list[str]) -> float:
    """Return posts a second of scikit-learn's pipeline with the same features."""
    from outagewatch import train

    labelled = train.read_all([asset("models", "training")])
    classes = [train.CLASSES.index(label) for label in labelled.labels]
    pipeline = train.pipeline().fit(train.model_texts(labelled.texts), classes)
    began = time.perf_counter()
    for at in range(0, len(texts), 4096):
        pipeline.predict_proba(train.model_texts(texts[at : at + 4096]))
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--sklearn", type=int, default=20_000)
    args = parser.parse_args()
    everyday, complaints = training()
    n = args.posts
    with tempfile.TemporaryDirectory() as folder:
        general, small, only = (Path(folder) / f"{name}.jsonl" for name in "gsc")
        write(general, n, everyday, complaints, 0.01)
        write(small, n // 10, everyday, complaints, 0.01)
        write(only, n, everyday, complaints, 1.0)
        a = decoding(general)
        print(f"(a) decoding alone:            {a:10,.0f} posts/s", flush=True)
        b_small = replay(small, n // 10)
        b = replay(general, n)
        print(
            f"(b) replay, 1 % relevant:      {b[0]:10,.0f} posts/s, {b[0] / a:.3f} of (a); "
            f"peak {b[1]:.0f} MB, {b_small[1]:.0f} MB with a tenth",
            flush=True,
        )
        c = replay(only, n)
        print(
            f"(c) replay, complaints only:   {c[0]:10,.0f} posts/s; peak {c[1]:.0f} MB", flush=True
        )
        rng = random.Random(7)
        d = scikit([f"{rng.choice(complaints)} {rng.choice(WORDS)}" for _ in range(args.sklearn)])
        print(
            f"(d) scikit-learn, model alone: {d:10,.0f} posts/s; (c) is {c[0] / d:.2f} times that"
        )


if __name__ == "__main__":
    main()
