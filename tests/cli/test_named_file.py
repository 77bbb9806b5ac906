import os

import pytest

from weighbridge.cli.named_file import named
from weighbridge.cli.serve import settings_of
from weighbridge.host.real import RealMachine


@pytest.mark.skipif(os.name != "posix", reason="links need a right on other systems")
def test_settings_that_an_orchestrator_mounts_are_links(tmp_path, monkeypatch):
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "fleet.toml").write_text("session_hours = 7\n")
    (tmp_path / "fleet.toml").symlink_to("..data/fleet.toml")
    assert named(str(tmp_path / "fleet.toml")) == os.fsencode(tmp_path / "..data" / "fleet.toml")
    for variable in [one for one in os.environ if one.startswith("WEIGHBRIDGE_SERVE_")]:
        monkeypatch.delenv(variable)
    assert settings_of(RealMachine(), str(tmp_path / "fleet.toml"), {}).session_hours == 7


def test_paths_are_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert named("a") == os.fsencode(os.path.realpath(tmp_path / "a"))
