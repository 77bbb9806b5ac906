"""Releases that are weighed: the real confined process over real files, and what follows from what it finds."""

import asyncio

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved, moved
from tests.hub.holding import committed
from tests.hub.weighable import CARD, CLEAN, MALICIOUS, UNLICENSED, work
from tests.samples.safetensors_file import small

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import branches, jobs, lifecycle, releases, weighed
from weighbridge.hub.states import SERVED, State


@pytest.fixture
def hub(served: Running, tmp_path) -> Running:
    served.hub.folder = str(tmp_path / "state")
    return served


def weigh(running: Running, files, **more):
    """Commit files and do all work; return the release and how it was weighed."""

    async def run():
        made = await committed(running, files, **more)
        await work(running.hub)
        return made

    made = asyncio.run(run())
    return running.store.read_now(
        lambda c: (releases.by_id(c, made.release_id), weighed.of_release(c, made.release_id))
    )


def test_policy_alone_approves_what_is_clean_permissive_and_safe(hub: Running) -> None:
    release, kept = weigh(hub, CLEAN)
    assert (release.state, release.state_by) == (State.APPROVED, "policy"), kept
    assert (release.assessment, release.decision, release.license) == ("clean", "allow", "apache-2.0")
    assert release.formats == "safetensors"
    assert kept.is_automatic
    assert "apache-2.0" in " ".join(kept.reasons)
    assert release.until_at is not None
    main = hub.store.read_now(lambda c: branches.find(c, release.model_id, "main"))
    assert main is not None
    assert main.served == release.commit_id
    report, bom = hub.store.read_now(
        lambda c: (weighed.report_of(c, release.release_id), weighed.bom_of(c, release.release_id))
    )
    assert b"weighbridge.scan/1" in report
    assert b"CycloneDX" in bom
    assert b"hub-scratch" not in report + bom


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (MALICIOUS, "malicious"),
        (UNLICENSED, "license needs a person"),
        ({**CLEAN, "odd.dat": b"\x00\x01" * 400}, "odd.dat"),
        ({**CLEAN, "README.md": CARD.replace(b"apache-2.0", b"llama3.1")}, "license needs a person: llama3.1"),
        ({**CLEAN, "model-2.safetensors": small()[:-9]}, "`incomplete`"),
        ({**CLEAN, "modeling_x.py": b"import os\nos.system('true')\n"}, "can carry code"),
        ({"README.md": CARD}, "No model was found"),
    ],
    ids=["malicious", "unlicensed", "unknown-file", "conditional", "cut-short", "code", "nothing"],
)
def test_a_person_looks_at_everything_else(hub: Running, files, said: str) -> None:
    release, kept = weigh(hub, files)
    assert release.state is State.REVIEW
    assert not kept.is_automatic
    assert said in " ".join(kept.reasons)
    assert said in release.state_why
    assert hub.store.read_now(lambda c: branches.find(c, release.model_id, "main")).served == ""


def test_a_hub_may_leave_every_approval_to_people(hub: Running) -> None:
    import msgspec

    hub.server.settings = msgspec.structs.replace(hub.server.settings, hub_approve_by_policy=False)
    release, kept = weigh(hub, CLEAN)
    assert release.state is State.REVIEW
    assert "nothing without a person" in kept.reasons[0]


def test_a_release_that_cannot_be_weighed_says_why(hub: Running, monkeypatch) -> None:
    monkeypatch.setattr("weighbridge.hub.weighing_job._CHILD", "weighbridge.hub.no_such_module")
    release, kept = weigh(hub, CLEAN)
    assert kept is None
    assert release.state is State.FAILED
    assert "could not be weighed" in release.state_why
    assert [job.state for job in hub.store.read_now(lambda c: jobs.about(c, release.release_id))] == [jobs.FAILED]


def test_weighing_goes_on_where_a_server_ended(hub: Running) -> None:
    made = asyncio.run(committed(hub, CLEAN))
    hub.store.write_now(lambda c: jobs.take(c, hub.clock.now, (jobs.WEIGH,), "dies"))
    release = hub.store.write_now(lambda c: releases.move(c, hub.clock.now, made, State.WEIGHING, by="hub"))
    assert asyncio.run(work(hub.hub)) >= 0
    hub.clock.pass_seconds(60)
    asyncio.run(work(hub.hub))
    assert hub.store.read_now(lambda c: releases.by_id(c, release.release_id)).state is State.APPROVED


@pytest.mark.parametrize("state", sorted(SERVED))
def test_a_served_release_that_turns_out_harmful_goes_back_to_review(hub: Running, state: State) -> None:
    release = approved(hub, MALICIOUS)
    if state is not State.APPROVED:
        moved(hub, release, state)
    hub.store.write_now(lambda c: jobs.add(c, hub.clock.now, jobs.WEIGH, release.release_id))
    asyncio.run(work(hub.hub))
    after = hub.store.read_now(lambda c: releases.by_id(c, release.release_id))
    assert after.state is State.REVIEW
    assert "malicious" in after.state_why


def test_policy_overrules_nobody_who_decided_against_a_release(hub: Running) -> None:
    grace = viewer_of(hub.account("grace", Role.APPROVER))
    first = asyncio.run(committed(hub, CLEAN))

    async def refuse_and_weigh():
        await lifecycle.reject(hub.hub, grace, first.release_id, "not this one")
        await lifecycle.weigh_again(hub.hub, grace, first.release_id)
        await work(hub.hub)

    asyncio.run(refuse_and_weigh())
    again = hub.store.read_now(lambda c: releases.by_id(c, first.release_id))
    assert (again.state, "decided against before" in again.state_why) == (State.REVIEW, True)
    asyncio.run(lifecycle.reject(hub.hub, grace, first.release_id, "still not"))
    release, kept = weigh(hub, {"README.md": CARD + b"\nNothing else is new.\n"})
    assert (release.state, kept.is_automatic) == (State.REVIEW, False)
    assert "release of the same weights" in release.state_why
