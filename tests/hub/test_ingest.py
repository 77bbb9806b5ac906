"""Commits: whole trees out of changes, in quarantine, unseen by readers, in the queue of those that are weighed."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fleet.serving import Running, running
from tests.hub.holding import committed, sha256

from weighbridge.fleet.store import Store
from weighbridge.hub import branches, jobs, models, release_files, releases
from weighbridge.hub.ingest import Put, Remove, changed, commit_files
from weighbridge.hub.look_up import release_of
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def hub(store: Store):
    with running(store) as started:
        yield started


def paths(at: Running, release_id: str) -> list[str]:
    return [one.path for one in at.store.read_now(lambda connection: release_files.of_release(connection, release_id))]


def test_a_commit_is_in_quarantine_and_in_the_queue(hub: Running) -> None:
    made = asyncio.run(committed(hub, {"config.json": b"{}", "sub/a.bin": b"abc"}))
    assert (made.state, made.size, made.files, made.parent_id) == (State.QUARANTINED, 5, 2, "")
    assert len(made.commit_id) == 40
    main = hub.store.read_now(lambda connection: branches.find(connection, made.model_id, "main"))
    assert main is not None
    assert (main.staged, main.served) == (made.commit_id, "")
    assert [(job.kind, job.subject) for job in hub.store.read_now(jobs.unfinished)] == [("weigh", made.release_id)]


def test_a_commit_changes_the_tree_of_its_parent(hub: Running) -> None:
    first = asyncio.run(committed(hub, {"a": b"1", "sub/b": b"2", "sub/c": b"3"}))
    changes = [Remove(path="sub/", is_folder=True), Put(path="d", sha256=sha256(b"1"))]
    arguments = {"parent": first.commit_id, "title": "less", "changes": changes}
    second = asyncio.run(commit_files(hub.hub, "ada", parse_name("ACME/tiny"), **arguments))
    assert paths(hub, second.release_id) == ["a", "d"]
    assert paths(hub, first.release_id) == ["a", "sub/b", "sub/c"]
    assert (second.parent_id, second.model_id) == (first.commit_id, first.model_id)
    with pytest.raises(WeighbridgeError, match="stands at"):
        asyncio.run(commit_files(hub.hub, "ada", parse_name("acme/tiny"), **arguments))


def test_a_commit_that_changes_nothing_is_its_parent(hub: Running) -> None:
    first = asyncio.run(committed(hub, {"a": b"1"}))
    assert asyncio.run(committed(hub, {"a": b"1"})).release_id == first.release_id
    assert len(hub.store.read_now(lambda connection: releases.of_model(connection, first.model_id))) == 1


def test_a_push_holds_what_it_names_alone(hub: Running) -> None:
    asyncio.run(committed(hub, {"a": b"1"}))
    assert paths(hub, asyncio.run(committed(hub, {"b": b"2"}, from_nothing=True)).release_id) == ["b"]


def test_a_commit_from_elsewhere_keeps_its_id_and_is_made_once(hub: Running) -> None:
    told = {"commit_id": "c" * 40, "from_nothing": True, "upstream": "acme/tiny"}
    first = asyncio.run(committed(hub, {"a": b"1"}, **told))
    assert first.commit_id == "c" * 40
    assert asyncio.run(committed(hub, {"a": b"1"}, **told)).release_id == first.release_id
    model = hub.store.read_now(lambda connection: models.by_id(connection, first.model_id))
    assert model.upstream == "acme/tiny"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Put(path="../a", sha256=sha256(b"1")), "E-model-path"),
        (Put(path="b", sha256="f" * 64), "E-commit-blob"),
        (Put(path="b", sha256="nonsense"), "E-commit-blob"),
        (Put(path="a/b", sha256=sha256(b"1")), "E-commit-files"),
        (Remove(path="a"), "E-commit-files"),
        (Remove(path="/"), "E-model-path"),
    ],
    ids=["path", "absent", "no-digest", "file-and-folder", "empty", "root"],
)
def test_a_commit_that_cannot_be_changes_nothing(hub: Running, change, code: str) -> None:
    first = asyncio.run(committed(hub, {"a": b"1"}))
    with pytest.raises(WeighbridgeError) as caught:
        asyncio.run(commit_files(hub.hub, "ada", parse_name("acme/tiny"), parent=None, title="", changes=[change]))
    assert caught.value.code == code
    main = hub.store.read_now(lambda connection: branches.find(connection, first.model_id, "main"))
    assert main is not None
    assert main.staged == first.commit_id


def test_a_commit_to_no_branch_makes_no_model(hub: Running) -> None:
    with pytest.raises(WeighbridgeError, match="no branch"):
        asyncio.run(committed(hub, {"a": b"1"}, revision="../x"))
    assert hub.store.read_now(models.count) == 0


PARTS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join)
PUTS = st.builds(lambda path: Put(path=path, sha256="1" * 64), PARTS)
CHANGES = st.lists(PUTS | st.builds(Remove, path=PARTS, is_folder=st.booleans()), max_size=8)


@given(CHANGES)
def test_no_tree_has_a_file_and_a_folder_of_one_name(changes) -> None:
    try:
        files = changed({"z": ReleaseFile(path="z", sha256="2" * 64, size=1)}, changes, {"1" * 64: 3})
    except WeighbridgeError:
        return
    names = set(files)
    assert "z" in names
    for path in names:
        folders = {path[:at] for at, mark in enumerate(path) if mark == "/"}
        assert not folders & names


def test_no_branch_is_called_as_a_commit(hub: Running) -> None:
    first = asyncio.run(committed(hub, {"a": b"1"}))
    with pytest.raises(WeighbridgeError) as caught:
        asyncio.run(committed(hub, {"a": b"evil"}, revision=first.commit_id))
    assert caught.value.code == "E-model-revision"

    def meant(connection):
        branches.point(connection, 1, first.model_id, first.commit_id, served="f" * 40)
        return release_of(connection, models.by_id(connection, first.model_id), first.commit_id)

    assert hub.store.write_now(meant) == first
