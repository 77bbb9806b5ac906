from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.layer_text import split_front_matter


def test_front_matter_names_and_is_cut_off():
    text = "---\ntitle: MIT License\nspdx-id: MIT\n---\n\nMIT License\n"
    assert split_front_matter(text) == ("MIT", "\nMIT License\n")


def test_without_one_nothing_changes():
    for text in ("MIT License\n---\nspdx-id: MIT\n---\n", "", "---\nspdx-id: MIT"):
        assert split_front_matter(text) == (None, text)


@given(st.text())
def test_what_is_left_is_the_end_of_the_text(text):
    assert text.endswith(split_front_matter(text)[1])
