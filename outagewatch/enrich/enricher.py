"""Turn posts into complaints: who complains, of what, where, and whether it counts.

In: posts, in batches. Out: the complaints among them. Remembers nothing of posts; the order and
size of batches make no difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from outagewatch.enrich.complaint import ComplaintModel
from outagewatch.enrich.cues import (
    RESTORED,
    is_notice,
    is_past,
    is_praise,
    is_restored,
    is_supposed,
    onset_minutes,
)
from outagewatch.enrich.gazetteer import Gazetteer
from outagewatch.enrich.gist import gist, link_of
from outagewatch.enrich.lexicon import Hit, Lexicon, Terms, patterns
from outagewatch.enrich.location import Found, Locator
from outagewatch.enrich.normalise import model_rows, normalise, rows
from outagewatch.enrich.sieve import Sieve
from outagewatch.enrich.subject import blamed, clauses, failing_service, settled
from outagewatch.records import ANY, UNKNOWN, Complaint, Kind, Post, Reading
from outagewatch.settings import Settings

_KEYWORD_READING = Reading(1.0, 0.0, 0.0, 0.0)
_NO_READING = Reading(0.0, 0.0, 0.0, 1.0)
_FAILING = frozenset({"service", "symptom"})
OWN_WORDS = 40  # letters from which equal texts without author are one person's, or a copy
MIN_WORDS = 3  # besides names, for a post that names neither a service nor a symptom
CONFIRMATIONS = frozenset(
    [
        "pareil",
        "pareille",
        "idem",
        "meme",
        "aussi",
        "same",
        "too",
        "igual",
        "gleiche",
        "auch",
        "anche",
    ]
)
_RELEVANT = frozenset({"operator", "account", "service", "symptom"})
_TALK = frozenset(  # why a post counts for nobody, where it is what others misread for a complaint
    [
        "a repost",
        "reads as about, not as failing now",
        "reads as other, not as failing now",
        "speaks of what might be",
        "says that it works",
        "is about another country",
        "holds no keyword of a symptom",
    ]
)


@dataclass(slots=True)
class Verdict:
    """What is read in one post, and whether it counts."""

    post: Post
    row: str = ""
    reading: Reading = _NO_READING
    terms: Terms = field(default_factory=Terms)
    operator: str = UNKNOWN
    service: str = UNKNOWN
    symptom: str = UNKNOWN
    found: Found | None = None
    kind: Kind | Literal["none"] = "none"
    why_not: str = ""


class Enricher:
    """Reads posts under one profile.

    Parameters
    ----------
    settings
        The profile with the user's settings.
    gazetteer
        The places of the profile's countries.
    model
        The complaint model; None where the profile counts by keywords alone.
    """

    def __init__(
        self, settings: Settings, gazetteer: Gazetteer, model: ComplaintModel | None
    ) -> None:
        self._settings = settings
        self._model = model
        chosen = settings.enrich.threshold
        self.threshold = chosen if chosen is not None else (model.threshold if model else 0.5)
        self._gazetteer = gazetteer
        self._countries = frozenset(settings.countries)
        self._timezone = ZoneInfo(settings.timezone)
        self._own = {
            _account(account): name
            for name, operator in settings.operators.items()
            for account in operator.accounts
        }
        self._trackers = {_account(account) for account in settings.trackers}
        self._ignored = {_account(account) for account in settings.ignore.accounts}
        terms = [(name, what, list(words)) for name, what, words in _terms(settings)]
        self._lexicon = Lexicon(terms)
        relevant = [word for name, _, words in terms if name in _RELEVANT for word in words]
        self._sieve = Sieve(pattern for word in relevant for pattern in patterns(word))
        self._field_names = _field_names(settings)
        names = [name for operator in settings.operators.values() for name in operator.names]
        plain = frozenset(row.strip() for row in rows(normalise(names or [""])))
        self._locator = Locator(gazetteer, plain) if settings.places else None

    def enrich(self, posts: Sequence[Post]) -> list[Complaint]:
        """Return complaints, what says that it is over, trackers' reports, notices, and talk."""
        return [
            _complaint(v, self._gazetteer) if v.kind != "none" else _talk(v, self._gazetteer)
            for v in self.read(posts)
            if v.kind != "none" or _is_talk(v)
        ]

    def read(self, posts: Sequence[Post], *, everything: bool = False) -> Iterator[Verdict]:
        """Read posts.

        Parameters
        ----------
        posts
            The posts.
        everything
            Whether posts that name nothing of the profile are read and returned too.
        """
        if not posts:
            return
        if not everything:
            posts = self._worth_reading(posts)
        most = self._settings.enrich.max_text
        normalised = normalise([post.text[:most] for post in posts])
        hits = self._lexicon.find(normalised)
        verdicts = [
            self._begin(post, row, hits.get(i, []))
            for i, (post, row) in enumerate(zip(posts, rows(normalised), strict=posts != []))
            if everything
            or post.operator is not None
            or any(hit.term.field in _RELEVANT for hit in hits.get(i, ()))
        ]
        self._settle(verdicts)
        self._judge(verdicts, everything=everything)
        self._place(verdicts, everything=everything)
        yield from verdicts

    def _worth_reading(self, posts: Sequence[Post]) -> list[Post]:
        """Return the posts that may name something of the profile."""
        named = [i for i, post in enumerate(posts) if post.operator is not None]
        found = self._sieve.rows([post.text for post in posts])
        return [posts[i] for i in sorted({*named, *found})] if named else [posts[i] for i in found]

    def weigh(self, row: str) -> list[tuple[str, float]]:
        """Return the words of a row, each with what ACUTE owes to it.

        That is how much its log-odds fall when the word is left out, in nats.
        """
        words = row.split()
        if self._model is None or not words:
            return []
        without = [f" {' '.join(words[:i] + words[i + 1 :])} " for i in range(len(words))]
        texts = model_rows("\n".join([row, *without]))
        acute = np.clip(self._model.probabilities(texts)[:, 0], 1e-9, 1 - 1e-9)
        odds = np.log(acute / (1 - acute)).tolist()
        return [(word, odds[0] - other) for word, other in zip(words, odds[1:], strict=True)]

    def _begin(self, post: Post, row: str, hits: list[Hit]) -> Verdict:
        verdict = Verdict(post, row, terms=Terms.of(settled(hits, row, post.text)))
        verdict.operator = self._operator(post, verdict.terms)
        verdict.service = verdict.terms.one("service")
        verdict.symptom = verdict.terms.one("symptom")
        if verdict.service == UNKNOWN:
            implied = {
                service
                for name in verdict.terms.names("symptom")
                if (service := self._settings.symptoms[name].service)
            }
            if len(implied) == 1:
                verdict.service = implied.pop()
        verdict.why_not = self._never(post, verdict.terms)
        own = self._own.get(_account(post.author)) if post.author else None
        if own is not None:  # a repost too: it tells the same
            to_one = post.reply_to is not None or post.text.startswith("@")
            if is_notice(row, to_one=to_one):
                verdict.kind, verdict.operator = "notice", own
        return verdict

    def _operator(self, post: Post, terms: Terms) -> str:
        """Return the operator a post names, ``any`` where it names several."""
        named = _named(terms)
        if named:
            return named[0] if len(named) == 1 else ANY
        return self.operator_of(post.operator) if post.operator is not None else UNKNOWN

    def _settle(self, verdicts: list[Verdict]) -> None:
        """Decide who and what is complained of where several are named."""
        several = [v for v in verdicts if ANY in (v.operator, v.service)]
        most = self._settings.enrich.max_text
        parts = clauses([v.post.text[:most] for v in several], self._lexicon)
        for v, part in zip(several, parts, strict=True):
            if v.operator == ANY and (named := _named(v.terms)):
                v.operator = blamed(named, part)
            if v.service == ANY:
                v.service = failing_service(part)
        for v in verdicts:
            operator = self._settings.operators.get(v.operator)
            if operator is None or operator.service is None:
                continue
            if v.service == UNKNOWN or set(v.terms.words("service")) <= _ANY_LINE:
                v.service = operator.service

    def operator_of(self, name: str) -> str:
        """Return the operator of the profile that a name or account means, or ``unknown``."""
        return self._field_names.get(_account(name), UNKNOWN)

    def _never(self, post: Post, terms: Terms) -> str:
        author = _account(post.author) if post.author else ""
        if author in self._own:
            return "an operator's own account"
        if author in self._ignored:
            return "an account that is ignored"
        if _is_repost(post):
            return "a repost"
        if terms.names("ignore"):
            return f"holds {terms.words('ignore')[0]!r}, which is ignored"
        return ""

    def _judge(self, verdicts: list[Verdict], *, everything: bool) -> None:
        """Fill in readings and kinds."""
        judged = verdicts if everything else [v for v in verdicts if not v.why_not]
        if self._model is not None and judged:
            text = model_rows("\n".join([v.row for v in judged]))
            for v, row in zip(judged, self._model.probabilities(text).tolist(), strict=True):
                v.reading = Reading(*row)
        for v in judged:
            if not v.why_not:
                v.kind, v.why_not = self._kind(v)

    def _kind(self, v: Verdict) -> tuple[Kind | Literal["none"], str]:
        if v.post.author and _account(v.post.author) in self._trackers:
            return "tracker", ""
        names = {hit.term.field for hit in v.terms.hits}
        if self._model is None:
            if "symptom" not in names:
                return "none", "holds no keyword of a symptom"
            v.reading = _KEYWORD_READING
            return "complaint", ""
        if v.operator == UNKNOWN and v.service == UNKNOWN and v.post.operator is None:
            return "none", "names neither an operator nor a service of the profile"
        if "restored" in names and is_restored(v.row, v.terms):
            return "restored", ""
        if not names & _FAILING and _n_words(v) < MIN_WORDS:
            return "none", "says too little"
        if v.reading.acute < self.threshold:
            likeliest = max(v.reading._fields, key=lambda name: getattr(v.reading, name))
            if likeliest == "acute":
                return "none", "not sure enough that it fails now"
            return "none", f"reads as {likeliest}, not as failing now"
        if is_supposed(v.row):
            return "none", "speaks of what might be"
        if is_praise(v.row):
            return "none", "says that it works"
        if is_past(v.row, v.post.created_at.astimezone(self._timezone).hour):
            return "none", "speaks of a time that is over"
        return "complaint", ""

    def _place(self, verdicts: list[Verdict], *, everything: bool) -> None:
        """Fill in places; what fails abroad does not count."""
        if self._locator is None:
            return
        placed = verdicts if everything else [v for v in verdicts if v.kind != "none"]
        found = self._locator.locate([v.post for v in placed], [v.row for v in placed])
        for v, where in zip(placed, found, strict=True):
            v.found = where
            elsewhere = where is not None and where.location.country not in self._countries
            if where is None or where.source == "author":
                elsewhere = elsewhere or self._locator.abroad(v.row)
            if self._countries and elsewhere:
                if v.kind != "none":
                    v.kind, v.why_not = "none", "is about another country"
                v.found = None


