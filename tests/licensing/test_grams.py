from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.grams import LENGTH, grams, word_hash, word_hashes


def test_the_same_on_every_machine() -> None:
    assert word_hashes(["a", "b", "a"])[0] == word_hashes(["a"])[0] != word_hash("b")


@given(st.lists(st.integers(0, (1 << 32) - 1), max_size=40))
def test_a_run_depends_on_its_five_words_alone(hashes: list[int]) -> None:
    alone = [grams(hashes[start : start + LENGTH])[0] for start in range(max(0, len(hashes) - LENGTH + 1))]
    assert grams(hashes) == alone
