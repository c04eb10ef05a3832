"""Fit the complaint model to labelled posts, and store it as plain arrays.

In: files of posts with labels. Out: ``complaint.npz`` and ``complaint.json``, its card.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, fbeta_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from outagewatch.assets import digest_of
from outagewatch.enrich.complaint import (
    CHAR_NGRAMS,
    CLASSES,
    HINT_WORTH,
    WORD_NGRAMS,
    ComplaintModel,
    hash_ngrams,
)
from outagewatch.enrich.hints import HINTS, hints_of
from outagewatch.enrich.normalise import model_rows, normalise, rows
from outagewatch.errors import TrainingError

# Labels as people write them, and as the labelling guideline numbers them; 9: undecidable.
_LABELS = {**{name: name for name in CLASSES}, "1": "acute", "2": "chronic", "3": "about"}
_LABELS |= {"0": "other"}
_UNDECIDED = {"9", ""}
MIN_POSTS = 100
REGULARISATION = 2.0  # inverse strength; larger fits the posts we wrote better and real ones worse
BETA = 0.75  # weight of recall against precision where the threshold is chosen
MIN_WORD_POSTS, MIN_CHAR_POSTS = 2, 3  # posts that must hold an n-gram
_FOLDS = 5


@dataclass(slots=True)
class Labelled:
    """Posts with their classes."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # where each is from: one hand, one manner
    skipped: int = 0  # rows without text, or that a reader could not decide

    def extend(self, other: Labelled) -> None:
        """Add the posts of another set."""
        self.texts += other.texts
        self.labels += other.labels
        self.files += other.files
        self.skipped += other.skipped

    def once(self) -> Labelled:
        """Return each text once.

        Raises
        ------
        TrainingError
            If one text has two labels.
        """
        seen: dict[str, str] = {}
        kept = Labelled(skipped=self.skipped)
        for text, label, file in zip(self.texts, self.labels, self.files, strict=True):
            if seen.setdefault(text, label) != label:
                raise TrainingError(
                    f"{file}: {text[:60]!r} is labelled both {seen[text]} and {label}"
                )
            if len(kept.texts) < len(seen):
                kept.texts.append(text)
                kept.labels.append(label)
                kept.files.append(file)
        return kept


def read_labelled(path: Path) -> Labelled:
    """Read posts with labels from a CSV or TSV file with columns ``text`` and ``label``.

    Raises
    ------
    TrainingError
        If the file cannot be read, lacks a column, or holds a label that is none.
    """
    found = Labelled()
    try:
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")  # as spreadsheets write where nobody chose
        file = io.StringIO(text, newline="")
        if path.suffix == ".tsv":
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            first = text.partition("\n")[0]
            mark = max(",;\t", key=first.count)
            reader = csv.DictReader(file, delimiter=mark, strict=True)
        names = reader.fieldnames or []
        for column in ("text", "label"):
            if column not in names:
                got = ", ".join(names) or "none"
                raise TrainingError(f"{path}: expected the columns text and label, got {got}")
        for row in reader:
            label = (row["label"] or "").strip().lower()
            if label in _UNDECIDED or not (row["text"] or "").strip():
                found.skipped += 1
                continue
            if label not in _LABELS:
                raise TrainingError(
                    f"{path}:{reader.line_num}: expected a label of {', '.join(CLASSES)} "
                    f"or 0 to 3, got {label!r}"
                )
            found.texts.append(row["text"] or "")
            found.labels.append(_LABELS[label])
            found.files.append(path.name)
    except OSError as error:
        raise TrainingError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path}: cannot be read as labelled posts: {error}") from error
    return found


def read_all(paths: Iterable[Path]) -> Labelled:
    """Read several files of labelled posts; a folder stands for the tables in it."""
    found = Labelled()
    for path in paths:
        tables = sorted([*path.glob("*.tsv"), *path.glob("*.csv")]) if path.is_dir() else [path]
        for table in tables:
            found.extend(read_labelled(table))
    return found


def pipeline() -> Pipeline:
    """Return the model as scikit-learn has it: what :class:`ComplaintModel` must agree with."""
    features = FeatureUnion(
        [
            (
                "words",
                TfidfVectorizer(
                    analyzer="word",
                    token_pattern=r"\S+",
                    ngram_range=WORD_NGRAMS,
                    binary=True,
                    lowercase=False,
                    min_df=MIN_WORD_POSTS,
                ),
            ),
            (
                "chars",
                TfidfVectorizer(
                    analyzer="char",
                    ngram_range=CHAR_NGRAMS,
                    binary=True,
                    lowercase=False,
                    min_df=MIN_CHAR_POSTS,
                ),
            ),
            (
                "hints",
                CountVectorizer(analyzer=hints_of, vocabulary=list(HINTS), binary=True),
            ),
        ],
        transformer_weights={"hints": HINT_WORTH},
    )
    return make_pipeline(features, LogisticRegression(C=REGULARISATION, max_iter=2000))


