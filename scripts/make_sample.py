"""Write ``sample_data/first.jsonl``: twelve ordinary days of posts, and two failures in them.

    python scripts/make_sample.py

The posts are those of ``models/training``; times, authors and threads are drawn with a fixed seed.
On the last evening the fibre of one operator fails in Bretagne, and in the night after it its mobile
network in the whole country; both are in ``first.truth.csv``.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 12
HOURS = [2, 1, 1, 0, 0, 1, 3, 6, 9, 10, 10, 10, 10, 9, 9, 10, 11, 13, 15, 16, 16, 14, 10, 5]
A_DAY = {"OTHER": 30, "CHRONIC": 14, "ABOUT": 3, "ACUTE": 5}
REPLIES_A_DAY = 25
AGENTS = ["Léa", "Karim", "Inès", "Paul", "Maud", "Yann"]
REPLIES = [
    "Bonjour, désolé pour la gêne. Envoyez-nous votre numéro de ligne en message privé, {} - Free",
    "Bonjour, je regarde cela avec vous : passez par votre espace abonné, rubrique assistance. {}",
    "Merci pour votre retour ! Le 3244 reste joignable tous les jours. {} – Free",
    "Un technicien vous rappelle demain matin. Bonne soirée, {}",
]
EVENING = [  # minutes after 18:40 UTC, town, text
    (0, "Plus de fibre d'un coup à Quimper, la freebox est bloquée étape 3"),
    (3, "@Freebox coupure à Brest ? tout le quartier n'a plus rien"),
    (4, "Pareil dans le 29, plus d'internet depuis 5 min @free"),
    (7, "@free allô Lorient, il se passe quoi, plus de connexion ni télé"),
    (9, "freebox HS à Morlaix, voyant rouge, c'est général en Bretagne ??"),
    (12, "idem à Concarneau plus de box @Freebox"),
    (15, "@Freebox Vannes (56) plus aucun internet depuis un quart d'heure"),
    (21, "on est plusieurs à Quimperlé sans freebox là, une info ?"),
    (26, "toujours rien dans le 29 @free, le télétravail du soir bonsoir"),
    (38, "@free la fibre est morte à Brest depuis 40 min sérieux"),
]
NIGHT = [  # minutes after 02:00 UTC
    (0, "plus de réseau free mobile là ? aucun service d'un coup"),
    (2, "@freemobile 4g et appels coupés chez vous aussi ?"),
    (5, "Je bosse de nuit et plus rien sur mon free, même pas d'appels"),
    (6, "@freemobile pareil à Lyon, aucun service depuis 5 min"),
    (11, "urgences uniquement sur free mobile, c'est normal ??"),
    (13, "free mobile down à Toulouse aussi, plus de 4g"),
    (20, "@free le réseau mobile est HS dans toute la France ou quoi"),
    (31, "plus de réseau depuis 30 min @freemobile, je peux pas appeler mon taxi"),
]


def training() -> dict[str, list[str]]:
    posts: dict[str, list[str]] = {}
    for path in sorted((ROOT / "models" / "training").glob("fr-*.tsv")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            label, _, text = line.split("\t")
            posts.setdefault(label, []).append(text)
    return posts


def main() -> None:
    rng = random.Random(20260105)
    posts = training()
    rows = []

    def add(at: datetime, text: str, author: str, reply_to: str | None = None) -> None:
        rows.append(
            (
                at,
                {"text": text, "author": author, "lang": "fr", "source": "x", "reply_to": reply_to},
            )
        )

    def moment(day: int, office: bool = False) -> datetime:
        hour = rng.choice(range(8, 18)) if office else rng.choices(range(24), HOURS)[0]
        return START + timedelta(days=day, hours=hour, seconds=rng.randrange(3600))

    for day in range(DAYS):
        for label, n in A_DAY.items():
            for text in rng.sample(posts[label], n):
                add(moment(day), text, f"abonne{rng.randrange(10**6):06}")
        for _ in range(REPLIES_A_DAY):
            text = rng.choice(REPLIES).format(rng.choice(AGENTS))
            add(moment(day, office=True), text, "Freebox", str(rng.randrange(10**9)))
    for start, told in ((timedelta(hours=18, minutes=40), EVENING), (timedelta(hours=26), NIGHT)):
        for minutes, text in told:
            at = (
                START + timedelta(days=DAYS - 2, minutes=minutes, seconds=rng.randrange(60)) + start
            )
            add(at, text, f"abonne{rng.randrange(10**6):06}")
    rows.sort(key=lambda row: (row[0], row[1]["text"]))
    out = ROOT / "sample_data"
    with (out / "first.jsonl").open("w", encoding="utf-8") as file:
        for number, (at, post) in enumerate(rows):
            head = {
                "id": str(2_007_000_000_000_000_000 + number),
                "created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            }
            file.write(json.dumps({**head, **post}, ensure_ascii=False) + "\n")
    day = START + timedelta(days=DAYS - 2)
    (out / "first.truth.csv").write_text(
        "id,start,end,operator,service,location,raised_at,kind,uncertainty_minutes\n"
        f"bretagne,{day:%Y-%m-%d}T18:40:00Z,{day:%Y-%m-%d}T20:00:00Z,free,fixed_internet,FR-BRE,,outage,0\n"
        f"night,{day + timedelta(days=1):%Y-%m-%d}T02:00:00Z,"
        f"{day + timedelta(days=1):%Y-%m-%d}T03:30:00Z,free,mobile_data,FR,,outage,0\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
