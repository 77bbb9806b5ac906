import pytest

from weighbridge.formats.stated_limits import MOST, limits

LIMITING = (
    "The weights are for research purposes only.",
    "Released for **academic use only**.",
    "This model is intended only for research.",
    "Commercial use is strictly prohibited.",
    "Commercial use of the model is not allowed.",
    "You may use it, but not for commercial purposes.",
    "It can not be used commercially.",
    "We prohibit any commercial deployment.",
    "Licensed under CC BY\u2013NC 4.0.",
    "license: cc-by-nc-sa-4.0",
    "For non-\ncommercial use.",
    "A research-only preview.",
    "Commercial use requires a separate agreement.",
    "The model may not be used in products.",
    "Strictly for personal and educational use.",
)
HARMLESS = (
    "A model for research and commercial use.",
    "Commercial use is allowed.",
    "It is no longer non-commercial.",
    "Results of our research: only the large one is better.",
    "We only use public data for training.",
    "Copy the internal state to the GPU.",
    "This may not be the best choice for code.",
    "The commercial models of others are better.",
    "License: Apache 2.0",
)


@pytest.mark.parametrize("text", LIMITING)
def test_prose_that_states_a_limit(text):
    assert list(limits(f"# Model\n\nA fine model. {text} Have fun."))


@pytest.mark.parametrize("text", HARMLESS)
def test_prose_that_states_none(text):
    assert list(limits(f"# Model\n\nA fine model. {text} Have fun.")) == []


def test_the_sentence_is_quoted_and_few_are_kept():
    [said] = limits("First. The *weights* are for research\nonly. Last.")
    assert said == "The weights are for research only"
    assert len(list(limits("Research only. And then more of it. " * 50))) == MOST
