"""Judge whether posts report a service that fails now: the complaint model, on arrays alone.

In: rows as :func:`~outagewatch.enrich.normalise.model_rows` writes them. Out: a probability for
each of four classes. Remembers the model's weights. The features are binary word and character
n-grams, weighted by inverse document frequency and scaled to length 1 a group: what scikit-learn's
``TfidfVectorizer(binary=True)`` makes of them, found here by hash in one pass over the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outagewatch.enrich.hints import HINTS, find_hints

CLASSES = ("acute", "chronic", "about", "other")
WORD_NGRAMS = (1, 2)
CHAR_NGRAMS = (4, 5)
HINT_WORTH = 0.5  # of a hint, where the n-grams of a group make up 1
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2^64
_BASE_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_CHUNK = 1 << 17  # code points worked on at once: what stays in a processor's cache
_SPACE, _NEWLINE = 32, 10

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NgramTable:
    """The n-grams of one group that the model knows: an open-addressed table in two arrays.

    ``hashes`` holds each known n-gram's hash at its slot (0: empty), ``features`` its number.
    """

    hashes: Hashes
    features: NDArray[np.int32]
    n_probes: int

    @classmethod
    def of(cls, hashes: Hashes) -> NgramTable:
        """Build the table of known n-grams; the i-th of ``hashes`` is feature i.

        Raises
        ------
        ValueError
            If two n-grams have one hash, or one has the hash 0.
        """
        if len(np.unique(hashes)) != len(hashes) or not hashes.all():
            raise ValueError("two n-grams of the model share a hash")
        bits = max(4, int(len(hashes) * 2).bit_length())
        table = cls(np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, np.int32), 0)
        slots, waiting, probes = table._home(hashes), np.arange(len(hashes)), 0
        while len(waiting):
            free = table.hashes[slots[waiting]] == 0
            first = np.unique(slots[waiting][free], return_index=True)[1]
            placed = waiting[free][first]
            table.hashes[slots[placed]] = hashes[placed]
            table.features[slots[placed]] = placed
            waiting = np.setdiff1d(waiting, placed)
            slots[waiting] = (slots[waiting] + 1) & ((1 << bits) - 1)
            probes += 1
        return cls(table.hashes, table.features, probes)

    def _home(self, hashes: Hashes) -> Index:
        shift = np.uint64(64 - (len(self.hashes).bit_length() - 1))
        return ((hashes * _MIX) >> shift).astype(np.int64)

    def find(self, hashes: Hashes) -> tuple[Index, Index]:
        """Return which of the hashes are known, by position, and the feature of each."""
        slots, at = self._home(hashes), np.arange(len(hashes))
        positions, features = [], []
        for _ in range(self.n_probes):
            there = self.hashes[slots]
            hit = there == hashes[at]
            positions.append(at[hit])
            features.append(self.features[slots[hit]].astype(np.int64))
            on = ~hit & (there != 0)
            at, slots = at[on], (slots[on] + 1) & (len(self.hashes) - 1)
            if not len(at):
                break
        return np.concatenate(positions), np.concatenate(features)


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Return the base's powers and inverse powers 0 … size - 1, modulo 2^64."""
    up, down = np.full(size, _BASE), np.full(size, _BASE_INVERSE)
    up[0] = down[0] = 1
    return np.multiply.accumulate(up), np.multiply.accumulate(down)


def _prefixes(codes: Codes) -> Hashes:
    up, _ = _powers(max(_CHUNK * 2, 1 << (len(codes) + 1).bit_length()))
    prefix = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes.astype(np.uint64) * up[: len(codes)], out=prefix[1:])
    return prefix


def _hash_spans(prefix: Hashes, start: Index, end: Index) -> Hashes:
    """Return the hash of each span of code points, the same wherever it stands."""
    _, down = _powers(max(_CHUNK * 2, 1 << len(prefix).bit_length()))
    spans = (prefix[end] - prefix[start]) * down[start]
    spans ^= spans >> np.uint64(29)
    return spans


def hash_ngrams(ngrams: list[str]) -> Hashes:
    """Return the hashes of n-grams given as text, shape (n_ngrams,)."""
    codes = np.frombuffer("".join(ngrams).encode("utf-32-le"), np.uint32)
    ends = np.cumsum([len(ngram) for ngram in ngrams]).astype(np.int64)
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64)
    return _hash_spans(_prefixes(codes), starts, ends)


