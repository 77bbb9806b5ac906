import pytest
from tests.fleet.config_kit import WHOLE, applied, planned, said, work
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import config_apply, config_export, config_plan
from weighbridge.fleet.config_files import read_files
from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA


@pytest.fixture
def fleet(store):
    store.write_now(fill)
    applied(store, WHOLE)
    return store


def test_what_is_exported_applies_without_a_change_here(fleet):
    files = fleet.read_now(config_export.export)
    assert set(files) == {f"{name}.yaml" for name in SECTIONS}
    read = read_files({name: text.encode() for name, text in files.items()})
    plan = fleet.read_now(lambda connection: config_plan.plan(connection, work(), read, prune=True))
    assert (said(plan), plan.notes, plan.only_here) == ([], [], [])
    assert said(planned(fleet, config_export.whole(files), prune=True)) == []


def test_another_fleet_becomes_the_same(fleet, tmp_path):
    files = fleet.read_now(config_export.export)
    other = Store.open(f"sqlite:///{tmp_path}/other.db")
    METADATA.create_all(other.database.engine)
    other.write_now(fill)
    read = read_files({name: text.encode() for name, text in files.items()})
    other.write_now(lambda connection: config_apply.apply(connection, work(), read))
    assert other.read_now(config_export.export) == files
    other.close()


def test_files_say_what_is_not_usual_and_no_more(fleet):
    files = fleet.read_now(config_export.export)
    assert files["repositories.yaml"].splitlines()[1:] == [
        "repositories:",
        "- {name: github.com/acme/app, owner: ada, data_class: restricted}",
    ]
    assert "note" not in files["groups.yaml"].partition("people")[0].partition("\n")[2]
    assert LAPTOP in files["endpoints.yaml"]
    assert all(text.startswith("# ") for text in files.values())


def test_words_that_yaml_reads_as_something_else_come_back_as_words(store):
    store.write_now(fill)
    texts = ("no", "007", "2026-11-21", "null", "a: b", "- x", "#", "' \"", "ünï", "~")
    lines = "".join(
        f"  - {{name: g{number}, note: {text!r}}}\n" for number, text in enumerate(texts) if "'" not in text
    )
    applied(store, "groups:\n" + lines)
    files = store.read_now(config_export.export)
    assert said(planned(store, config_export.whole(files), prune=True)) == []


def test_many_items_go_into_several_files(store, monkeypatch):
    monkeypatch.setattr(config_export, "ITEMS_IN_A_FILE", 2)
    store.write_now(fill)
    applied(store, "groups:\n" + "".join(f"  - name: g{number}\n" for number in range(5)))
    files = store.read_now(config_export.export)
    assert [name for name in files if "groups" in name] == ["groups-001.yaml", "groups-002.yaml", "groups-003.yaml"]
    read = read_files({name: text.encode() for name, text in files.items()})
    assert said(store.read_now(lambda connection: config_plan.plan(connection, work(), read, prune=True))) == []
