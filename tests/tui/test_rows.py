from dataclasses import replace

import pytest
from tests.tui.snapshots import AGENT, EVERYTHING, QUIET, SERVER

from weighbridge.tui.rows import COLUMNS, View, detail, head, rows


def keys(**view: object) -> list[str]:
    return [row.key for row in rows(EVERYTHING, View(**view))]


def test_worst_verdict_first_and_every_weights_a_line() -> None:
    assert keys() == ["4711:100", "4711:100:1", "900:91"]
    assert all(len(row.cells) == len(COLUMNS) for row in rows(EVERYTHING, View()))


def test_a_line_says_all_of_it_without_color() -> None:
    first, second, _ = rows(EVERYTHING, View())
    assert [cell.text for cell in first.cells] == [
        "✗ deny",
        "4711",
        "llama_cpp",
        "qwen2.5-coder-7b-q4_k_m.gguf",
        "3f9a00000000",
        "0.0.0.0:8080 +1 !",
        "H100 75% 4.00 GB",
        "5.10 GB",
        "human",
    ]
    assert [cell.text for cell in second.cells if cell.text] == ["draft.gguf", "~abababababab"]


@pytest.mark.parametrize(("sort", "first"), [("memory", "900:91"), ("pid", "900:91"), ("runtime", "4711:100")])
def test_sorting(sort: str, first: str) -> None:
    assert keys(sort=sort)[0] == first


def test_everything_shows_agents_too() -> None:
    assert "800:90" not in keys()
    assert "800:90" in keys(everything=True)


@pytest.mark.parametrize(
    ("search", "found"),
    [("qwen", 2), ("QWEN 8080", 2), ("qwen phi", 0), ("3f9a0000", 2), ("wg0", 0), ("cannot be there", 0)],
)
def test_every_word_must_be_somewhere(search: str, found: int) -> None:
    assert len(keys(search=search)) == found


def test_the_head_counts() -> None:
    assert head(EVERYTHING) == (
        "2 processes run weights · 1 agent · 2 listeners (1 exposed) · network: corporate · 1 thing not visible"
    )


def test_detail_says_what_it_stands_on() -> None:
    text = "\n".join(f"{what}: {value}" for what, value in detail(SERVER))
    for words in (
        "qwen2.5-coder-7b-q4_k_m.gguf (mapped, command-line)",
        "other bytes lie at its path now",
        "owned_by llamacpp at /v1/models",
        "0.0.0.0:8080 · llama_cpp · reachable from other machines",
        "verdict: deny by balanced 1",
        "Bind it to 127.0.0.1.",
        "not visible: open files: needs root",
    ):
        assert words in text
    assert "acts without asking" in "\n".join(value for _, value in detail(AGENT))


def test_hostile_names_cannot_act() -> None:
    hostile = replace(QUIET, name="\x1b[2J\u202eexe", command_line=(b"\x1b]0;x\x07",), weights=(), runtime="x\x1b[1m")
    snapshot = replace(EVERYTHING, processes=(hostile,))
    shown = [cell.text for row in rows(snapshot, View()) for cell in row.cells]
    assert all(text.isprintable() for text in [*shown, *(value for _, value in detail(hostile))])
