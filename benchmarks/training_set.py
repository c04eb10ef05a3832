"""How varied the training posts are: pairs too alike, openings too common, posts by kind.

    python benchmarks/training_set.py [FOLDER] [--thin]

Two posts are too alike if over 0.6 of their character 5-grams are shared (Jaccard). ``--thin``
takes the later of two such posts out of its file.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outagewatch.assets import asset

ALIKE = 0.6


@dataclass(frozen=True)
class Line:
    """A training post, and where it stands."""

    path: Path
    number: int
    label: str
    service: str
    text: str

    @property
    def language(self) -> str:
        """The language its file is named for; ``xx`` for a mixture."""
        return self.path.name[:2]


def read(folder: Path) -> list[Line]:
    """Return all training posts of a folder."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
            label, service, text = line.split("\t")
            found.append(Line(path, number, label, service, text))
    return found


def _grams(text: str) -> frozenset[str]:
    plain = re.sub(r"\s+", " ", text.lower())
    return frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4)))


def alike(texts: list[str], limit: float = ALIKE) -> Iterator[tuple[int, int]]:
    """Yield the pairs of texts over the limit, the earlier first.

    Two sets of which more than ``limit`` is shared share one of the rarest ``1 - limit`` of each,
    so only those are looked up (prefix filtering, Chaudhuri et al. 2006).
    """
    grams = [_grams(text) for text in texts]
    common = Counter(gram for post in grams for gram in post)
    seen: dict[str, list[int]] = defaultdict(list)
    for i, post in enumerate(grams):
        rare = sorted(post, key=lambda g: (common[g], g))[: int((1 - limit) * len(post)) + 1]
        for j in {j for gram in rare for j in seen[gram]}:
            shared = len(post & grams[j])
            if shared > limit * (len(post) + len(grams[j]) - shared):
                yield j, i
        for gram in rare:
            seen[gram].append(i)


def openings(texts: list[str]) -> Counter[str]:
    """Count the first three words of the texts, handles left out."""
    plain = (re.sub(r"@\w+", " ", text.lower()) for text in texts)
    return Counter(" ".join(re.findall(r"\w+", text)[:3]) for text in plain)


def main() -> None:
    """Print the check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=asset("models", "training"))
    parser.add_argument("--thin", action="store_true")
    asked = parser.parse_args()
    lines = read(asked.folder)
    pairs = list(alike([line.text for line in lines]))
    if asked.thin:
        drop = {(lines[i].path, lines[i].number) for _, i in pairs}
        for path in {path for path, _ in drop}:
            kept = [
                line
                for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
                if (path, number) not in drop
            ]
            path.write_text("\n".join(kept) + "\n", "utf-8")
        lines = read(asked.folder)
    [(opening, n)] = openings([line.text for line in lines]).most_common(1)
    print(f"{len(lines)} posts, {len(pairs)} pairs over {ALIKE}; commonest opening {opening!r} {n}")
    kinds = Counter((line.language, line.label, line.service) for line in lines)
    for language in sorted({line.language for line in lines}):
        by_label = Counter(line.label for line in lines if line.language == language)
        print(f"{language}  {sum(by_label.values())}  {dict(by_label)}")
        for label in by_label:
            row = {
                s: n for (la, lb, s), n in sorted(kinds.items()) if (la, lb) == (language, label)
            }
            least = min(row, key=lambda service: (row[service], service))
            print(f"    {label:8} {row}; fewest: {row[least]} of {least}")


if __name__ == "__main__":
    main()
