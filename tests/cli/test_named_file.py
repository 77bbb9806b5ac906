import io
import os

import click
import pytest

from weighbridge.cli.named_file import content_of, text_of
from weighbridge.cli.serve import settings_of


@pytest.mark.skipif(os.name != "posix", reason="links need a right on other systems")
def test_settings_that_an_orchestrator_mounts_are_links(tmp_path, monkeypatch):
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "fleet.toml").write_text("session_hours = 7\n")
    (tmp_path / "fleet.toml").symlink_to("..data/fleet.toml")
    for variable in [one for one in os.environ if one.startswith("WEIGHBRIDGE_SERVE_")]:
        monkeypatch.delenv(variable)
    assert settings_of(str(tmp_path / "fleet.toml"), {}).session_hours == 7


def test_a_file_is_named_from_where_one_is(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"\xffbytes")
    monkeypatch.chdir(tmp_path)
    assert content_of("a", 6) == b"\xffbytes"


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "a").write_bytes(b"\xffbytes")
    with pytest.raises(OSError, match="has more than 5 bytes"):
        content_of(str(tmp_path / "a"), 5)
    for path, said in (("a", "is no text"), ("b", "No such file")):
        with pytest.raises(click.UsageError, match=f"--token-file .*{said}"):
            text_of(str(tmp_path / path), "--token-file", 100)


def test_standard_input_is_read_as_far_as_a_file(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"12345")))
    assert content_of("-", 5, or_input=True) == b"12345"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"123456")))
    with pytest.raises(OSError, match="has more than 5 bytes"):
        content_of("-", 5, or_input=True)
