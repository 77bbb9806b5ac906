"""The Hugging Face cache as huggingface_hub lays it out."""

import pytest
from tests.samples.stores import COMMIT, add_huggingface, path_of, sha256

from weighbridge.discover.huggingface_cache import PROBE
from weighbridge.discover.registry import PROBES
from weighbridge.discover.sweep import Sighted, sweep
from weighbridge.host.fake import FakeMachine

WEIGHTS = b"GGUF" + bytes(100)


def by_path(machine, folder):
    return {item.path: item for item in PROBE.explore(machine, folder)}


def test_blobs_and_links_carry_name_revision_and_claim():
    machine = FakeMachine()
    hub = machine.home + b"/.cache/huggingface/hub"
    folder = add_huggingface(machine, hub, {"gguf/model.gguf": WEIGHTS, "config.json": b"{}"})
    said = by_path(machine, hub)
    blob = said[folder + b"/blobs/" + sha256(WEIGHTS).encode()]
    assert (blob.store, blob.store_name, blob.claimed_sha256) == ("huggingface", "acme/tiny@main", sha256(WEIGHTS))
    assert {fact.name: fact.value for fact in blob.facts} == {
        "name": "acme/tiny",
        "source_url": "https://huggingface.co/acme/tiny",
        "version": COMMIT,
    }
    link = said[folder + b"/snapshots/" + COMMIT.encode() + b"/gguf/model.gguf"]
    assert (link.link, link.claimed_sha256) == (True, sha256(WEIGHTS))
    small = said[folder + b"/snapshots/" + COMMIT.encode() + b"/config.json"]
    assert small.claimed_sha256 is None


def test_copies_where_links_are_not_to_be_had():
    machine = FakeMachine("windows")
    hub = machine.home + b"\\.cache\\huggingface\\hub"
    folder = add_huggingface(machine, hub, {"a/model.gguf": WEIGHTS}, links=False)
    ((path, said),) = by_path(machine, hub).items()
    assert path == path_of(machine, folder, f"snapshots/{COMMIT}/a/model.gguf")
    assert (said.store_name, said.claimed_sha256, said.link) == ("acme/tiny@main", None, False)


def test_a_revision_without_a_branch_is_called_by_its_commit():
    machine = FakeMachine()
    folder = add_huggingface(machine, b"/hub", {"m": WEIGHTS}, branch="refs/pr/1")
    assert {item.store_name for item in by_path(machine, b"/hub").values()} == {"acme/tiny@refs/pr/1"}
    machine.add_file(folder + b"/refs/refs/pr/1", b"not a commit")
    assert {item.store_name for item in by_path(machine, b"/hub").values()} == {f"acme/tiny@{COMMIT}"}


def test_an_incomplete_download_claims_nothing():
    machine = FakeMachine()
    folder = add_huggingface(machine, b"/hub", {})
    machine.add_file(folder + b"/blobs/" + b"0" * 64 + b".incomplete", b"GGUF")
    ((_, said),) = by_path(machine, b"/hub").items()
    assert (said.claimed_sha256, said.store_name) == (None, "acme/tiny")


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({}, b"/home/ada/.cache/huggingface/hub"),
        ({"HF_HOME": "/data/hf"}, b"/data/hf/hub"),
        ({"HF_HUB_CACHE": "/data/cache"}, b"/data/cache"),
        ({"XDG_CACHE_HOME": "/data/xdg"}, b"/data/xdg/huggingface/hub"),
    ],
)
def test_where_it_stands(variables, place):
    assert PROBE.roots(FakeMachine(environment=variables))[0] == place


def test_a_sweep_gives_one_identity_with_two_places():
    machine = FakeMachine()
    folder = add_huggingface(machine, b"/elsewhere", {"model.gguf": WEIGHTS})
    items = [
        item
        for item in sweep(machine, [b"/elsewhere"], PROBES, lambda _n, _s, head, _t: head.startswith(b"GGUF"))
        if isinstance(item, Sighted)
    ]
    assert [item.candidate.link for item in items] == [False, True]
    assert len({(item.stat.st_dev, item.stat.st_ino) for item in items}) == 1
    assert {item.candidate.store_name for item in items} == {"acme/tiny@main"}
    assert items[1].candidate.path == folder + b"/snapshots/" + COMMIT.encode() + b"/model.gguf"
