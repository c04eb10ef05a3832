import pytest
from hypothesis import given
from hypothesis import strategies as st

from outagewatch.enrich.normalise import model_rows, normalise, rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        pytest.param("RÉSEAU", " reseau ", id="case and accents"),
        pytest.param("re\u0301seau", " reseau ", id="accents as signs of their own"),
        pytest.param("plus d’internet", " plus d internet ", id="curly apostrophe"),
        pytest.param("cœur ß", " coeur ss ", id="ligatures"),
        pytest.param("voir https://t.co/abc ok", " voir url ok ", id="link"),
        pytest.param("@Free_1337: allô", " @free_1337 allo ", id="handle"),
        pytest.param("panne?!", " panne ? ! ", id="marks are words"),
        pytest.param("heeeelp 1000", " heelp 1000 ", id="repeated letters, not digits"),
        pytest.param("𝗽𝗮𝗻𝗻𝗲", " panne ", id="letters in disguise"),
        pytest.param("pa\u200bnne \u202eabc", " panne abc ", id="invisible signs"),
        pytest.param("a\nb\x00c", " a b c ", id="line feed and NUL"),
        pytest.param("", " ", id="nothing"),
    ],
)
def test_texts_are_brought_to_one_form(text, row):
    assert normalise([text]) == row


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_a_batch_reads_as_its_texts_alone(texts):
    assert rows(normalise(texts)) == [normalise([text]) for text in texts]


@given(st.text())
def test_every_row_keeps_single_spaces_at_both_ends(text):
    row = normalise([text])
    assert row.startswith(" ") and row.endswith(" ") and "  " not in row and "\n" not in row


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (" depuis 3 jours ", " depuis durdays "),
        (" depuis 4 jours ", " depuis durlong "),
        (" since 20 minutes ", " since durshort "),
        (" for two weeks ", " for durlong "),
        (" la 5 eme fois ", " la recur "),
        (" @kev plus rien ", " @u plus rien "),
    ],
)
def test_durations_become_kinds(row, read):
    assert model_rows(row) == read
