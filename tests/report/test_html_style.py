import pytest

from weighbridge.report.html_style import DARK, LIGHT, STYLE

TEXT = ("ink", "muted", "accent", "error", "warning", "success")
GROUNDS = ("page", "surface", "raised", "selected")


def luminance(color: str) -> float:
    """Source: WCAG 2.2, definition of relative luminance."""
    channels = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(colors: dict[str, str]) -> None:
    pairs = [(text, ground) for text in TEXT for ground in GROUNDS]
    pairs += [(role, f"{role}-tint") for role in ("error", "warning", "success")]
    pairs += [("ink", "neutral-tint"), ("muted", "neutral-tint")]
    weak = {pair: round(contrast(*(colors[name] for name in pair)), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


def test_both_palettes_name_the_same_roles_and_every_role_is_defined() -> None:
    assert LIGHT.keys() == DARK.keys()
    for name in STYLE.split("var(--")[1:]:
        assert name.split(")")[0] in LIGHT
