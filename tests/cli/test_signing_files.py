from pathlib import Path

import pytest

from weighbridge.cli.signing_files import content, signature_path
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
