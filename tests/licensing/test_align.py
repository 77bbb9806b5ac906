from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.align import WILDCARD, Alignment, align, gram_positions
from weighbridge.licensing.grams import grams, word_hashes

TERMS = "you may use copy and share this work for any purpose if you keep this notice with it always"


def aligned(license_words: list[int], text: str) -> Alignment | None:
    hashes = word_hashes(text.split())
    return align(license_words, grams(license_words), hashes, gram_positions(grams(hashes)))


def terms(text: str = TERMS) -> list[int]:
    return [
        WILDCARD if word == "*" else value for word, value in zip(text.split(), word_hashes(text.split()), strict=True)
    ]


def test_whole_and_between_other_words() -> None:
    found = aligned(terms(), f"some title {TERMS} the end")
    assert found is not None
    assert (found.start, found.end, found.missing, found.extra) == (2, 2 + len(TERMS.split()), (), ())


def test_a_word_put_in_a_word_left_out_and_a_word_changed() -> None:
    added = aligned(terms(), TERMS.replace("any", "not any"))
    assert added is not None
    assert [item[:2] for item in added.extra] == [(9, 10)]
    assert not added.missing
    removed = aligned(terms(), TERMS.replace(" any", ""))
    assert removed is not None
    assert removed.missing == ((9, 10),)
    assert not removed.extra
    changed = aligned(terms(), TERMS.replace("any", "some"))
    assert changed is not None
    assert changed.missing == ((9, 10),)
    assert [item[:2] for item in changed.extra] == [(9, 10)]


def test_differences_at_both_ends() -> None:
    cut = aligned(terms(), " ".join(TERMS.split()[3:-3]))
    assert cut is not None
    assert cut.missing == ((0, 3), (16, 19))


def test_a_wildcard_takes_few_words() -> None:
    named = terms(TERMS.replace("this notice", "*"))
    found = aligned(named, TERMS.replace("this notice", "the name of Rosa"))
    assert found is not None
    assert not found.missing
    assert not found.extra
    assert len(found.wild) == 1
    flood = aligned(named, TERMS.replace("this notice", "x " * 30))
    assert flood is not None
    assert flood.extra


def test_nothing_in_common() -> None:
    assert aligned(terms(), "quite another text about models and their layers") is None


@given(st.lists(st.sampled_from(TERMS.split()), max_size=60))
def test_it_ends_and_counts_right(text: list[str]) -> None:
    found = aligned(terms(), " ".join(text))
    if found is not None:
        missing = sum(last - first for first, last in found.missing)
        assert found.matched + missing == len(TERMS.split())
        assert 0 <= found.start <= found.end <= len(text) + 1
