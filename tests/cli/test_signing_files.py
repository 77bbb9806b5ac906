from pathlib import Path

import click
import pytest

from weighbridge.cli.signing_files import content, ignored_names, signature_path
from weighbridge.model.errors import WeighbridgeError


def test_where_signatures_lie(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("x")
    assert signature_path(bytes(tmp_path)) == bytes(tmp_path / "model.sig")
    assert signature_path(bytes(tmp_path / "m")) == bytes(tmp_path / "m.sig")


def test_small_files_only(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("content")
    assert content(str(tmp_path / "m"), 100, "E-key-unreadable") == b"content"
    for name, limit in (("m", 3), ("", 100)):
        with pytest.raises(WeighbridgeError) as raised:
            content(str(tmp_path / name), limit, "E-key-unreadable")
        assert raised.value.code == "E-key-unreadable"


def test_ignored_paths_as_people_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m" / "logs").mkdir(parents=True)
    (tmp_path / "logs").mkdir()
    monkeypatch.chdir(tmp_path)
    typed = ("logs", "logs/", "./logs", "m/logs", str(tmp_path / "m/logs"), "later", "m\udce9")
    assert ignored_names(typed, bytes(tmp_path / "m")) == ("logs",) * 5 + ("later", "m\udce9")
    (tmp_path / "link").symlink_to("m")
    assert ignored_names(("link/logs",), bytes(tmp_path / "link")) == ("logs",)
    for outside in ("../logs", ".", "m", str(tmp_path), ""):
        with pytest.raises(click.UsageError, match="inside the model"):
            ignored_names((outside,), bytes(tmp_path / "m"))
