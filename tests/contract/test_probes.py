"""One suite for all probes: they read what they declare and nothing else, on every platform."""

import re

import pytest
from tests.samples.stores import (
    add_docker,
    add_huggingface,
    add_huggingface_folder,
    add_oci_layout,
    add_ollama,
    path_of,
)

from weighbridge.discover.probe import Candidate
from weighbridge.discover.registry import PROBES
from weighbridge.discover.sweep import Sighted, sweep
from weighbridge.host.fake import FakeMachine
from weighbridge.model.fact import Grade

WEIGHTS = b"GGUF" + bytes(60)
PLATFORMS = ("linux", "darwin", "windows")
SAMPLES = {
    "huggingface": lambda machine, folder: add_huggingface(machine, folder, {"model.gguf": WEIGHTS, "a/b.json": b"{}"}),
    "huggingface-folder": lambda machine, folder: add_huggingface_folder(machine, folder, {"model.gguf": WEIGHTS}),
    "ollama": lambda machine, folder: add_ollama(
        machine, folder, (WEIGHTS,), license_text=b"MIT License", template=b"{{}}"
    ),
    "docker-model-runner": lambda machine, folder: add_docker(machine, folder, WEIGHTS, license_text=b"Apache License"),
    "oci-layout": lambda machine, folder: add_oci_layout(machine, folder, WEIGHTS),
}


def filled(probe, platform):
    """A machine with the store at its first place (or, without one, somewhere) and much else around it."""
    machine = FakeMachine(platform)
    machine.add_file(path_of(machine, machine.home, ".ssh/id_ed25519"), b"private")
    machine.add_file(path_of(machine, machine.home, "Documents/letter.txt"), b"private")
    roots = probe.roots(machine)
    folder = roots[0] if roots else path_of(machine, machine.home, "somewhere")
    if probe.id in SAMPLES:
        SAMPLES[probe.id](machine, folder)
    else:
        machine.add_file(path_of(machine, folder, "a/b/c/d/e/model.gguf"), WEIGHTS)
        machine.add_file(path_of(machine, folder, "model.gguf"), WEIGHTS)
    machine.reads.clear()
    return machine, folder


def pattern_of(declared, machine):
    text = re.escape(declared.replace("\\", "/"))
    text = text.replace(
        re.escape("~"), "(?:" + "|".join(re.escape(home.decode().replace("\\", "/")) for home in machine.homes()) + ")"
    )
    text = re.sub(
        r"\\\$([A-Z_0-9]+)", lambda found: re.escape((machine.variables.get(found[1]) or "\0").replace("\\", "/")), text
    )
    text = text.replace(r"/\*\*", "(?:/.*)?").replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.compile(text + "$")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_probe_reads_only_what_it_declares(probe, platform):
    machine, folder = filled(probe, platform)
    variables = {}
    for name in probe.declaration.environment:
        if name in ("LOCALAPPDATA", "APPDATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            variables[name] = (machine.home + machine.separator + name.lower().encode()).decode()
    machine.variables = variables
    places = probe.roots(machine)
    items = list(probe.explore(machine, folder))
    assert {read.path.decode() for read in machine.reads if read.operation == "env"} <= set(
        probe.declaration.environment
    )
    touched = [read.path.decode().replace("\\", "/") for read in machine.reads if read.operation != "env"]
    machine.variables = {}
    patterns = [pattern_of(declared, machine) for declared in probe.declaration.reads]
    undeclared = [path for path in touched if not any(pattern.match(path) for pattern in patterns)]
    if platform in probe.declaration.platforms:
        if probe.id not in ("huggingface-folder", "oci-layout"):
            assert places
        undeclared = [path for path in undeclared if folder.decode().replace("\\", "/") + "/" != path + "/"]
        assert undeclared == []
        assert any(isinstance(item, Candidate) for item in items)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_sweep_names_the_store(probe, platform):
    if platform not in probe.declaration.platforms:
        pytest.skip("not a store of this platform")
    machine, folder = filled(probe, platform)
    items = [
        item
        for item in sweep(machine, [machine.home, folder], PROBES, lambda _n, _s, head, _t: head.startswith(b"GGUF"))
        if isinstance(item, Sighted)
    ]
    assert items
    assert {item.candidate.store for item in items} == {probe.id}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_what_a_store_says_is_declared_and_not_measured(probe):
    machine, folder = filled(probe, "linux")
    for item in probe.explore(machine, folder):
        if isinstance(item, Candidate):
            assert item.store == probe.id
            assert all(fact.grade is Grade.DECLARED for fact in item.facts)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_probe_survives_an_empty_machine_and_unreadable_stores(probe):
    machine = FakeMachine()
    for folder in (*probe.roots(machine), b"/nowhere"):
        list(probe.explore(machine, folder))
    machine, folder = filled(probe, "linux")
    machine.forbid(folder)
    list(probe.explore(machine, folder))


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_probe_says_what_it_is_for(probe):
    assert probe.title
    assert probe.declaration.purpose.endswith(".")
    assert probe.declaration.reads
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", probe.id)


def test_ids_are_sorted_and_unique():
    ids = [probe.id for probe in PROBES]
    assert ids == sorted(set(ids))
