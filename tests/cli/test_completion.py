import io

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_both_program_names(shell: str) -> None:
    out = io.StringIO()
    assert run(["completion", shell], Screen(out, io.StringIO(), {})) == 0
    assert f"_WB_COMPLETE={shell}_complete" in out.getvalue()
    assert "weighbridge" in out.getvalue()


def test_completion_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("_WB_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "wb sc")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out == "plain,scan\n"