_ANY_LINE = frozenset("internet connexion conexion connection online data".split())  # noqa: SIM905


def _named(terms: Terms) -> list[str]:
    """Return the operators that a post names or addresses."""
    both = [*terms.names("account"), *terms.names("operator")]
    return [name for name in dict.fromkeys(both) if name != ANY]


def _n_words(v: Verdict) -> int:
    """Count the words of a post that are no handles, links, marks or names of operators.

    "Same here" is enough said.
    """
    row = v.row
    if CONFIRMATIONS & set(row.split()):
        return MIN_WORDS
    for hit in v.terms.hits:
        if hit.term.field in ("operator", "account"):
            row = row.replace(hit.term.pattern, "  ")
    return sum(word[0].isalnum() and word != "url" for word in row.split())


def _is_repost(post: Post) -> bool:
    return bool(post.repost) or post.text.startswith("RT @")


def _is_talk(v: Verdict) -> bool:
    """Whether a post is talk about an operator; a repost, only if it is of what fails."""
    if v.why_not == "a repost" and not v.terms.names("symptom"):
        return False
    return v.why_not in _TALK


def _account(name: str) -> str:
    return name.strip().lstrip("@").casefold()


def _terms(settings: Settings) -> Iterator[tuple[str, str, list[str]]]:
    for name, operator in settings.operators.items():
        yield "operator", name, [*operator.names, *_hashtags(operator.names)]
        yield "account", name, ["@" + account.lstrip("@") for account in operator.accounts]
        yield "maybe", name, operator.words
        yield "operator", ANY, operator.not_names
    for name, service in settings.services.items():
        yield "service", name, service.keywords
    for name, symptom in settings.symptoms.items():
        yield "symptom", name, symptom.keywords
    yield "ignore", "ignore", settings.ignore.terms
    yield "restored", "restored", RESTORED


