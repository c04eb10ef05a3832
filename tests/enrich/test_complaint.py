import numpy as np
import pytest

from outagewatch.assets import asset
from outagewatch.enrich.complaint import NgramTable, hash_ngrams
from outagewatch.enrich.normalise import model_rows, normalise
from outagewatch.train import Labelled, fit, model_texts, read_all


@pytest.fixture(scope="module")
def fitted():
    every = read_all([asset("models", "training")])
    return fit(Labelled(every.texts[::12], every.labels[::12]))


def test_the_fast_path_agrees_with_scikit_learn(fitted):
    texts = read_all([asset("models", "training")]).texts[5::40]
    texts += ["", "a", "😀", "?!", "x" * 3000]
    slow = fitted.sklearn.predict_proba(model_texts(texts))
    fast = fitted.model.probabilities(model_rows(normalise(texts)))
    assert np.abs(slow - fast).max() < 1e-6


def test_probabilities_sum_to_one_whatever_the_batch(model):
    texts = ["plus internet", "", "bonjour " * 500, "idem"] * 50
    together = model.probabilities(model_rows(normalise(texts)))
    alone = np.concatenate([model.probabilities(model_rows(normalise([t]))) for t in texts])
    assert np.allclose(together.sum(axis=1), 1)
    assert np.array_equal(together, alone)


@pytest.mark.parametrize(
    ("text", "acute"),
    [
        ("@Freebox plus d'internet depuis 20 min dans le 34, c'est général ?", True),
        ("@free étape 2 depuis hier soir, rien ne marche", True),
        ("No signal in Leeds since this morning @O2, anyone else?", True),
        ("power just went out on our whole street", True),
        ("@free je résilie demain, 3 semaines que j'attends mon remboursement", False),
        ("@Freebox technicien prévu dans 15 jours pour ma ligne coupée depuis un mois", False),
        ("RT et follow pour gagner un iPhone avec @bouyguestelecom !", False),
        ("Power Rangers marathon tonight", False),
    ],
)
def test_what_fails_now_is_told_from_the_rest(model, text, acute):
    [row] = model.probabilities(model_rows(normalise([text])))
    assert (row[0] >= model.threshold) == acute


def test_an_ngram_is_found_where_it_is_known_and_nowhere_else():
    known = [f"mot{i}" for i in range(500)]
    table = NgramTable.of(hash_ngrams(known))
    positions, features = table.find(hash_ngrams(["mot7", "autre", "mot499", "mot70"]))
    assert dict(zip(positions.tolist(), features.tolist(), strict=True)) == {0: 7, 2: 499, 3: 70}
