import pytest
from tests.samples.license_texts import prose

from weighbridge.licensing.prose import is_english, plays_with_letters
from weighbridge.licensing.words import words


def test_an_ordinary_description_is_english_without_games() -> None:
    own = words(prose(500))
    assert is_english(own)
    assert not plays_with_letters(own)


@pytest.mark.parametrize(
    "text",
    [
        "Eine Nutzung zu Erwerbszwecken bedarf der Zustimmung.",
        "Toute utilisation par une entreprise est soumise \u00e0 des conditions.",
        "lorem ipsum dolor sit amet consectetur adipiscing elit",
    ],
)
def test_other_languages_are_found_in_the_middle(text: str) -> None:
    assert not is_english(words(text))


def test_a_foreign_sentence_in_a_long_english_text() -> None:
    text = prose(400, 1) + " Eine Nutzung zu Erwerbszwecken bedarf der Zustimmung. " + prose(400, 2)
    assert not is_english(words(text))


@pytest.mark.parametrize("text", ["n o t f o r s a l e", "n0n-c0mm3rc1al use", "notforcommercialuse"])
def test_games_with_letters(text: str) -> None:
    assert plays_with_letters(words(text))
