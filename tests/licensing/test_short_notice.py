import pytest

from weighbridge.licensing.short_notice import named_in
from weighbridge.licensing.words import words


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SPDX-License-Identifier: MIT", ("mit",)),
        ("Licensed under the Apache License, Version 2.0 (the License)", ("apache-2.0",)),
        (
            "The code is released under the MIT license, weights are licensed under CC-BY-NC-4.0",
            ("mit", "cc-by-nc-4.0"),
        ),
        ("A text about something else", ()),
    ],
)
def test_names(text: str, named: tuple[str, ...]) -> None:
    assert named_in(words(text)) == named
