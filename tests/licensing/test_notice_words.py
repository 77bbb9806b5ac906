from weighbridge.licensing.notice_words import (
    CONNECTING,
    HARMLESS_IN_NAMES,
    NEVER_IN_NAMES,
    PHRASES,
    REVERSING,
    TITLE,
)
from weighbridge.licensing.term_words import STRONG, WEAK


def test_no_word_of_terms_passes_as_a_word_of_titles() -> None:
    assert not (TITLE | CONNECTING) & (STRONG | NEVER_IN_NAMES | REVERSING)
    assert (TITLE | CONNECTING) & WEAK <= HARMLESS_IN_NAMES


def test_only_weak_words_are_harmless_in_names() -> None:
    assert HARMLESS_IN_NAMES <= STRONG | WEAK


def test_a_phrase_is_more_than_a_word() -> None:
    assert all(len(phrase) > 1 for phrase in PHRASES)
