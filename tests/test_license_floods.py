"""What a license text costs grows with its length, no faster, up to the longest license; steps are counted."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from tests.samples.license_texts import prose, spdx
from weighbridge.licensing.identify_text import identify
from weighbridge.licensing.words import LONGEST
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness

FLOODS: dict[str, Callable[[int], str]] = {
    "one word": lambda n: "license " * n,
    "one letter": lambda n: "a " * n,
    "two words in turn": lambda n: "license use " * (n // 2),
    "a name in turn": lambda n: "mit license " * (n // 2),
    "other names": lambda n: " ".join(f"license name{number}" for number in range(n // 2)),
    "notices": lambda n: "Copyright Will McGugan " * (n // 3),
    "notices behind a license": lambda n: spdx("MIT") + "Copyright 2024 Brian May\n" * (n // 4),
    "titles behind a license": lambda n: spdx("MIT") + "MIT License " * (n // 2),
    "the beginning of a license": lambda n: "permission is hereby granted free of charge to any person " * (n // 10),
    "a license many times": lambda n: spdx("MIT") * (n // 160),
    "two licenses in turn": lambda n: (spdx("MIT") + spdx("BSD-3-Clause")) * (n // 380),
    "a license with a word between": lambda n: " x ".join(spdx("Apache-2.0").split()) + " x" * n,
    "a description": lambda n: spdx("MIT") + prose(n),
    "open tags": lambda n: spdx("MIT") + "<a " * n,
}
LEAST, MORE = 2000, 4
"""Words of the shorter text, and how many times longer the longer one is."""


def steps(text: str) -> tuple[int, IdentifiedText]:
    """Return how many lines of the room `licensing` run while `text` is identified, and the answer."""
    count = 0

    def line(_frame: FrameType, event: str, _value: object) -> object:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, _event: str, _value: object) -> object:
        return line if "licensing" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        answer = identify(LicenseText(source="LICENSE", text=text))
    finally:
        sys.settrace(before)
    return count, answer


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Tables and wordings are read once a run; they are no part of what a text costs."""
    for name in ("MIT", "BSD-3-Clause", "BSD-2-Clause", "Apache-2.0", "GPL-3.0-only"):
        identify(LicenseText(source="LICENSE", text=spdx(name) + prose(300)))
    for build in FLOODS.values():
        identify(LicenseText(source="LICENSE", text=build(LEAST)))


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_work_grows_with_the_text(flood: Callable[[int], str]) -> None:
    few, _ = steps(flood(LEAST))
    many, _ = steps(flood(LEAST * MORE))
    assert many <= few * MORE * 1.25


def test_a_name_said_a_thousand_times_is_looked_up_once() -> None:
    count, answer = steps("license " * 1000)
    assert answer.likeness is TextLikeness.UNIDENTIFIED
    assert count < 40_000


def test_five_megabytes_cost_what_the_longest_text_costs() -> None:
    line = "a quick word in here\n"
    longest, _ = steps(line * (LONGEST // len(line)))
    enormous, answer = steps(line * (5_000_000 // len(line)))
    assert enormous <= longest * 1.05
    assert answer.likeness is TextLikeness.UNIDENTIFIED


def test_a_permission_at_the_head_of_five_megabytes_is_none() -> None:
    _, answer = steps(spdx("MIT") + "\n" * 5_000_000 + "Not for sale.")
    assert answer.likeness is TextLikeness.AMBIGUOUS


def test_the_count_can_fail() -> None:
    """Work that grows with the square of the text would be seen."""
    few, many = (sum(range(length)) for length in (LEAST, LEAST * MORE))
    assert many > few * MORE * 1.25
