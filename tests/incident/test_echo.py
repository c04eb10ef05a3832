"""What is an echo, on posts written for this: demoted with the reason said, and never deleted."""

import json
from itertools import pairwise

import pytest

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.incident.echo import Copies, Signs, Talk
from outagewatch.pipeline import Pipeline
from outagewatch.records import Batch, Block
from outagewatch.testing import complaint, lines, minutes, post

DAYS = 12
EVENING = 24 * 60 * DAYS + 100
EVERYDAY = {
    "fr": [
        "@free bonjour, j'attends toujours le colis de ma nouvelle box",
        "la pub de free passe toutes les cinq minutes à la télé",
        "@Freebox vos conseillers sont adorables, merci à Léa",
        "je passe chez free le mois prochain, des retours sur l'offre ?",
        "@free pourquoi ma facture a pris deux euros",
    ],
    "uk": [
        "@O2 lovely staff in the shop today, thank you",
        "do I get free tickets with o2 priority",
        "@O2 my bill went up again",
    ],
}
TROUBLE = {
    "fr": [
        "@free plus d'internet chez nous",
        "plus de wifi @Freebox depuis ce midi",
        "@free ça coupe, plus de télé là",
        "internet free mort chez ma mère",
    ],
    "uk": ["@O2 no signal at all for us", "my @O2 data has gone off", "no service @O2 since noon"],
}
PEOPLE = {
    "fr": [
        "@free plus d'internet chez nous",
        "plus rien @Freebox",
        "@free voyant rouge et plus rien qui marche",
        "free en rade ce soir ??",
        "@Freebox bloqué étape 6",
        "ça marche plus chez free depuis 10 min",
        "plus de wifi @free",
        "coupure internet free à Nantes",
        "@free ma Freebox vient de lâcher en plein milieu de ma série",
        "y'a que chez moi que free est tombé ?",
    ],
    "uk": [
        "@O2 no signal at all for us",
        "no service @O2 since 10 min",
        "o2 down again??",
        "@O2 data just died on me",
        "can't make calls @O2 what's going on",
        "@O2 same here nothing works",
        "@O2 4g has gone, bars but no data",
        "lost all signal on o2 ten minutes ago",
    ],
}
BRIGADE = {
    "fr": [
        "@free encore une panne générale ce soir, impossible de bosser, c'est honteux, je résilie demain matin",
        "@Freebox panne générale encore ce soir !! impossible de bosser, honteux, demain matin je résilie",
        "Panne générale ce soir @free : impossible de bosser encore une fois, c'est honteux, je résilie demain 😡",
    ],
    "uk": [
        "No signal at all on @O2 tonight, whole street has lost it, three calls and nobody picks up, off to another network tomorrow",
        "@O2 whole street has lost signal tonight, no signal at all, three calls and nobody picks up. Off to another network tomorrow!",
    ],
}
HEADLINES = {
    "fr": [
        "Panne Free : le réseau internet est coupé ce soir partout, que se passe-t-il ? https://news.example/{}",
        "Plus d'internet chez Free ce soir, le point sur la coupure https://actu.example/{}",
        "Internet coupé chez Free à Lille, Lyon et Nantes https://journal.example/{}",
        "Free en panne ce soir : plus de box ni de télé https://soir.example/{}",
        "Coupure géante, plus de connexion chez Free https://une.example/{}",
    ],
    "uk": [
        "No signal on O2 tonight as network goes down across the country https://paper.example/{}",
        "No service on O2 in London and Leeds, no calls, no data https://news.example/{}",
        "O2 has lost its signal, phones have no service tonight https://daily.example/{}",
    ],
}
GIVEAWAY = {
    "fr": "RT et follow pour gagner la nouvelle box ! La tienne ne marche plus depuis ce soir @free ? "
    "Plus d'internet ? Une chance de plus, tirage au sort vendredi",
    "uk": "my @O2 data has just gone, no signal, win a new phone with us: follow and retweet if your signal has gone too",
}
SLOGAN = {
    "fr": "Free en panne partout ce soir, fuyez tous",
    "uk": "No signal on @O2 again tonight, leave them",
}
BOYCOTT = {
    "fr": [
        "@free résiliez tous, on en a marre de cette boîte, partagez",
        "ce soir on quitte tous free, passez le mot #boycott",
        "@free vos tarifs sont une honte, je ne paierai plus",
        "free c'est fini pour moi, je soutiens le boycott à fond",
        "@Freebox votre patron se moque de ses clients #boycott",
    ],
    "uk": [
        "never going back to o2 after this, their boss got a bonus while we pay #quito2",
        "everyone please leave o2 today and tell them why #quito2",
        "@O2 shame on you, I am gone #quito2",
    ],
}