def _word_spans(codes: Codes) -> tuple[Index, Index]:
    """Return starts and ends of all runs of one and two words, two never across rows."""
    word = (codes != _SPACE) & (codes != _NEWLINE)
    edges = np.flatnonzero(np.diff(word.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[0::2], edges[1::2]
    pair = starts[1:] - ends[:-1] == 1  # rows stand three characters apart
    return np.concatenate((starts, starts[:-1][pair])), np.concatenate((ends, ends[1:][pair]))


def _char_spans(codes: Codes) -> tuple[Index, Index]:
    """Return starts and ends of all runs of 4 and 5 characters, none across rows."""
    size = len(codes)
    breaks = np.concatenate((np.flatnonzero(codes == _NEWLINE), [size]))
    at = np.arange(size, dtype=np.int64)
    row_end = np.repeat(breaks, np.diff(np.concatenate(([0], breaks + 1))))[:size]
    starts, ends = [], []
    for n in range(CHAR_NGRAMS[0], CHAR_NGRAMS[1] + 1):
        fits = at[at + n <= row_end]
        starts.append(fits)
        ends.append(fits + n)
    return np.concatenate(starts), np.concatenate(ends)


class ComplaintModel:
    """Class probabilities from word and character n-grams.

    Parameters
    ----------
    word_hashes, char_hashes
        Hashes of the known n-grams, shape (n_words,) and (n_chars,).
    idf
        Inverse document frequencies, words before characters, shape (n_words + n_chars,).
    weights
        Shape (n_words + n_chars + n_hints, 4), a column a class of :data:`CLASSES`; hints as
        :data:`~outagewatch.enrich.hints.HINTS`.
    intercept
        Shape (4,).
    threshold
        Probability of ``acute`` from which a post counts as a person, in (0, 1).
    """

    def __init__(
        self,
        word_hashes: Hashes,
        char_hashes: Hashes,
        idf: NDArray[np.float32],
        weights: NDArray[np.float32],
        intercept: NDArray[np.float64],
        threshold: float,
    ) -> None:
        n_words = len(word_hashes)
        self._groups = (
            (_word_spans, NgramTable.of(word_hashes), idf[:n_words], weights[:n_words]),
            (_char_spans, NgramTable.of(char_hashes), idf[n_words:], weights[n_words : len(idf)]),
        )
        self._hint_weights = weights[len(idf) :].astype(np.float64) * HINT_WORTH
        self._intercept = intercept
        self.threshold = threshold

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], card: Mapping[str, Any]) -> ComplaintModel:
        """Build the model from what is stored of it: its arrays and its card.

        Raises
        ------
        ValueError
            If it was fitted to other hints than this version finds.
        """
        if tuple(card.get("hints", ())) != HINTS:
            raise ValueError("the model was fitted by another version of outagewatch")
        return cls(
            arrays["word_hashes"],
            arrays["char_hashes"],
            arrays["idf"],
            arrays["weights"],
            arrays["intercept"],
            float(card["threshold"]),
        )

    def probabilities(self, texts: str) -> NDArray[np.float64]:
        """Judge rows of text.

        Parameters
        ----------
        texts
            Rows apart by line feeds, as ``model_rows`` writes them.

        Returns
        -------
        Shape (n_rows, 4), columns as :data:`CLASSES`; each row sums to 1.
        """
        parts, at = [], 0
        while at <= len(texts):
            cut = len(texts) if at + _CHUNK >= len(texts) else texts.rfind("\n", at, at + _CHUNK)
            if cut <= at:  # one row longer than a chunk
                cut = texts.find("\n", at)
                cut = len(texts) if cut < 0 else cut
            parts.append(self._scores(texts[at:cut]))
            at = cut + 1
        scores = np.concatenate(parts)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))

    def _scores(self, texts: str) -> NDArray[np.float64]:
        codes = np.frombuffer(texts.encode("utf-32-le"), np.uint32)
        prefix = _prefixes(codes)
        row_of = np.cumsum(codes == _NEWLINE)
        n_rows = int(row_of[-1]) + 1 if len(codes) else 1
        scores = np.tile(self._intercept, (n_rows, 1))
        for spans, table, idf, weights in self._groups:
            starts, ends = spans(codes)
            if not len(starts):
                continue
            positions, features = table.find(_hash_spans(prefix, starts, ends))
            pairs = row_of[starts[positions]] * len(idf) + features
            if n_rows * len(idf) < 1 << 32:
                pairs = pairs.astype(np.uint32)  # sorts twice as fast
            pairs.sort()
            pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))[: len(pairs)]]
            rows, features = (part.astype(np.int64) for part in np.divmod(pairs, len(idf)))
            values = idf[features].astype(np.float64)
            squares = np.bincount(rows, values * values, n_rows)
            values /= np.sqrt(squares[rows])
            for k in range(len(CLASSES)):
                scores[:, k] += np.bincount(rows, values * weights[features, k], n_rows)
        row_starts = np.concatenate(([0], np.flatnonzero(codes == _NEWLINE) + 1))
        rows, hints = find_hints(texts, row_starts)
        for k in range(len(CLASSES)):
            scores[:, k] += np.bincount(rows, self._hint_weights[hints, k], n_rows)
        return scores
