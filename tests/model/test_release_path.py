"""Which paths a release may hold; `tests/hub/test_names.py` and `tests/pipeline/test_hub_listing.py` have more."""

import pytest

from weighbridge.model.release_path import LONGEST_PART, LONGEST_PATH, is_release_path

WRONG = ["", "/a", "../a", "a//b", "a\\b", "c:a", "a.", "a ", ".git/x", "a/NUL.txt", "e\u0301", "\ud800", "a\u202eb"]
TOO_LONG = ["x" * (LONGEST_PART + 1), "/".join(["x" * 100] * (LONGEST_PATH // 100 + 1))]


@pytest.mark.parametrize("path", ["a", "a/b.bin", "日本語/モデル.gguf", ".gitattributes", "x" * LONGEST_PART])
def test_what_every_folder_can_hold(path: str) -> None:
    assert is_release_path(path)


@pytest.mark.parametrize("path", [*WRONG, *TOO_LONG])
def test_what_some_folder_cannot_hold(path: str) -> None:
    assert not is_release_path(path)