def everyday(language="fr"):
    """Days on which little is said, and two people a day complain; the day after nobody does."""
    talk, trouble = EVERYDAY[language], TROUBLE[language]
    for n in range(24 * (DAYS + 2)):
        yield post(60 * n + 7, talk[n % len(talk)], f"e{n}", id=f"e{n}", thread=f"e{n}")
        if n % 12 == 5 and n < 24 * DAYS:
            text = trouble[n // 12 % len(trouble)]
            yield post(60 * n + 31, text, f"t{n}", id=f"t{n}", thread=f"t{n}")


def burst(texts, *, every=2.0, start=0.0, who="p", **fields):
    """One post after the other, each of another author."""
    return [
        post(EVENING + start + every * i, text, f"{who}{i}", id=f"{who}{i}", **fields)
        for i, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def told(model):
    def replay(*bursts, language="fr", size=4096):
        settings = load(None, f"telecom-{language}", environment={}, shipped=profiles())
        posts = [*everyday(language), *(p for b in bursts for p in b)]
        posts.sort(key=lambda p: p.created_at)
        pipeline = Pipeline(settings, model=model, level="possible")
        parts = [posts[i : i + size] for i in range(0, len(posts), size)]
        batches = [Batch(part, [p.created_at.timestamp() for p in part]) for part in parts]
        return [*pipeline.run(batches), *pipeline.finish()]

    return replay


def last(changes):
    """Return the end of what must be one incident."""
    assert len({c.incident.id for c in changes}) == 1
    assert changes[-1].type == "resolved"
    return changes[-1].incident


def against(incident):
    return [r.removeprefix("against: ") for r in incident.reasons if r.startswith("against: ")]


LANGUAGES = pytest.mark.parametrize("language", ["fr", "uk"])


@LANGUAGES
def test_people_who_have_it_are_probable(told, language):
    incident = last(told(burst(PEOPLE[language]), language=language))
    assert incident.level != "possible" and incident.severity == "major"


@LANGUAGES
@pytest.mark.parametrize(
    ("texts", "why"),
    [
        pytest.param(lambda lang: BRIGADE[lang] * 4, "wrote nearly the same text", id="brigade"),
        pytest.param(lambda lang: [SLOGAN[lang]] * 8, "wrote nearly the same text", id="bot"),
        pytest.param(lambda lang: [GIVEAWAY[lang]] * 9, "nearly the same text", id="giveaway"),
        pytest.param(
            lambda lang: [text.format(i) for i, text in enumerate(HEADLINES[lang] * 3)],
            "posts carry a link",
            id="news",
        ),
    ],
)
def test_an_echo_is_possible_and_says_why(told, texts, why, language):
    incident = last(told(burst(texts(language)), language=language))
    assert (incident.level, incident.severity) == ("possible", "warning")
    assert any(why in reason for reason in against(incident))


@LANGUAGES
def test_a_boycott_brings_complaints_as_any_talk_does(told, language):
    talk = burst((BOYCOTT[language] * 40)[:120], every=0.5, who="b")
    misread = burst(PEOPLE[language][:5], every=9, start=5)
    incident = last(told(talk, misread, language=language))
    assert (incident.level, incident.severity) == ("possible", "warning")
    assert any("people in a wave of" in why for why in against(incident))


@LANGUAGES
def test_talk_that_comes_after_the_people_takes_nothing_back(told, language):
    """A real outage is joked about, shared and in the news, by far more people than have it."""
    talk = burst((BOYCOTT[language] * 40)[:120], every=0.5, start=10, who="b")
    shared = burst([f"RT @a: {SLOGAN[language]}"] * 100, every=0.3, start=8, who="r", repost=True)
    incident = last(told(burst(PEOPLE[language]), talk, shared, language=language))
    assert incident.level != "possible" and not any("wave" in why for why in against(incident))


def test_a_giveaway_meanwhile_takes_nothing_back(told):
    shared = burst(["RT @free: 6 mois de box à gagner"] * 200, every=0.2, start=-10, who="r")
    assert last(told(burst(PEOPLE["fr"]), shared)).level != "possible"


def test_one_loud_thread_is_possible_and_said(told):
    texts = ["@free plus d'internet chez nous", *["@free pareil ici plus de connexion"] * 9]
    incident = last(told(burst(texts, thread="t")))
    assert (incident.level, incident.severity) == ("possible", "warning")
    assert any(why.endswith("people are in one thread") for why in against(incident))


def test_a_loud_thread_beside_which_others_speak_is_probable(told):
    said = ["@free pareil ici plus de connexion", "@free moi aussi plus rien", "@free idem ici"]
    incident = last(told(burst(said * 3, who="t", thread="t"), burst(PEOPLE["fr"][:6])))
    assert incident.level != "possible", against(incident)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["plus d'internet @free", "free en panne", "panne free"] * 4, id="short"),
        pytest.param(
            [
                f"plus d'internet à {town} depuis {10 + i} min @free"
                for i, town in enumerate(["Lyon", "Nantes", "Lille", "Brest", "Nice", "Metz"])
            ],
            id="the same of other towns",
        ),
        pytest.param(
            [f"{t} https://t.co/x{i}" if i % 3 else t for i, t in enumerate(PEOPLE["fr"])],
            id="with pictures",
        ),
    ],
)
def test_what_people_write_alike_or_with_pictures_stays_probable(told, texts):
    changes = told(burst(texts))
    assert any(c.incident.level != "possible" for c in changes)
    assert all(
        "same text" not in r and "link" not in r for c in changes for r in c.incident.reasons
    )