def model_texts(texts: Sequence[str]) -> list[str]:
    """Return texts as the model reads them, one row each."""
    return rows(model_rows(normalise(list(texts)))) if texts else []


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: scikit-learn's pipeline, and the same as plain arrays with its card."""

    sklearn: Pipeline
    arrays: dict[str, np.ndarray]
    card: dict[str, Any]

    @property
    def model(self) -> ComplaintModel:
        """The model that reads posts."""
        return ComplaintModel.from_arrays(self.arrays, self.card)

    def save(self, folder: Path) -> None:
        """Write ``complaint.npz`` and ``complaint.json`` into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / "complaint.npz", **self.arrays)  # type: ignore[arg-type]
        card = json.dumps(self.card, indent=1, ensure_ascii=False)
        (folder / "complaint.json").write_text(card + "\n", "utf-8")


def fit(labelled: Labelled, *, threshold: float | None = None) -> Fitted:
    """Fit the model, choose its threshold by cross-validation, and write its card.

    Each fifth of cross-validation holds whole files, so that what is judged is written in a manner
    that was not learnt.

    Parameters
    ----------
    labelled
        The posts.
    threshold
        Probability of ACUTE from which a post counts; None to choose it.

    Raises
    ------
    TrainingError
        If there are too few posts, or a class has none.
    """
    counts = Counter(labelled.labels)
    missing = [name for name in CLASSES if counts[name] < _FOLDS]
    if len(labelled.texts) < MIN_POSTS or missing:
        raise TrainingError(
            f"expected at least {MIN_POSTS} labelled posts and {_FOLDS} of each class, got "
            + ", ".join(f"{counts[name]} {name}" for name in CLASSES)
        )
    texts = model_texts(labelled.texts)
    classes = np.array([CLASSES.index(label) for label in labelled.labels])
    scores: dict[str, Any] = {}
    if threshold is None:
        probabilities = _cross_validated(texts, classes, labelled.files)
        threshold = best_threshold(classes == 0, probabilities[:, 0])
        scores = _scores(classes, probabilities, threshold)
    fitted = pipeline().fit(texts, classes)
    words, chars = (vectoriser for _, vectoriser in fitted[0].transformer_list[:2])
    linear = fitted[-1]
    arrays = {
        "word_hashes": hash_ngrams(words.get_feature_names_out().tolist()),
        "char_hashes": hash_ngrams(chars.get_feature_names_out().tolist()),
        "idf": np.concatenate([words.idf_, chars.idf_]).astype(np.float32),
        "weights": linear.coef_.T.astype(np.float32),
        "intercept": linear.intercept_.astype(np.float64),
    }
    card = {
        "classes": list(CLASSES),
        "threshold": threshold,
        "posts": dict(counts),
        "features": {
            "words": len(arrays["word_hashes"]),
            "characters": len(arrays["char_hashes"]),
        },
        "hints": list(HINTS),
        "cross_validation": scores,
        "digest": digest_of(arrays),
    }
    return Fitted(fitted, arrays, card)


def _cross_validated(texts: list[str], classes: np.ndarray, files: list[str]) -> np.ndarray:
    """Return each post's probabilities by a model fitted without its file, shape (n_posts, 4)."""
    many = len(set(files)) >= _FOLDS * 2
    folds = (
        StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
        if many
        else StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    )
    groups = files if many else None
    found: np.ndarray = cross_val_predict(
        pipeline(), texts, classes, groups=groups, cv=folds, method="predict_proba"
    )
    return found


def fit_with(
    shipped: Labelled, own: Labelled, threshold: float | None = None
) -> tuple[Fitted, float]:
    """Fit a model to the posts that ship and one's own.

    Parameters
    ----------
    shipped, own
        The posts.
    threshold
        Probability of ACUTE from which a post counts; None to choose it.

    Returns
    -------
    The model fitted to all, and the F1 for ACUTE on one's own posts: each judged by a model that
    was fitted without it.

    Raises
    ------
    TrainingError
        If there are too few posts of one's own.
    """
    counts = Counter(own.labels)
    if len(own.texts) < _FOLDS * 4 or counts["acute"] < _FOLDS:
        raise TrainingError(
            f"expected at least {_FOLDS * 4} labelled posts, {_FOLDS} of them acute, "
            f"got {len(own.texts)} and {counts['acute']}"
        )
    both = Labelled(list(shipped.texts), list(shipped.labels), list(shipped.files))
    both.extend(own)
    fitted = fit(both, threshold=threshold)
    truth = np.array([label == "acute" for label in own.labels])
    texts, base = model_texts(own.texts), model_texts(shipped.texts)
    acute = np.zeros(len(texts))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    labels = np.array(own.labels)
    for known, unknown in folds.split(texts, truth):
        model = pipeline().fit(
            [*base, *(texts[i] for i in known)], [*shipped.labels, *labels[known].tolist()]
        )
        column = list(model.classes_).index("acute")
        acute[unknown] = model.predict_proba([texts[i] for i in unknown])[:, column]
    return fitted, float(f1_score(truth, acute >= fitted.card["threshold"]))


def score(model: ComplaintModel, labelled: Labelled) -> float:
    """Return a model's F1 for ACUTE on labelled posts."""
    texts = model_rows(normalise(labelled.texts))
    acute = model.probabilities(texts)[:, 0] >= model.threshold
    return float(f1_score([label == "acute" for label in labelled.labels], acute))


def best_threshold(acute: np.ndarray, probability: np.ndarray) -> float:
    """Return the threshold of the best F for ACUTE, in steps of 0.01, shapes (n_posts,).

    Precision weighs more than recall: a post taken wrongly raises what is usual for good, one that
    is missed delays an alert by the time to the next.
    """
    steps = [step / 100 for step in range(20, 81)]
    return max(steps, key=lambda step: fbeta_score(acute, probability >= step, beta=BETA))


def _scores(classes: np.ndarray, probabilities: np.ndarray, threshold: float) -> dict[str, Any]:
    precision, recall, f1, _ = precision_recall_fscore_support(
        classes == 0, probabilities[:, 0] >= threshold, average="binary"
    )
    technical = probabilities[:, :2].sum(axis=1) >= 0.5
    per_class = f1_score(classes, probabilities.argmax(axis=1), average=None)
    return {
        "acute_precision": round(float(precision), 3),
        "acute_recall": round(float(recall), 3),
        "acute_f1": round(float(f1), 3),
        "technical_f1": round(float(f1_score(classes < 2, technical)), 3),
        "f1": dict(zip(CLASSES, [round(float(x), 3) for x in per_class], strict=True)),
    }
