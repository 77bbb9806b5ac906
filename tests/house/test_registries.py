"""One thing a file, the file name is its id, a visible sorted list registers it, and a page documents it."""

import pytest

from tests.house.files import ROOT, SOURCE
from weighbridge.checks.registry import CHECKS
from weighbridge.discover.registry import PROBES
from weighbridge.fleet.findings import SERVER_CHECKS
from weighbridge.formats.registry import READERS
from weighbridge.pipeline.watch_seen import STALE
from weighbridge.report.check_pages import HEADINGS, page_of, text_of
from weighbridge.report.fleet_checks import FLEET_CHECKS


def test_checks_are_sorted_and_named_after_their_files() -> None:
    ids = [check.id for check in CHECKS]
    assert ids == sorted(set(ids))
    assert [name for name in ids if not (SOURCE / "checks" / f"{name.replace('-', '_')}.py").exists()] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_is_documented_under_five_headings(check) -> None:
    text = text_of(check.id)
    assert [heading for heading in HEADINGS if heading not in text] == []
    assert (ROOT / "docs/reference/checks" / f"{check.id}.md").exists()


def test_what_only_a_fleet_finds_is_documented_in_the_same_way() -> None:
    ids = [check.id for check in FLEET_CHECKS]
    assert ids == sorted(set(ids))
    assert {*SERVER_CHECKS, STALE} == set(ids), "write its page in report/fleet_checks.py"
    for name in ids:
        assert tuple(heading for heading, _ in page_of(name).parts) == HEADINGS
        assert (ROOT / "docs/reference/checks" / f"{name}.md").exists()


def test_every_check_file_is_registered() -> None:
    from importlib import import_module

    from weighbridge.checks.check import Check

    ids = {check.id for check in CHECKS}
    for path in sorted((SOURCE / "checks").glob("*.py")):
        if path.stem in ("__init__", "registry", "check"):
            continue
        found = getattr(import_module(f"weighbridge.checks.{path.stem}"), "CHECK", None)
        assert not isinstance(found, Check) or found.id in ids, f"{path.name} is not in the registry"


def test_readers_are_sorted() -> None:
    ids = [reader.id for reader in READERS]
    assert ids == sorted(set(ids))


def test_probes_are_sorted_and_say_what_they_are_for() -> None:
    ids = [probe.id for probe in PROBES]
    assert ids == sorted(set(ids))
    assert [probe.id for probe in PROBES if not probe.declaration.reads] == []
