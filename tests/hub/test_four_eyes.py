"""Nobody approves what they brought or asked for, also under a commit of somebody else."""

import asyncio

import pytest
from tests.fleet.serving import Running, running
from tests.hub.holding import committed

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import releases, requests
from weighbridge.hub.four_eyes import is_own
from weighbridge.hub.ingest import Remove, commit_files
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State


@pytest.fixture
def hub(store):
    with running(store) as started:
        started.grace = viewer_of(started.account("grace", Role.APPROVER))
        yield started


def own(hub: Running, release) -> bool:
    return hub.store.read_now(lambda c: is_own(c, hub.grace, release))


def commit(hub: Running, who: str, files: dict[str, bytes], **more):
    return asyncio.run(committed(hub, files, who=who, **more))


def test_what_one_brought(hub: Running) -> None:
    assert own(hub, commit(hub, "grace", {"a": b"1"}))
    assert not own(hub, commit(hub, "ada", {"a": b"1"}, name="acme/other"))


def test_what_one_brought_under_the_commit_of_somebody_else(hub: Running) -> None:
    commit(hub, "grace", {"bad.bin": b"1"})
    commit(hub, "ada", {"README.md": b"# Tiny"})
    assert own(hub, commit(hub, "bob", {"more.md": b"more"}))


def test_what_one_brought_and_somebody_replaced(hub: Running) -> None:
    commit(hub, "ada", {"a": b"1"})
    commit(hub, "grace", {"b": b"2"})
    removed = {"parent": None, "title": "less", "changes": [Remove(path="b")]}
    assert not own(hub, asyncio.run(commit_files(hub.hub, "ada", parse_name("acme/tiny"), **removed)))
    anew = commit(hub, "ada", {"c": b"3"}, from_nothing=True)
    assert not own(hub, anew)


def test_what_was_approved_is_behind_one(hub: Running) -> None:
    first = commit(hub, "grace", {"a": b"1"})

    def approve(connection):
        weighed = releases.move(connection, 1, first, State.WEIGHING, by="hub")
        releases.move(connection, 1, weighed, State.APPROVED, by="ada")

    hub.store.write_now(approve)
    assert not own(hub, commit(hub, "ada", {"b": b"2"}))


def test_what_one_asked_for(hub: Running) -> None:
    release = commit(hub, "ada", {"a": b"1"})

    def ask(connection):
        asked = requests.ask(connection, 1, hub.grace, parse_name("acme/tiny"), why="to try it")
        requests.lead_to(connection, 1, asked.request_id, release.release_id)

    assert not own(hub, release)
    hub.store.write_now(ask)
    assert own(hub, release)
