from hypothesis import given
from hypothesis import strategies as st

from weighbridge.report.escape import middle, visible, visible_path


@given(st.text())
def test_visible_text_never_acts_on_a_terminal(text: str) -> None:
    assert visible(text, 10_000).isprintable()


@given(st.text(min_size=1), st.integers(3, 50))
def test_visible_text_is_capped_before_it_is_escaped(text: str, limit: int) -> None:
    assert len(visible(text, limit)) <= limit * 10


def test_escape_sequences_and_direction_overrides_become_visible() -> None:
    assert visible("a\x1b[31m\x9b0m\u202eb\u200bc\U000e0041\n") == "a\\x1b[31m\\x9b0m\\u202eb\\u200bc\\U000e0041\\x0a"


def test_ordinary_text_of_any_script_passes() -> None:
    assert visible("modèle 模型 модель ✓") == "modèle 模型 модель ✓"


def test_a_path_that_is_not_utf8_shows_its_bytes() -> None:
    assert visible_path(b"/caf\xe9") == "/caf\\xe9"


def test_middle_keeps_both_ends() -> None:
    assert middle("/home/ada/models/weights.gguf", 16) == "/home…ights.gguf"
    assert middle("short", 16) == "short"
    assert middle("abc", 2) == "…"
