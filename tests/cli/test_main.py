import pytest

from weighbridge import __version__
from weighbridge.cli.main import main


def test_version_is_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["wb", "--version"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert capsys.readouterr() == (f"weighbridge {__version__}\n", "")


def test_anything_else_goes_through_the_boundary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wb", "nothing-of-the-kind"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "error[E-usage]" in capsys.readouterr().err
