import io
from itertools import pairwise

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


def explain(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(["explain", *arguments], Screen(out, err, {}))
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("malformed", "What to do"),
        ("E-internal", "--debug"),
        ("21", "deny"),
        ("malicious", "Do not load it"),
        ("MALICIOUS", "Do not load it"),
        ("allow", "Within policy"),
        ("exit-codes", "130"),
        ("sighting", "endpoint"),
        ("gguf", "Format"),
        ("ollama", "Reads:"),
        ("heartbeat", "Record of the ledger: The sensor works"),
        ("tool-server", "offers tools to agents"),
        ("waiver", "signed exception"),
    ],
)
def test_everything_has_an_explanation(topic: str, words: str) -> None:
    code, out, _ = explain(topic)
    assert code == 0
    assert words in out


def test_without_a_topic_all_are_listed() -> None:
    _, out, _ = explain()
    assert "E-internal" in out
    assert "clean" in out


def test_an_unknown_topic_names_the_nearest() -> None:
    code, out, err = explain("malformd")
    assert (code, out) == (2, "")
    assert "did you mean malformed" in err


def test_a_page_is_folded_by_paragraph_whatever_the_width_of_its_source() -> None:
    for width in ("60", "90"):
        out = io.StringIO()
        run(["explain", "exposed-key"], Screen(out, io.StringIO(), {"COLUMNS": width}))
        lines = out.getvalue().splitlines()
        assert max(map(len, lines)) <= int(width)
        for line, following in pairwise(lines):
            if line and following:
                assert len(f"{line} {following.split()[0]}") > int(width), "a line ends before it has to"


def test_lists_of_duties_fit_a_narrow_terminal() -> None:
    out = io.StringIO()
    run(["explain", "llama3.1"], Screen(out, io.StringIO(), {"COLUMNS": "40"}))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    assert "    copy." in lines
