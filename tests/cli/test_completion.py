import io
import subprocess

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


def script(shell: str) -> str:
    out = io.StringIO()
    assert run(["completion", shell], Screen(out, io.StringIO(), {})) == 0
    assert f"_WB_COMPLETE={shell}_complete" in out.getvalue()
    return out.getvalue()


def test_bash_knows_the_program_by_both_names() -> None:
    source = script("bash") + "complete -p wb weighbridge\n"
    said = subprocess.run(["bash", "--norc", "-c", source], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.splitlines() == [
        f"complete -o nosort -F _wb_completion {name}" for name in ("wb", "weighbridge")
    ]


def test_zsh_learns_both_names_from_the_first_line() -> None:
    first, *others = script("zsh").splitlines()
    assert first == "#compdef wb weighbridge"
    assert "    compdef _wb_completion wb weighbridge" in others
    assert not [line for line in others if line.startswith("#compdef")]


def test_fish_shows_help_to_its_end_though_it_has_commas() -> None:
    source = script("fish")
    assert 'string split --max 1 "," $completion' in source
    assert "--command wb --command weighbridge " in source


def test_completion_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("_WB_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "wb sc")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out == "plain,scan\n"
