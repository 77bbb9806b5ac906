from collections import Counter

from weighbridge.licensing.grams import grams, word_hashes
from weighbridge.licensing.table import license_entry
from weighbridge.licensing.text_index import index


def test_licenses_of_the_table_have_a_wording() -> None:
    ids = {item.id: item for item in index().licenses}
    for name in ("apache-2.0", "mit", "bsd-3-clause", "llama3.1", "flux-1-dev-nc", "cc-by-nc-4.0", "gemma"):
        assert license_entry(name) is not None
        assert ids[name].variants
    assert all(item.grams > 0 for item in index().licenses)


def test_optional_parts_lie_inside() -> None:
    for item in index().licenses:
        for number in item.variants:
            variant = index().variant(number)
            assert variant.words
            assert all(0 <= start < end <= len(variant.words) for start, end in variant.optional)


def test_runs_find_their_license() -> None:
    text = "permission is hereby granted free of charge to any person obtaining a copy of this software and associated"
    found = index().shared(set(grams(word_hashes(text.split()))))
    assert "mit" in {index().licenses[number].id for number in found}
    assert not index().shared(set())


def test_every_run_is_found_wherever_it_stands_in_the_table() -> None:
    known = index()
    for number in (0, len(known.licenses) // 2, len(known.licenses) - 1):
        for variant in map(known.variant, known.licenses[number].variants):
            apart = Counter[int]()
            for gram in set(variant.grams):
                apart += known.shared({gram})
            assert known.shared(set(variant.grams)) == apart
