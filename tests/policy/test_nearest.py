import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.policy.nearest import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "expected"),
    [("licence", "license"), ("Artefact", "Artifact"), ("ASSESSMENT", "assessment"), ("malicous", "malicious")],
)
def test_nearest(word, expected):
    assert nearest(word, ["license", "Artifact", "assessment", "malicious"]) == expected


def test_nothing_alike_lists_what_is_valid():
    assert nearest("zzz", ["license"]) is None
    assert did_you_mean("zzz", ["b", "a"]) == "valid here: a, b"
    assert did_you_mean("zzz", map(str, range(30))).endswith(", ...")


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=20), max_size=20))
def test_any_word_gets_an_answer(word, valid):
    assert nearest(word, valid) in {None, *valid}
    assert did_you_mean(word, valid)
