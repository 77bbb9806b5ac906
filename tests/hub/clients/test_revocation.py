"""A revocation with real parts: stock clients with full caches, offline and pinned, and the machines that have copies.

One machine belongs to the fleet, one has only set the hub up. Each learns it by one contact, and then says it of every
copy, whichever tool finds it, and of the process that still has it in memory.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from tests.hub.clients.revoking import Desk, RevokingHub, weights

MODEL, WHY = "acme/coder", "It phones home"
TOOLS = {"Hugging Face", "Ollama", "LM Studio"}
SEED = 7
DIGEST = hashlib.sha256(weights(SEED)).hexdigest()


class Scene(NamedTuple):
    """What there is after the revocation, before anybody was told."""

    hub: RevokingHub
    commit: str
    member: Desk
    """Of the fleet."""
    guest: Desk
    """Of no fleet: its person ran `wb hub setup`."""
    before: dict[str, dict[str, Any]]
    """Verdicts of the member."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("revocation")
    hub = RevokingHub(folder)
    try:
        commit = hub.approved(MODEL, SEED)
        member, guest = (Desk(folder / name, hub.origin, hub.tokens["rita"]) for name in ("member", "guest"))
        member.well("enroll", hub.origin, "--token", hub.enrollment_token())
        member.well("hub", "setup", "--yes")
        member.contact()
        assert "0 revoked" in guest.sets_up()
        for desk in (member, guest):
            desk.well("pull", MODEL)
            assert set(desk.copies()) == TOOLS
        assert member.stock("use", MODEL, commit, "warm")["main"][0] == "ok"
        before = member.verdicts()
        hub.decide(hub.release(commit), "revoke", reason=WHY, replaced_by="acme/other")
        yield Scene(hub, commit, member, guest, before)
    finally:
        hub.close()


def revoked(verdict: dict[str, Any]) -> str:
    """Return the reason of a verdict that denies what was revoked."""
    assert verdict["by_rules"] == "deny", verdict
    assert verdict["rules"][0]["id"] == "revoked-model"
    assert verdict["remedy"] == "Use acme/other instead. Remove it and stop what runs it."
    return str(verdict["rules"][0]["reason"])


def says_so(desk: Desk, by: str) -> None:
    """Check that everything on a machine says that each copy is revoked, why, and what to use."""
    verdicts = desk.verdicts()
    assert set(verdicts) == TOOLS
    for verdict in verdicts.values():
        assert verdict["decision"] == "deny"
        assert revoked(verdict).endswith(f"by {by}: {WHY}")
    assert {one["assessment"] for one in desk.json("scan", str(desk.home))["artifacts"]} == {"clean"}
    for copy in desk.copies().values():
        code, out, _ = desk.wb("check", str(copy))
        assert code == 21
        assert WHY in out
        assert "Use acme/other instead" in out
    with desk.running(desk.copies()["LM Studio"]) as pid:
        (process,) = [one for one in desk.json("ps")["processes"] if one["pid"] == pid]
        assert WHY in revoked(process["verdict"])
        seen = desk.sensor()
    models = [data for kind, data in seen if kind == "verdict" and data["artifact"] == DIGEST]
    processes = [data["verdict"] for kind, data in seen if kind == "process" and data["pid"] == pid]
    assert models
    assert len(processes) == 1
    for verdict in (*models, *processes):
        assert WHY in verdict["revoked"]
        assert "Use acme/other instead" in verdict["remedy"]


def test_stock_clients_stop_or_are_stopped_by_the_machine_alone(scene: Scene) -> None:
    """A client whose cache is full hears of it; offline `main` is gone with it; a pinned commit asks nobody."""
    assert {verdict["decision"] for verdict in scene.before.values()} != {"deny"}
    online = scene.member.stock("use", MODEL, scene.commit, "fresh")
    assert online["main"][0] == "RemoteEntryNotFoundError"
    assert online["fresh"][0] == "RevisionNotFoundError"
    assert f"{WHY}. Use acme/other instead." in online["fresh"][1]
    offline = scene.member.stock("use", MODEL, scene.commit, "fresh", HF_HUB_OFFLINE="1")
    assert offline["main"][0] == "LocalEntryNotFoundError"
    assert online["pinned"][0] == offline["pinned"][0] == "ok"


def test_a_machine_of_the_fleet_says_it_after_one_contact(scene: Scene) -> None:
    assert {verdict["decision"] for verdict in scene.member.verdicts().values()} != {"deny"}
    assert scene.member.contact()["policy_taken"] is True
    says_so(scene.member, "administrator")
    code, _, err = scene.member.wb("pull", MODEL)
    assert code == 21
    assert WHY in err
    assert scene.member.contact()["policy_taken"] is False


def test_a_machine_of_no_fleet_says_it_after_one_contact(scene: Scene) -> None:
    host = scene.hub.origin.partition("//")[2]
    assert {verdict["decision"] for verdict in scene.guest.verdicts().values()} != {"deny"}
    assert "revoked 1 revoked, 0 deprecated" in scene.guest.well("hub", "setup", "--status")
    says_so(scene.guest, f"administrator at {host}")
    code, _, err = scene.guest.wb("pull", MODEL)
    assert code == 21
    assert WHY in err


def test_a_machine_of_no_fleet_goes_on_saying_it_when_the_hub_is_gone(scene: Scene) -> None:
    """Runs last: it takes the hub down, and brings it back at another address."""
    scene.guest.well("hub", "setup", "--status")
    scene.hub.server.kill()
    code, _, err = scene.guest.wb("pull", MODEL)
    assert code == 1
    assert "could not be refreshed since" in err
    _, out, err = scene.guest.wb("scan", str(scene.guest.copies()["Ollama"]))
    assert WHY in out
    assert "could not be refreshed since" in err
    scene.hub.restart()
