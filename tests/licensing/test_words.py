import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.words import LONGEST, MOST_WORDS, too_long, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Permission IS hereby\n# granted", "permission is hereby granted"),
        ("(a) use; 2.1. copy\n   iv) sell", "use copy sell"),
        ("&quot;AS IS&quot; &amp; free", "as is and free"),
        ("<p>The <b>Licence</b></p>", "the license"),
        ("com\u00admer\u200bcial", "commercial"),
        ("n\u043et f\u043er s\u0430le", "not for sale"),
        ("\u201cSoftware\u201d \u2014 (c) 2024, https://www.example.org/x", "software 2024 example org x"),
        ("\uff35\uff53\uff45", "use"),
    ],
)
def test_formatting_does_not_count(written: str, read: str) -> None:
    assert words(written) == read.split()


def test_every_word_counts() -> None:
    assert words("not") != words("")
    assert words("may") != words("may not")


def test_length_is_bounded() -> None:
    assert len(words("a " * LONGEST)) <= MOST_WORDS
    assert too_long("a" * (LONGEST + 1))
    assert not too_long("a" * LONGEST)


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(word and word == word.casefold() for word in words(text))


def test_what_html_shows_counts_and_its_marks_do_not() -> None:
    assert words('<p class="a">free <b title="not">of</b> charge</p>') == ["free", "not", "of", "charge"]
    assert words("granted <not> here") == ["granted", "not", "here"]


def test_marks_that_split_or_turn_words_are_seen_through_or_flagged() -> None:
    assert words("n\ufe0fo\ufe0ft") == ["not"]
    assert "\u16a0" in words("MIT \u202eton\u202c")
    assert "\u16a0" in words("MIT \U000e006e")[-1]
