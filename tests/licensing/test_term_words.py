from weighbridge.licensing.term_words import KINDS_OF_USE, NAMING, SOFT, STRONG, TOPICS, WEAK


def test_a_word_is_either_strong_weak_or_soft() -> None:
    assert not STRONG & WEAK
    assert not STRONG & SOFT
    assert not WEAK & SOFT


def test_words_that_only_name_a_license_are_no_words_of_terms() -> None:
    assert not NAMING & STRONG
    assert not NAMING & KINDS_OF_USE


def test_all_are_single_folded_words() -> None:
    assert all(word.isalpha() and word == word.casefold() for word in STRONG | WEAK | SOFT | TOPICS | NAMING)
