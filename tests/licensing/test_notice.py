import pytest

from weighbridge.licensing.notice import (
    beyond_first_notices,
    fills_blank,
    is_holder,
    only_notices,
    without_last_notices,
)
from weighbridge.licensing.words import words

MIT = frozenset({"mit", "expat"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIT License\n\nCopyright (c) 2024 Rosa Example",
        "The MIT License (MIT)\n\nCopyright 2018, 2020-2024 Sissa (Scuola Internazionale) and others",
        "Tiny-Model License: MIT\n\nCopyright 2024 A\nCopyright 2025 B. All rights reserved.",
        "This model is released under the MIT license:",
        "MIT License\n\nCopyright 2022 the contributors, as shown by the AUTHORS file.",
        "MIT License\n\nFor Fastmath software\n\nCopyright (c) Example, Inc. and affiliates.",
        "MIT License\n\nCopyright (c) 2022 Consortium for Python Data API Standards",
        "pyparts -- A C parser in Python\n\nCopyright (c) 2008, Rosa Example",
        "Tiny license\n\n(http://opensource.org/licenses/MIT)\n\nCopyright 2013 by Tiny authors (see AUTHORS.rst)",
        "Tiny is distributed with the MIT license.\n\nCopyright 2013 Rosa",
    ],
)
def test_titles_and_notices_pass(text: str) -> None:
    assert only_notices(words(text), MIT)


@pytest.mark.parametrize(
    "text",
    [
        "Just kidding.",
        "None of this applies here.",
        "MIT License (void)",
        "Modified MIT License",
        "MIT License for research software. Copyright 2024 Example",
        "MIT License for military software. Copyright 2024 Example",
        "Hobbyists only. Copyright 2024 Example",
        "Trademarks reserved.",
        "1000000 100. Copyright 2024 Example",
        "Copyright 2024 Example for students",
        "The text above is void.",
        "Companies: call sales first.",
        "MIT License. Copyright 2024 everyone but companies",
        "Copyright 2024 Example. You owe us ten percent.",
        "MIT License. Copyright 2024 Example. Nur f\u00fcr private Zwecke.",
        "TheWeightsMayBeUsedForNothing, MIT License",
        "Copyright 2024 \u4ec5\u4f9b\u5b66\u672f",
    ],
)
def test_whatever_could_mean_more_does_not(text: str) -> None:
    assert not only_notices(words(text), MIT)


def test_names() -> None:
    assert is_holder(words("2024 D. E. Shaw Research and its contributors"))
    assert not is_holder(words("Example Labs for research use"))
    assert not is_holder(["name"] * 17)
    assert fills_blank(words("the authors or copyright holders"))
    assert not fills_blank(words("everyone except the military"))
    assert fills_blank(words("Example Services LLC and its contributors"))
    assert not fills_blank(words("this software"))


def test_notices_at_the_end_are_left_out() -> None:
    assert without_last_notices(words("It is fast. License. Copyright 2024 A. Copyright 2025 B.")) == [
        "it",
        "is",
        "fast",
        "license",
    ]
    kept = words("License. Copyright 2024 A, not for companies.")
    assert without_last_notices(kept) == kept


def test_what_stands_behind_the_first_notices() -> None:
    said = words("MIT License. Copyright 2013 Rosa and others. Copyright 2014 Ada. You pay us.")
    assert beyond_first_notices(said, MIT) == ["you", "pay", "us"]
    assert beyond_first_notices(words("Plain words alone"), MIT) == ["plain", "words", "alone"]