def _hashtags(names: list[str]) -> Iterator[str]:
    """Yield how people tag an outage of an operator: #PanneSFR, #FreeDown."""
    for name in names:
        if name.isalnum():
            yield from (f"panne{name}", f"{name}enpanne", f"{name}hs", f"bug{name}")
            yield from (f"{name}down", f"{name}outage", f"{name}fail")


def _field_names(settings: Settings) -> dict[str, str]:
    """Return which operator a post's ``operator`` field means, by any of its names."""
    known: dict[str, str] = {}
    for name, operator in settings.operators.items():
        for spelling in (name, operator.label or name, *operator.names, *operator.accounts):
            known.setdefault(_account(spelling), name)
    return known


def _nobody(row: str, post_id: str) -> str:
    """Return who wrote a post without author: who wrote the same words, if they are many."""
    if len(row) < OWN_WORDS:
        return post_id
    return "words:" + hashlib.blake2b(row.encode(), digest_size=8).hexdigest()


def _complaint(v: Verdict, gazetteer: Gazetteer) -> Complaint:
    post = v.post
    post_id = post.id or ""
    located = v.found is not None
    kind: Kind = v.kind if v.kind != "none" else "complaint"
    words, n_own = gist(v.row, v.terms)
    return Complaint(
        id=f"{post.source or ''}:{post_id}",
        created_at=post.created_at.timestamp(),
        author=_account(post.author) if post.author else _nobody(v.row, post_id),
        thread=post.thread or post.reply_to or post_id,
        operator=v.operator,
        service=v.service,
        symptom=v.symptom,
        location=v.found.location if v.found is not None else gazetteer.root,
        located=located,
        acute=v.reading.acute,
        text=post.text,
        source=post.source or "file",
        anonymous=post.author is None and len(v.row) < OWN_WORDS,
        words=tuple(dict.fromkeys(v.terms.words("service") + v.terms.words("symptom"))),
        onset_minutes=onset_minutes(v.row) if kind == "complaint" else None,
        link=link_of(post.text),
        gist=words,
        n_own=n_own,
        kind=kind,
    )


def _talk(v: Verdict, gazetteer: Gazetteer) -> Complaint:
    """Return what is kept of other talk: when, and about whom."""
    return Complaint(
        id=f"{v.post.source or ''}:{v.post.id or ''}",
        created_at=v.post.created_at.timestamp(),
        author="",
        thread="",
        operator=v.operator,
        service=UNKNOWN,
        symptom=UNKNOWN,
        location=gazetteer.root,
        located=False,
        acute=0.0,
        text="",
        source="",
        kind="talk",
    )
