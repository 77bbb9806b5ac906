"""`wb fleet apply`."""

import json

import pytest
from tests.cli.fleet_kit import database, read, wb  # noqa: F401
from tests.fleet.config_kit import WHOLE
from tests.fleet.small_fleet import LAPTOP

from weighbridge.fleet import audit, groups


@pytest.fixture
def folder(database, tmp_path):  # noqa: F811  (the fixture above)
    made = tmp_path / "fleet"
    made.mkdir()
    (made / "fleet.yaml").write_text(WHOLE)
    (made / "notes.txt").write_text("not read")
    (made / ".hidden.yaml").write_text("neither")
    return made


def test_a_plan_is_shown_and_nothing_is_done(folder, database):  # noqa: F811
    status, out, said = wb("fleet", "apply", str(folder), "--dry-run")
    assert status == 0
    assert "+ groups  canary   fleet.yaml:8\n    rule  label:ring=canary\n" in out
    assert f"~ endpoints  {LAPTOP}" in out
    assert "    owner  ada → eve\n" in out
    assert "7 changes would be applied, 0 as they were" in said
    assert read(database, groups.described) == []


def test_it_is_applied_shown_and_the_second_time_nothing_changes(folder, database):  # noqa: F811
    status, out, said = wb("fleet", "apply", str(folder))
    assert (status, "✓ 7 changes applied" in said, out.count("\n+ ")) == (0, True, 5)
    assert len(read(database, groups.described)) == 2
    status, out, said = wb("fleet", "apply", str(folder))
    assert (status, out) == (0, "")
    assert "✓ no change applied, 7 as they were" in said
    entry = read(database, lambda connection: audit.newest(connection, 1))[0]
    assert (entry.action, entry.account_name) == ("config.apply", "")


def test_as_json(folder):
    status, out, _ = wb("fleet", "apply", str(folder), "--dry-run", "--format", "json")
    assert (status, len(json.loads(out)["changes"])) == (0, 7)


def test_what_no_file_names_goes_when_it_is_told_to(folder):
    wb("fleet", "apply", str(folder))
    (folder / "fleet.yaml").write_text("groups:\n  - name: people\n    rule: owner:ada\n")
    _, out, said = wb("fleet", "apply", str(folder))
    assert "1 item that no file names (groups); --prune removes them" in said
    assert "    rule  owner:ada OR owner:bob → owner:ada\n" in out
    assert "    note  laptops with an owner → nothing\n" in out
    assert "- groups  canary\n" in wb("fleet", "apply", str(folder), "--prune")[1]


def test_a_single_file_can_be_applied(folder):
    assert wb("fleet", "apply", str(folder / "fleet.yaml"))[0] == 0


def test_files_that_are_links_are_read(folder, tmp_path):
    real = tmp_path / "real.yaml"
    (folder / "fleet.yaml").rename(real)
    (folder / "fleet.yaml").symlink_to(real)
    assert "7 changes" in wb("fleet", "apply", str(folder))[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups:\n  - {name: x, rul: y}\n", "fleet.yaml:2 has the unknown key `rul`"),
        ("groups:\n  - {name: x, rule: 'nowner:ada'}\n", "fleet.yaml:2: there is no field `nowner`"),
        ("settings: {records_days: 0}\n", "fleet.yaml:1 has a wrong value for `settings.records_days`"),
    ],
)
def test_what_cannot_be_applied_is_said_with_its_place(folder, text, said):
    (folder / "fleet.yaml").write_text(text)
    for more in ((), ("--dry-run",)):
        status, out, error = wb("fleet", "apply", str(folder), *more)
        if not more:
            assert (status, out) == (2, "")
            assert said in error


def test_a_folder_that_holds_nothing(database, tmp_path):  # noqa: F811
    for path in (tmp_path / "none", tmp_path / "state"):
        path.mkdir(exist_ok=path.name == "state")
        status, _, said = wb("fleet", "apply", str(path))
        assert (status, "no file in it ends in .yaml" in said) == (2, True)
    status, _, said = wb("fleet", "apply", str(tmp_path / "nowhere"))
    assert (status, "E-config" in said) == (2, True)
