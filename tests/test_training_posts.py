"""The posts that ship for training are as varied as the model's card says."""

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

PATH = Path(__file__).parents[1] / "benchmarks" / "training_set.py"


@pytest.fixture(scope="module")
def check():
    spec = importlib.util.spec_from_file_location("training_set", PATH)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["training_set"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lines(check):
    return check.read(Path(__file__).parents[1] / "models" / "training")


def test_no_two_posts_are_alike(check, lines):
    assert list(check.alike([line.text for line in lines])) == []


def test_posts_that_are_alike_are_found(check):
    texts = ["plus d'internet depuis ce matin à Lyon", "un tout autre propos", ""]
    assert list(check.alike([*texts, texts[0].upper() + " !"])) == [(0, 3)]


def test_no_opening_is_common(check, lines):
    [(_, n)] = check.openings([line.text for line in lines]).most_common(1)
    assert n <= 0.03 * len(lines)


def test_each_language_holds_each_class_and_the_services_it_needs(lines):
    by_language = Counter(line.language for line in lines)
    assert by_language["fr"] >= 6000 and by_language["en"] >= 3000
    kinds = Counter((line.language, line.label, line.service) for line in lines)
    for language in ("fr", "en", "es", "de", "it", "pt"):
        for label in ("ACUTE", "CHRONIC", "ABOUT", "OTHER"):
            n = sum(k for (la, lb, _), k in kinds.items() if (la, lb) == (language, label))
            assert n >= 40, (language, label)
        for service in ("fixed_internet", "mobile_data", "tv", "power", "online"):
            assert kinds[language, "ACUTE", service] >= 8, (language, service)
