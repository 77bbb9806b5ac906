"""What people, policy and time do with releases: states, bytes, branches, records, on both stores."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from tests.fleet.serving import DAY, Running, running
from tests.hub.holding import committed, in_state, weighed_with
from tests.hub.weighable import work

from weighbridge.fleet import audit, outbox, revocations
from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, branches, grants, jobs, lifecycle, release_files, releases, settling, steps
from weighbridge.hub.approval import Approval
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.chronicle import HubMachine
from weighbridge.hub.releases import Release
from weighbridge.hub.states import MOVES, State
from weighbridge.hub.worker import do_next
from weighbridge.hub.works import WORKS
from weighbridge.ledger.entry import decode
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_open import ledger_reader

SAID = Approval(guidance="For drafts.", data_classes=("internal", "public"), owner="ai-team", days=30)


@pytest.fixture
def hub(store: Store, tmp_path: Path):
    with running(store) as started:
        started.hub.folder = str(tmp_path / "state")
        yield started


@pytest.fixture
def grace(hub: Running) -> Viewer:
    return viewer_of(hub.account("grace", Role.APPROVER))


def do(hub: Running, act, *arguments, **more) -> Release:
    return asyncio.run(act(hub.hub, *arguments, **more))


def now_is(hub: Running, release: Release) -> Release:
    return hub.store.read_now(lambda c: releases.by_id(c, release.release_id))


def served(hub: Running, release: Release, branch: str = "main") -> str:
    found = hub.store.read_now(lambda c: branches.find(c, release.model_id, branch))
    return "" if found is None else found.served


def places(hub: Running, release: Release) -> set[str]:
    """Where the bytes of a release lie, as the catalog says and as the store has them."""

    async def look() -> set[str]:
        files = await hub.store.read(lambda c: release_files.of_release(c, release.release_id))
        found = await hub.store.read(lambda c: blob_index.find_all(c, [one.sha256 for one in files]))
        lies = {place for one in files for place in blob_index.PLACES if await hub.hub.blobs.size(place, one.sha256)}
        assert {blob.place for blob in found.values()} == lies
        return lies

    return asyncio.run(look())


def test_an_approval_pins_says_and_serves(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    assert places(hub, release) == {QUARANTINE}
    done = do(hub, lifecycle.approve, grace, release.release_id, SAID, why="it is fine")
    assert (done.state, done.state_by, done.guidance, done.data_classes) == (
        State.APPROVED,
        "grace",
        "For drafts.",
        "public,internal",
    )
    assert done.until_at == hub.clock.now + 30 * DAY
    assert served(hub, done) == done.commit_id
    assert places(hub, done) == {RELEASED}
    step = hub.store.read_now(lambda c: steps.about(c, [release.release_id]))[-1]
    assert (step.step, step.by_name, step.why) == ("approve", "grace", "it is fine")
    assert step.detail["digests"] == {"config.json": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}
    entry = hub.store.read_now(lambda c: audit.newest(c, 1))[0]
    assert (entry.action, entry.subject) == ("model.approve", release.release_id)
    hub.store.write_now(outbox.number)
    assert "approved" in hub.store.read_now(lambda c: outbox.after(c, 0, 10))[-1].body


def test_nobody_approves_what_they_brought(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW, who="grace")
    with pytest.raises(RefusedError, match="you brought"):
        do(hub, lifecycle.approve, grace, release.release_id, SAID)
    assert places(hub, release) == {QUARANTINE}
    hub.server.settings = msgspec.structs.replace(hub.server.settings, hub_four_eyes=False)
    assert do(hub, lifecycle.approve, grace, release.release_id, SAID).state is State.APPROVED


def test_nobody_approves_what_nothing_looked_into(hub: Running, grace: Viewer) -> None:
    release = asyncio.run(committed(hub, {"config.json": b"{}"}))
    # Refused before it was weighed, and taken back into review: its state is that of one that was.
    do(hub, lifecycle.reject, grace, release.release_id, "not this one")
    do(hub, lifecycle.back_to_review, grace, release.release_id, "or is it")
    with pytest.raises(WeighbridgeError, match="nothing has looked into") as caught:
        do(hub, lifecycle.approve, grace, release.release_id, SAID)
    assert caught.value.code == "E-release-state"
    assert places(hub, release) == {QUARANTINE}
    weighed_with(hub, release)
    assert do(hub, lifecycle.approve, grace, release.release_id, SAID).state is State.APPROVED


@pytest.mark.parametrize(
    "wrong", [Approval(days=0), Approval(days=5000), Approval(data_classes=("secret-ish",)), Approval(owner="a\nb")]
)
def test_an_approval_that_says_nonsense_changes_nothing(hub: Running, grace: Viewer, wrong: Approval) -> None:
    release = in_state(hub, State.REVIEW)
    with pytest.raises(WeighbridgeError) as caught:
        do(hub, lifecycle.approve, grace, release.release_id, wrong)
    assert caught.value.code == "E-approval"
    assert now_is(hub, release).state is State.REVIEW


def test_whom_a_namespace_is_not_for_finds_no_release_in_it(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody-else", grants.REVIEW, by="root"))
    for act, more in ((lifecycle.approve, (SAID,)), (lifecycle.reject, ("because",)), (lifecycle.revoke, ("because",))):
        with pytest.raises(RefusedError) as caught:
            do(hub, act, grace, release.release_id, *more)
        assert caught.value.status == 404


@pytest.mark.parametrize("state", [one for one in State if one not in (State.FETCHING, State.QUARANTINED)])
def test_only_what_the_table_of_states_has_is_done(hub: Running, grace: Viewer, state: State) -> None:
    acts = {
        State.APPROVED: lambda r: lifecycle.approve(hub.hub, grace, r.release_id, SAID),
        State.REJECTED: lambda r: lifecycle.reject(hub.hub, grace, r.release_id, "because"),
        State.DEPRECATED: lambda r: lifecycle.deprecate(hub.hub, grace, r.release_id, "because"),
        State.REVOKED: lambda r: lifecycle.revoke(hub.hub, grace, r.release_id, "because"),
        State.REVIEW: lambda r: lifecycle.back_to_review(hub.hub, grace, r.release_id, "because"),
    }
    for number, (after, act) in enumerate(acts.items()):
        release = in_state(hub, state, {"config.json": b"{}", "n": str(number).encode()}, name=f"acme/m{number}")
        if after in MOVES[state]:
            assert asyncio.run(act(release)).state is after
        else:
            with pytest.raises(WeighbridgeError) as caught:
                asyncio.run(act(release))
            assert caught.value.code == "E-release-state"
            assert now_is(hub, release).state is state


def test_an_older_release_is_left_behind_many_that_nobody_decided_about(hub: Running, grace: Viewer) -> None:
    """What is uploaded each night waits by the hundred; `main` goes back to what was approved before, not to a page."""
    old = in_state(hub, State.REVIEW)
    do(hub, lifecycle.approve, grace, old.release_id, SAID)
    new = in_state(hub, State.REVIEW, {"config.json": b"{ }"})
    do(hub, lifecycle.approve, grace, new.release_id, SAID)

    def wait(connection) -> None:
        for number in range(210):
            releases.add(connection, hub.clock.now + 1, new.model_id, f"{number:040x}", by="ci")

    hub.store.write_now(wait)
    do(hub, lifecycle.revoke, grace, new.release_id, "it steals keys")
    assert served(hub, new) == old.commit_id


def test_what_takes_long_to_bring_forward_is_not_taken_back_meanwhile(hub: Running, grace: Viewer) -> None:
    """A hundred thousand files take minutes; nobody looks in between whether somebody died over them."""
    release = in_state(hub, State.REVIEW, {f"{number}.json": b"{%d}" % number for number in range(4)})
    move, back = hub.hub.blobs.move, []

    async def slowly(sha256: str, before: str, after: str) -> None:
        await move(sha256, before, after)
        back.extend([sha256] if after == QUARANTINE else [])
        hub.clock.pass_seconds(500)
        if after == RELEASED:
            await do_next(hub.hub, {jobs.SETTLE: WORKS[jobs.SETTLE]})

    hub.hub.blobs.move = slowly
    do(hub, lifecycle.approve, grace, release.release_id, SAID)
    assert places(hub, release) == {RELEASED}
    assert back == []


def test_a_revocation_ends_everything_and_leaves_a_page(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    do(hub, lifecycle.approve, grace, release.release_id, SAID)
    weighed_with(hub, release, "a" * 64)
    gone = do(hub, lifecycle.revoke, grace, release.release_id, "it *steals* keys", replaced_by="acme/other")
    assert (gone.state, gone.state_why, gone.replaced_by) == (State.REVOKED, "it *steals* keys", "acme/other")
    stone = hub.store.read_now(lambda c: releases.of_commit(c, release.model_id, served(hub, release)))
    assert stone is not None
    assert (stone.is_tombstone, stone.is_served, stone.parent_id) == (True, True, release.commit_id)
    assert places(hub, stone) == {RELEASED}
    file = hub.store.read_now(lambda c: release_files.of_release(c, stone.release_id))[0]

    async def text() -> bytes:
        return b"".join([piece async for piece in hub.hub.blobs.read(RELEASED, file.sha256, 0, file.size)])

    page = asyncio.run(text()).decode()
    assert "acme/tiny was revoked" in page
    assert r"it \*steals\* keys" in page
    told = hub.store.read_now(lambda c: revocations.of_digest(c, "a" * 64))
    assert told is not None
    assert (told.reason, told.by_name, told.replacement) == ("it *steals* keys", "grace", "acme/other")
    asyncio.run(work(hub.hub))
    assert places(hub, release) == {QUARANTINE}
    assert places(hub, stone) == {RELEASED}


def test_after_a_revocation_readers_get_the_newest_that_is_left(hub: Running, grace: Viewer) -> None:
    first = in_state(hub, State.REVIEW, {"a": b"1", "same": b"s"})
    do(hub, lifecycle.approve, grace, first.release_id, SAID)
    hub.clock.pass_seconds(1)
    second = in_state(hub, State.REVIEW, {"a": b"2", "same": b"s"})
    do(hub, lifecycle.approve, grace, second.release_id, SAID)
    assert served(hub, first) == second.commit_id
    do(hub, lifecycle.revoke, grace, second.release_id, "it is wrong")
    assert served(hub, first) == first.commit_id
    asyncio.run(work(hub.hub))
    assert places(hub, first) == {RELEASED}
    # What both hold is still served.
    assert places(hub, second) == {RELEASED, QUARANTINE}


def test_a_revoked_branch_never_means_another_release_without_a_word(hub: Running, grace: Viewer) -> None:
    """`q8` is a precision: who asks for it is told, and does not get the one that `main` is."""
    usual = in_state(hub, State.REVIEW, {"q4": b"4"})
    do(hub, lifecycle.approve, grace, usual.release_id, SAID)
    exact = in_state(hub, State.REVIEW, {"q8": b"8"}, revision="q8")
    do(hub, lifecycle.approve, grace, exact.release_id, SAID)
    hub.store.write_now(lambda c: branches.point(c, 1, exact.model_id, "old", served=exact.commit_id, kind="tag"))
    hub.store.write_now(lambda c: branches.point(c, 1, exact.model_id, "also", served=exact.commit_id))
    do(hub, lifecycle.revoke, grace, exact.release_id, "it is wrong", replaced_by="acme/other")
    stone = hub.store.read_now(lambda c: releases.of_commit(c, exact.model_id, served(hub, exact, "q8")))
    assert stone is not None
    assert (stone.is_tombstone, stone.parent_id) == (True, exact.commit_id)
    assert served(hub, exact, "also") == stone.commit_id
    assert served(hub, exact, "old") == exact.commit_id
    assert served(hub, exact) == usual.commit_id
    do(hub, lifecycle.back_to_review, grace, exact.release_id, "it was right")
    do(hub, lifecycle.approve, grace, exact.release_id, SAID)
    assert served(hub, exact, "q8") == exact.commit_id
    do(hub, lifecycle.back_to_review, grace, exact.release_id, "look once more")
    assert served(hub, exact, "q8") == exact.commit_id


def test_what_was_revoked_comes_back_through_review_alone(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    do(hub, lifecycle.approve, grace, release.release_id, SAID)
    do(hub, lifecycle.revoke, grace, release.release_id, "by mistake", everywhere=False)
    do(hub, lifecycle.back_to_review, grace, release.release_id, "it was a mistake")
    again = do(hub, lifecycle.approve, grace, release.release_id, SAID)
    assert served(hub, again) == again.commit_id
    assert places(hub, again) == {RELEASED}


def test_approvals_end_by_time_and_are_renewed(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    do(hub, lifecycle.approve, grace, release.release_id, SAID)
    renewed = do(hub, lifecycle.renew, grace, release.release_id, 60)
    assert renewed.until_at == hub.clock.now + 60 * DAY
    hub.clock.pass_seconds(59 * 86_400)
    assert asyncio.run(lifecycle.expire(hub.hub)) == 0
    hub.clock.pass_seconds(2 * 86_400)
    assert asyncio.run(lifecycle.expire(hub.hub)) == 1
    ended = now_is(hub, release)
    assert (ended.state, ended.state_by) == (State.EXPIRED, "time")
    asyncio.run(work(hub.hub))
    assert places(hub, release) == {QUARANTINE}
    back = do(hub, lifecycle.renew, grace, release.release_id, 30)
    assert back.state is State.APPROVED
    assert places(hub, back) == {RELEASED}


def test_a_server_that_dies_while_it_approves_leaves_nothing_half_done(
    hub: Running, grace: Viewer, monkeypatch
) -> None:
    release = in_state(hub, State.REVIEW, {"a": b"1", "b": b"2", "c": b"3"})
    moves = 0
    move = hub.hub.blobs.move

    async def dies(sha256: str, before: str, after: str) -> None:
        nonlocal moves
        moves += 1
        if moves == 3:
            raise KeyboardInterrupt
        await move(sha256, before, after)

    monkeypatch.setattr(hub.hub.blobs, "move", dies)
    with pytest.raises(KeyboardInterrupt):
        do(hub, lifecycle.approve, grace, release.release_id, SAID)
    monkeypatch.undo()
    assert now_is(hub, release).state is State.REVIEW
    assert served(hub, release) == ""
    hub.clock.pass_seconds(settling.REPAIR // 1000 + 1)
    asyncio.run(work(hub.hub))
    assert places(hub, release) == {QUARANTINE}
    done = do(hub, lifecycle.approve, grace, release.release_id, SAID)
    assert places(hub, done) == {RELEASED}


def test_every_step_is_a_record_of_a_ledger_that_verifies(hub: Running, grace: Viewer) -> None:
    release = in_state(hub, State.REVIEW)
    do(hub, lifecycle.approve, grace, release.release_id, SAID, why="it is fine")
    do(hub, lifecycle.deprecate, grace, release.release_id, "there is a newer one", replaced_by="acme/newer")
    asyncio.run(work(hub.hub))
    assert hub.store.read_now(lambda c: steps.unrecorded(c, 10)) == []
    reader = ledger_reader(HubMachine(hub.hub.folder.encode()))
    entries = [decode(entry) for entry in reader.entries(0, reader.head().size)]
    told = [
        (one.data["step"], one.data["by"], one.data["why"])
        for one in entries
        if one is not None and one.kind == "release"
    ]
    assert told == [("approve", "grace", "it is fine"), ("deprecate", "grace", "there is a newer one")]
