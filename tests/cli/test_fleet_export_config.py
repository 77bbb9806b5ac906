"""`wb fleet export-config`."""

from tests.cli.fleet_kit import database, wb  # noqa: F401
from tests.fleet.config_kit import WHOLE

from weighbridge.fleet.config_registry import SECTIONS


def test_what_is_written_applies_without_a_change(database, tmp_path):  # noqa: F811  (the fixture above)
    file = tmp_path / "fleet.yaml"
    file.write_text(WHOLE)
    wb("fleet", "apply", str(file))
    folder = tmp_path / "out" / "deep"
    status, _, said = wb("fleet", "export-config", str(folder))
    assert (status, f"{len(SECTIONS)} files" in said) == (0, True)
    assert {one.name for one in folder.iterdir()} == {f"{name}.yaml" for name in SECTIONS}
    whole = tmp_path / "whole.yaml"
    assert wb("fleet", "export-config", str(whole))[0] == 0
    assert wb("fleet", "export-config", "-")[1] == whole.read_text()
    for target in (folder, whole):
        assert "no change applied" in wb("fleet", "apply", str(target), "--prune")[2]


def test_a_folder_that_cannot_be_made(database, tmp_path):  # noqa: F811
    (tmp_path / "file").write_text("")
    status, _, said = wb("fleet", "export-config", str(tmp_path / "file" / "below"))
    assert (status, "E-output-failed" in said) == (1, True)
