import pytest

from weighbridge.licensing.copyright_line import MARK, mark_names
from weighbridge.licensing.words import words


def marked(text: str) -> list[str]:
    return [word.removesuffix(MARK) for word in words(text, names=True) if word.endswith(MARK)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Copyright (c) 2021 Will McGugan", ["will"]),
        ("Copyright 2024 May\n\nPermission is hereby granted", ["may"]),
        ("Copyright 2019 Brian May, Abigail See and Can Xu", ["may", "see", "can"]),
        ("Copyright 2011 Will Bond <will@wbond.net> Permission is hereby granted", ["will", "will"]),
        ("Copyright 1999 International Business Machines Corp.", ["business"]),
        ("Copyright 2020 Capital One Services, LLC", ["one"]),
        ("COPYRIGHT 2021 WILL MCGUGAN. ALL RIGHTS RESERVED.", ["will"]),
        ("Copyright 2020 Will\nMcGugan", ["will"]),
    ],
)
def test_names_are_marked(text: str, names: list[str]) -> None:
    assert marked(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Will McGugan",
        "copyright 2021 will mcgugan",
        "Copyright 2024 Will not be used",
        "Copyright 2024 Will Not Be Used",
        "Copyright 2024 Will Charge",
        "Copyright 2024 Acme May Withdraw",
        "Copyright 2024 You May Leave",
        "Copyright 2024 See",
        "Copyright 2024 First Company",
        "Copyright 2024\n\nWill McGugan",
        "Copyright 2024 Business Needs Acme Ltd",
        "Copyright 2024 One Two Three Four Five Six Seven Ltd",
        "",
    ],
)
def test_sentences_are_not(text: str) -> None:
    assert marked(text) == []


def test_nobody_else_can_mark() -> None:
    assert mark_names(f"not{MARK} for{MARK} sale") == "not  for  sale"
    assert marked("Copyright 2024 not&#451; for&#451; sale") == []


def test_a_flood_of_notices_is_gone_through_once() -> None:
    text = "Copyright Will McGugan " * 5000
    assert mark_names(text).count(MARK) == 5000
