import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.enrich.lexicon import Lexicon, patterns
from outagewatch.enrich.normalise import normalise
from outagewatch.enrich.sieve import Sieve

SPELLINGS = [
    "réseau",
    "plus de réseau",
    "panne*",
    "la co",
    "écran noir",
    "coup* général*",
    "@free",
    "h+",
]
LEXICON = Lexicon([("symptom", "x", SPELLINGS)])
SIEVE = Sieve(pattern for spelling in SPELLINGS for pattern in patterns(spelling))
PIECES = st.sampled_from(
    ["RÉSEAU", "re\u0301seau", "réseauuuu", "𝗽𝗮𝗻𝗻𝗲", "pan\xadne", "PANNES", "l'écran", "noir", "coupure", "générale",
     "la", "co", "?co!", "@Free,", "H+", "œuf", "straße", "😀", " ", "\n", "-", "plus", "de", "xpanne"]
) | st.text(max_size=6)  # fmt: skip


@given(
    st.lists(
        st.lists(PIECES, max_size=6).map(" ".join) | st.lists(PIECES, max_size=6).map("".join),
        min_size=1,
        max_size=8,
    )
)
def test_no_text_that_holds_a_term_is_left_out(texts):
    assert set(LEXICON.find(normalise(texts))) <= set(SIEVE.rows(texts))


@pytest.mark.parametrize(
    "text", ["il fait beau", "le scooter", "corse et réseaux", "what a day ?!"]
)
def test_everyday_texts_are_left_out(text):
    assert SIEVE.rows([text]) == []


def test_terms_in_another_script_are_all_looked_at():
    assert Sieve(patterns("интернет")).rows(["a", "b"]) == [0, 1]
