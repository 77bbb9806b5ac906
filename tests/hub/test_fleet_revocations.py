"""What the fleet revoked: no release that holds it is served, or approved, until people take that back."""

import asyncio

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved
from tests.hub.holding import in_state, weighed_with
from tests.hub.test_lifecycle import SAID, do

from weighbridge.fleet import revocations
from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.hub import fleet_revocations, housekeeping, lifecycle, release_files, releases
from weighbridge.hub.housekeeping import hub_housekeeping, revoke_what_the_fleet_revoked
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError

LIMIT = 60.0
INSIDE = "ab" * 32


@pytest.fixture
def grace(served: Running) -> Viewer:
    return viewer_of(served.account("grace", Role.APPROVER))


def revoke(hub: Running, sha256: str) -> None:
    hub.store.write_now(lambda c: revocations.revoke(c, hub.clock.now, None, sha256, "it leaks", "acme/other"))


def digest_in(hub: Running, release) -> str:
    return hub.store.read_now(lambda c: release_files.of_release(c, release.release_id))[0].sha256


def test_every_release_that_holds_it_is_revoked(served: Running, tmp_path) -> None:
    served.hub.folder = str(tmp_path)
    both = [approved(served, {"a": b"1", "b": b"%d" % number}, name=f"acme/m{number}") for number in (2, 3)]
    other = approved(served, {"a": b"4"}, name="acme/m4")
    assert asyncio.run(revoke_what_the_fleet_revoked(served.hub)) == 0
    revoke(served, digest_in(served, both[0]))
    assert asyncio.run(revoke_what_the_fleet_revoked(served.hub)) == 2
    assert asyncio.run(revoke_what_the_fleet_revoked(served.hub)) == 0
    now = [served.store.read_now(lambda c, one=one: releases.by_id(c, one.release_id)) for one in (*both, other)]
    assert [one.state for one in now] == [State.REVOKED, State.REVOKED, State.APPROVED]
    assert (now[0].state_why, now[0].replaced_by, now[0].state_by) == ("it leaks", "acme/other", "hub")


def test_the_hub_follows_by_itself(served: Running, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(housekeeping, "_FOLLOW_SECONDS", 0.02)
    served.hub.folder = str(tmp_path)
    release = approved(served, {"a": b"1"})

    async def run() -> None:
        async with asyncio.timeout(LIMIT), hub_housekeeping(served.hub):
            await asyncio.to_thread(revoke, served, digest_in(served, release))
            while await served.store.read(lambda c: releases.by_id(c, release.release_id).is_served):
                await asyncio.sleep(0.02)

    asyncio.run(run())


@pytest.mark.parametrize("inside", [False, True])
def test_nobody_approves_it_until_that_is_taken_back(served: Running, grace: Viewer, inside: bool) -> None:
    release = in_state(served, State.REVIEW)
    if inside:
        weighed_with(served, release, INSIDE)
    digest = INSIDE if inside else digest_in(served, release)
    revoke(served, digest)
    with pytest.raises(WeighbridgeError, match="revoked in the fleet: it leaks") as caught:
        do(served, lifecycle.approve, grace, release.release_id, SAID)
    assert caught.value.code == "E-release-state"
    assert f"wb fleet revoke {digest} --lift" in caught.value.hint
    served.store.write_now(lambda c: revocations.lift(c, served.clock.now, None, digest, "it was another"))
    assert served.store.read_now(lambda c: fleet_revocations.held(c, release.release_id)) == {}
    assert do(served, lifecycle.approve, grace, release.release_id, SAID).state is State.APPROVED
