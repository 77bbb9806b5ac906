import re

from weighbridge.console import style
from weighbridge.console.style import STYLE
from weighbridge.report.html_style import DARK, LIGHT

COLOR = re.compile(r"var\(--([a-z0-9-]+)\)")


def test_every_color_role_is_defined_for_light_and_dark() -> None:
    used = set(COLOR.findall(style._RULES))
    for colors in (LIGHT | style._ADDED_LIGHT, DARK | style._ADDED_DARK):
        assert used <= set(colors)


def test_no_rule_names_a_color_of_its_own() -> None:
    rules = style._RULES.split("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(", rules) == []


def test_the_sheet_is_small() -> None:
    assert len(STYLE.encode()) < 20_000