MIXED = [*burst(PEOPLE["fr"][:4]), *burst(BRIGADE["fr"] * 3, start=9, every=0.5, who="b")]


def test_it_falls_when_it_becomes_an_echo_and_rises_when_other_people_join(told):
    changes = told(MIXED)
    [fall] = [c for c in changes if "level strong -> possible" in c.incident.changed]
    assert fall.type == "updated" and "severity major -> warning" in fall.incident.changed
    assert (last(changes).level, last(changes).resolution) == ("possible", "quiet")
    more = told(burst(BRIGADE["fr"]), burst(PEOPLE["fr"], start=6))
    assert more[0].incident.level == "possible" and last(more).level == "strong"
    assert not any("same text" in why for why in against(last(more)))


@pytest.mark.parametrize("size", [1, 13])
def test_the_batch_size_makes_no_difference(told, size):
    talk = burst(BOYCOTT["fr"] * 24, every=0.5, who="c")
    for posts in ([MIXED], [talk, burst(PEOPLE["fr"][:5], every=9, start=5)]):
        assert told(*posts, size=size) == told(*posts)


@pytest.mark.parametrize(
    ("level", "kinds", "resolution"),
    [
        ("probable", ["opened", "updated", "resolved"], "demoted"),
        ("possible", ["opened", "updated", "updated", "resolved"], "quiet"),
    ],
)
def test_who_takes_only_probable_is_told_that_it_was_demoted(
    run, tmp_path, level, kinds, resolution
):
    (tmp_path / "posts.jsonl").write_bytes(lines([*everyday(), *MIXED]))
    out = run("replay", "posts.jsonl", "--level", level, "--output", "json").stdout
    events = [json.loads(line) for line in out.splitlines()]
    assert [e["type"].rpartition(".")[2] for e in events] == kinds
    end = events[-1]["data"]
    assert (end["status"], end["resolution"], end["level"]) == ("resolved", resolution, "possible")


@pytest.mark.parametrize(
    ("links", "demoted"),
    [
        pytest.param([1.0] * 3 + [0.0] * 3, True, id="half hold a link"),
        pytest.param([1.0] * 2 + [0.0] * 2, False, id="two may by chance"),
        pytest.param([0.5] * 3 + [0.0] * 3, False, id="half hold a picture"),
        pytest.param([0.5] * 5, True, id="all hold what may be a picture"),
    ],
)
def test_links(links, demoted):
    signs = Signs()
    for i, link in enumerate(links):
        signs.add(complaint(i, f"p{i}", link=link))
    assert bool(signs.against(0)) == demoted


def test_texts_of_a_case_stay_few():
    copies = Copies()
    for n in range(5000):
        copies.add(" ".join(f"{word}{n // 2}" for word in "abcdefgh"), 8)
    assert copies.most == 2 and len(copies._people) == 100


def test_an_echo_does_not_come_and_go_with_each_person():
    signs, states = Signs(), []
    for i in range(20):  # two of three copy at first, then half, then a third
        copied = i % 3 < 2 if i < 6 else i % 2 if i < 14 else False
        gist = "one text of which many copies come" if copied else ""
        signs.add(complaint(i, f"p{i}", gist=gist))
        states.append(bool(signs.against(0)))
    assert states.index(True) < 5
    assert sum(a != b for a, b in pairwise(states)) == 2


def test_talk_that_was_there_before_is_no_wave():
    talk = Talk(60)
    for n in range(-150, 60):
        one_in_ten = (complaint(n, f"p{n}"),) * (n % 2)
        talk.hear(Block(int(minutes(n) // 60), one_in_ten, talk={"free": 5}))
    assert talk.wave("free", minutes(0), [minutes(n) for n in (1, 20, 21, 22)]) == 0
    for n in range(60, 90):
        talk.hear(Block(int(minutes(n) // 60), talk={"free": 30}))
    late, early = [minutes(n) for n in (61, 80, 81, 82)], [minutes(60.5)] * 3 + [minutes(82)]
    assert talk.wave("free", minutes(60), late) == talk.wave("any", minutes(60), late) > 400
    assert talk.wave("sfr", minutes(60), late) == 0
    assert talk.wave("free", minutes(60), early) == 0
