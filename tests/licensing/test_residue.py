import pytest

from weighbridge.licensing.residue import Residue, classify, is_notice
from weighbridge.licensing.words import words

MIT = frozenset({"mit"})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Copyright (c) 2024 Rosa Example. All rights reserved.", Residue.NOTICE),
        ("This project is licensed under the MIT License, see LICENSE.", Residue.NAMING),
        ("The model was trained on many tokens. " * 40, Residue.PROSE),
        ("Not for commercial use.", Residue.TERMS),
        ("You may only use it for research.", Residue.TERMS),
        ("The weights are released under the Foo license.", Residue.TERMS),
        ("Uso comercial prohibido.", Residue.TERMS),
        ("\u7981\u6b62\u5546\u7528", Residue.UNREADABLE),
        ("The model was trained on many tokens. " * 40 + "Users must pay for the output of the model.", Residue.TERMS),
    ],
)
def test_what_other_words_are(text: str, kind: Residue) -> None:
    assert classify(words(text), MIT) is kind


def test_notices_inside() -> None:
    assert is_notice(words("Copyright 2024 Rosa"), MIT)
    assert not is_notice(words("except in products"), MIT)
    assert not is_notice(words("several plain words"), MIT)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Just kidding.", Residue.UNCLEAR),
        ("Our firm would like to hear from companies that earn money with it before long.", Residue.UNCLEAR),
        ("The model was trained on many of the tokens. " * 30 + "For research only.", Residue.TERMS),
        ("The model was trained on many of the tokens. " * 30 + "You may share weights with friends.", Residue.TERMS),
        ("The model was trained on many of the tokens. " * 30 + "MIT License. Copyright 2024 Rosa.", Residue.NAMING),
        ("Das Modell ist schnell und gut und auch klein und sparsam im Betrieb.", Residue.UNREADABLE),
    ],
)
def test_what_no_word_of_terms_gives_away(text: str, kind: Residue) -> None:
    assert classify(words(text), MIT) is kind


SENTENCES = ("Ask us first before you ship.", "Acme may withdraw this at will.", "Outputs belong to Acme Inc.")


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(
    "before",
    [
        "MIT License. Copyright 2013-2026 Kim Davies and contributors. All rights reserved. ",
        "Copyright 2022 the respective contributors, as shown by the AUTHORS file. ",
        "This module was taken from the package of Pi, which was made by them. It is MIT. Copyright 2009 Pi, Inc. ",
    ],
)
def test_a_sentence_behind_a_notice_is_no_part_of_it(before: str, sentence: str) -> None:
    assert classify(words(before + sentence), MIT) not in (Residue.NOTICE, Residue.NAMING, Residue.PROSE)


def test_a_grant_that_ends_is_seen_in_long_texts() -> None:
    prose = "The model was trained on many of the tokens. " * 40
    assert classify(words(f"{prose} This grant ends on 31 December 2026. {prose}"), MIT) is Residue.UNCLEAR
    assert classify(words(f"{prose} Nur f\u00fcr Forschungszwecke. {prose}"), MIT) is Residue.UNREADABLE
