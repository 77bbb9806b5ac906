from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from weighbridge.console.render import CONTENT_POLICY, ICON, SCRIPT, _environment, ago, iso, label_words
from weighbridge.console.style import STYLE, STYLE_PATH

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202egpj.exe\0\"'&"


def rendered(source: str, **values: object) -> str:
    return _environment().from_string(source).render(now=NOW, **values)


def test_whatever_a_machine_sent_is_escaped_and_made_visible() -> None:
    shown = rendered("{{ name }}", name=HOSTILE)
    assert shown == "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m\\u202egpj.exe\\x00&#34;&#39;&amp;"


def test_it_is_escaped_in_every_part() -> None:
    macro = "{% import 'parts.html' as parts with context %}"
    for call in ("parts.digest(name)", "parts.empty(name, name, name)", "parts.pill(decisions['deny'], name)"):
        shown = rendered(macro + "{{ " + call + " }}", name=HOSTILE)
        assert "<script>" not in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_a_value_is_cut_before_it_fills_the_page() -> None:
    assert len(rendered("{{ name }}", name="x" * 100_000)) == 1000
    assert len(rendered("{{ name|short }}", name="x" * 100_000)) == 163


def test_of_a_long_path_a_list_shows_both_ends() -> None:
    assert rendered("{{ name|short }}", name="/home/ada/model.gguf") == "/home/ada/model.gguf"
    shown = rendered("{{ name|short }}", name="/home/" + "x" * 400 + "/model.gguf")
    assert shown.startswith("/home/x")
    assert shown.endswith("x/model.gguf")


def test_a_folder_is_that_of_any_system() -> None:
    assert rendered("{{ '/srv/models/a.gguf'|folder }}") == "/srv/models/"
    assert rendered(r"{{ 'C:\\models\\a.gguf'|folder }}") == "C:\\models\\"
    assert rendered("{{ 'a.gguf'|folder }}") == "a.gguf"


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ missing }}")


def test_nothing_is_shown_for_nothing() -> None:
    assert rendered("{{ value }}", value=None) == "—"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (47 * 3600, "47 h ago"),
        (48 * 3600, "2 days ago"),
        (59 * 86400, "59 days ago"),
        (60 * 86400, "2026-09-22"),
        (-3600, "2026-11-21 13:00:00"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert ago(int(NOW.timestamp() - seconds) * 1000, NOW) == words
    assert rendered("{{ moment|ago }}", moment=int(NOW.timestamp() - seconds) * 1000) == words


def test_a_clock_that_is_far_off_breaks_no_page() -> None:
    assert iso(10**17) == "no time that a calendar has"
    assert ago(-(10**14), NOW) == iso(-(10**14))[:10]


def test_nothing_is_loaded_from_elsewhere() -> None:
    for text in (STYLE, SCRIPT):
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text
    assert "url(" not in STYLE
    assert "unsafe" not in CONTENT_POLICY
    assert "eval(" not in SCRIPT
    assert "innerHTML" not in SCRIPT
    assert ICON.startswith("<svg")
    assert STYLE_PATH.startswith("/static/")


def test_a_record_is_said_in_one_line() -> None:
    assert rendered("{{ {'a': 'b', 'ok': true, 'n': 3}|said }}") == "a b · ok true · n 3"
    assert rendered("{{ {'artifact': d, 'list': [1], 'none': none}|said }}", d="ab" * 32) == (
        "artifact abababababab · with list"
    )
    assert rendered("{{ {}|said }}") == "—"
    assert "<b>" not in rendered("{{ {'a': '<b>', '<i>': 1}|said }}")


def test_labels_are_shown_as_people_write_them():
    assert label_words('{"site":"berlin","tier":"1"}') == "site=berlin, tier=1"
    assert label_words("{}") == ""
    assert label_words("<b>") == "<b>"
