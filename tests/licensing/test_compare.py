from tests.samples.license_texts import spdx

from weighbridge.licensing.align import gram_positions
from weighbridge.licensing.compare import MAY_BE_WHOLE, Compared, compare, names_of
from weighbridge.licensing.grams import grams, word_hashes
from weighbridge.licensing.text_index import index
from weighbridge.licensing.words import words


def compared(text: str, license_id: str) -> list[Compared]:
    own = words(text)
    hashes = word_hashes(own)
    number = next(number for number, item in enumerate(index().licenses) if item.id == license_id)
    return compare(index(), [(1.0, number)], own, hashes, gram_positions(grams(hashes)))


def test_titles_and_holders_are_no_difference() -> None:
    best = compared(spdx("MIT"), "mit")[0]
    assert best.differing == 0
    assert best.around


def test_an_appendix_may_be_missing_and_a_clause_may_not() -> None:
    text = spdx("Apache-2.0")
    assert compared(text[: text.index("APPENDIX")], "apache-2.0")[0].differing == 0
    start, end = text.index("3. Grant of Patent"), text.index("4. Redistribution")
    assert compared(text[:start] + text[end:], "apache-2.0")[0].differing > 50


def test_words_put_inside_are_differences() -> None:
    best = compared(spdx("MIT").replace("without restriction", "without much restriction"), "mit")[0]
    assert best.differing == 1


def test_names() -> None:
    assert {"mit"} <= names_of("mit")
    assert "license" not in names_of("mit")


def test_a_whole_license_shares_more_runs_than_what_may_be_whole_needs() -> None:
    known = index()
    for number, entry in enumerate(known.licenses):
        for variant in map(known.variant, entry.variants):
            left_out = {place for first, last in variant.optional for place in range(first, last)}
            required = [word for place, word in enumerate(variant.words) if place not in left_out]
            filled = [word or -place for place, word in enumerate(required)]
            share = known.shared(set(grams(filled)))[number] / entry.grams
            assert share > MAY_BE_WHOLE + 0.15, entry.id
