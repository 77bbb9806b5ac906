import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.model.place import display
from weighbridge.pipeline import toolchains
from weighbridge.pipeline.toolchains import Toolchains, find_toolchains

ROOT = b"/srv/app"
PACKAGES = ROOT + b"/venv/lib/python3.11/site-packages"


def _machine(*names: str, record: bytes | None = b"a,,\n") -> FakeMachine:
    machine = FakeMachine()
    for name in names:
        folder = PACKAGES + f"/{name}-1.0.dist-info/".encode()
        machine.add_file(folder + b"METADATA", f"Name: {name}\nVersion: 1.0\n".encode())
        if record is not None:
            machine.add_file(folder + b"RECORD", record)
    return machine


def _find(machine: FakeMachine, *roots: bytes) -> Toolchains:
    return find_toolchains(machine, roots or (ROOT,), display)


def test_distributions_are_found_and_sorted() -> None:
    found = _find(_machine("zeta", "alpha"))
    assert [item.name for item in found.distributions] == ["alpha", "zeta"]
    assert found.distributions[0].path == "/srv/app/venv/lib/python3.11/site-packages/alpha-1.0.dist-info"
    assert found.unexamined == []


def test_only_names_and_two_files_are_read() -> None:
    machine = _machine("alpha")
    machine.add_file(PACKAGES + b"/alpha/__init__.py", b"import os")
    _find(machine)
    read = {item.path for item in machine.reads if item.operation in ("open", "peek", "read")}
    assert read == {PACKAGES + b"/alpha-1.0.dist-info/METADATA", PACKAGES + b"/alpha-1.0.dist-info/RECORD"}


def test_a_record_may_be_missing_and_metadata_may_not() -> None:
    machine = _machine("alpha", record=None)
    machine.add_directory(PACKAGES + b"/broken-1.dist-info")
    machine.add_file(PACKAGES + b"/empty-1.dist-info/METADATA", b"\n")
    found = _find(machine)
    assert [(item.name, item.record_sha256) for item in found.distributions] == [("alpha", None)]
    assert [item.reason.split(":")[0] for item in found.unexamined] == [
        "metadata could not be read",
        "metadata has no name or version",
    ]


def test_nothing_outside_of_the_roots_and_behind_links_is_listed() -> None:
    machine = _machine("alpha")
    machine.add_link(b"/srv/other/link", ROOT)
    assert _find(machine, b"/srv/other").distributions == []
    assert _find(machine, b"/srv/none").distributions == []


def test_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchains, "MOST_DISTRIBUTIONS", 1)
    found = _find(_machine("alpha", "beta"))
    assert (len(found.distributions), len(found.unexamined)) == (1, 1)
    monkeypatch.setattr(toolchains, "MOST_FOLDERS", 2)
    assert "not all were searched" in _find(_machine("alpha")).unexamined[0].reason
