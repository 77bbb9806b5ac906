"""An endpoint and a server of policies that lies, is slow, empty or gone: the last good policy stays in force."""

import json
from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sync.policy_server import NOW, PolicyServer, days, online, person, policy_files

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_disk import PowerLoss
from weighbridge.host.fleet_http import HttpError, HttpReply, TooLargeError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import PolicyFolder, fleet_policy, held_now
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.policy_update import REFRESH_SECONDS, is_due, pin, update_policy
from weighbridge.sync.policy_bundle import packed
from weighbridge.sync.policy_metadata import add_signature, new_targets


class Way:
    """The way to a server of policies."""

    def __init__(self, server: PolicyServer) -> None:
        self.server = server
        self.status = 200
        self.cut = True
        self.asked: list[str] = []

    def get(self, path: str, limit: int) -> HttpReply:
        self.asked.append(path)
        if self.status == 0:
            raise HttpError("connection refused")
        if self.status != 200:
            return HttpReply(self.status, {}, b"")
        content = self.server.files.get(path.removeprefix("/v1/policy/"))
        if content is None:
            return HttpReply(404, {}, b"")
        if len(content) > limit and self.cut:
            raise TooLargeError("its answer is too large")
        return HttpReply(200, {}, content)


@pytest.fixture
def server():
    made = PolicyServer()
    made.publish(1)
    return made


@pytest.fixture
def way(server):
    return Way(server)


@pytest.fixture
def machine(way):
    made = FakeMachine()
    made.clock = made.started = NOW
    assert pin(made, way) == "root 1: 2 of 3 for keys, 2 of 3 for policies"
    return made


def in_force(machine):
    bundle = PolicyFolder(machine).bundle()
    return None if bundle is None else bundle.number


def test_a_signed_policy_is_in_force_as_a_whole(machine, way):
    held = update_policy(machine, way, "1")
    assert (held.number, held.code, held.refreshed_at) == (1, "", "2026-11-21T12:00:00.000Z")
    assert fleet_policy(machine).title == "balanced 1"
    assert load_policy(machine, "fleet").title == "balanced 1"
    assert held_now(machine) == held


def test_a_newer_policy_takes_its_place(machine, way, server):
    update_policy(machine, way, "1")
    server.publish(2)
    assert update_policy(machine, way, "2").number == 2
    assert fleet_policy(machine).title == "balanced 2"


def test_the_server_chooses_among_what_is_signed_and_never_back(machine, way, server):
    server.publish(2)
    assert update_policy(machine, way, "1").number == 1, "this machine waits for its ring"
    assert update_policy(machine, way, "2").number == 2
    held = update_policy(machine, way, "1")
    assert (held.number, held.code, in_force(machine)) == (2, "old", 2)
    assert update_policy(machine, way, "").code == ""


@pytest.mark.parametrize(
    "wanted", ["7", "99999999999999", "0", "-1", "x", "policy-1.json", "../../etc/passwd", "1; rm"]
)
def test_nothing_that_nobody_signed_is_taken(machine, way, wanted):
    held = update_policy(machine, way, wanted)
    assert held.number == 0
    assert held.code in ("", "unlisted")
    assert in_force(machine) is None


def test_too_few_signatures(machine, way, server):
    update_policy(machine, way, "1")
    server.publish(2, signers=[person(0)])
    held = update_policy(machine, way, "2")
    assert (held.number, held.code, in_force(machine)) == (1, "unsigned", 1)


def test_another_policy_under_a_signed_name(machine, way, server):
    update_policy(machine, way, "1")
    server.publish(2)
    name = next(name for name in server.files if name.endswith("policy-2.json"))
    for content in (packed(2, policy_files(9)), server.files[name][:-1], b""):
        server.files[name] = content
        held = update_policy(machine, way, "2")
        assert (held.number, held.code, in_force(machine)) == (1, "mixed", 1)
    del server.files[name]
    assert update_policy(machine, way, "2").code == "mixed"


def test_a_policy_that_calls_itself_by_another_number(machine, way, server):
    server.bundles[2] = packed(3, policy_files(3))
    server.sign()
    assert update_policy(machine, way, "2").code == "mixed"


@pytest.mark.parametrize(
    "files",
    [
        {"policy.yaml": b"name: x\n"},
        policy_files() | {"rules.cedar": b"permit (principal, action, resource) when { resource.from_the_future };"},
        policy_files() | {"rules.cedar": b"\x00"},
    ],
)
def test_a_signed_policy_that_cannot_be_read_leaves_the_last_one(machine, way, server, files):
    update_policy(machine, way, "1")
    server.publish(2, files)
    held = update_policy(machine, way, "2")
    assert (held.number, held.code, in_force(machine)) == (1, "unusable", 1)
    assert held.reason


def test_a_signed_text_that_is_no_policy(machine, way, server):
    update_policy(machine, way, "1")
    server.bundles[2] = b'{"run": "rm -rf /"}'
    server.sign()
    assert update_policy(machine, way, "2").code == "unusable"


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize(
    "name", ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json", "policy-2.json"]
)
def test_files_without_end(machine, way, server, cut, name):
    update_policy(machine, way, "1")
    server.publish(2)
    whole = next((one for one in server.files if one.endswith(name)), name)
    before = server.files.get(whole)
    server.files[whole] = b"x" * (8 << 20)
    way.cut = cut
    held = update_policy(machine, way, "2")
    assert (held.number, held.code, in_force(machine)) == (1, "oversized", 1)
    if before is not None:
        server.files[whole] = before
        assert update_policy(machine, way, "2").number == 2


@pytest.mark.parametrize("status", [0, 302, 401, 500, 503])
def test_a_server_that_does_not_answer(machine, way, server, status):
    update_policy(machine, way, "1")
    server.publish(2)
    way.status = status
    held = update_policy(machine, way, "2")
    assert (held.number, held.code, in_force(machine)) == (1, "unreachable", 1)
    way.status = 200
    assert update_policy(machine, way, "2").number == 2


def test_a_word_that_ran_out_is_said_and_the_policy_stays(machine, way):
    update_policy(machine, way, "1")
    machine.clock = NOW + days(8)
    held = held_now(machine)
    assert (held.number, held.code) == (1, "expired")
    assert "ended on 2026-11-28" in held.reason
    assert update_policy(machine, way, "1").code == "expired"
    assert fleet_policy(machine).title == "balanced 1"


def test_an_old_state_of_the_server_is_refused(machine, way, server):
    before = dict(server.files)
    server.publish(2)
    update_policy(machine, way, "2")
    server.files = before
    held = update_policy(machine, way, "1")
    assert (held.number, held.code, in_force(machine)) == (2, "old", 2)


def test_a_file_in_force_that_is_damaged_comes_anew(machine, way):
    update_policy(machine, way, "1")
    machine.durable_folder("policy").replace({"in-force.json": b"{"})
    with pytest.raises(WeighbridgeError, match="damaged"):
        fleet_policy(machine)
    assert update_policy(machine, way, "1").code == ""
    assert fleet_policy(machine).title == "balanced 1"


@pytest.mark.parametrize("power", [True, False])
def test_wherever_a_crash_comes_one_whole_policy_is_in_force(way, server, power):
    server.publish(2)
    chance = Random(7)
    crashed = 0
    for step in range(1, 100):
        machine = FakeMachine()
        machine.clock = machine.started = NOW
        pin(machine, way)
        update_policy(machine, way, "1")
        disk = machine.disks["policy"]
        disk.stop_at = disk.steps + step
        try:
            update_policy(machine, way, "2")
        except PowerLoss:
            crashed += 1
            disk.cut(chance) if power else disk.kill()
        disk.stop_at = None
        assert fleet_policy(machine).title in ("balanced 1", "balanced 2")
        assert update_policy(machine, way, "2").number == 2
        assert fleet_policy(machine).title == "balanced 2"
        if crashed < step:
            break
    assert crashed > 5


def test_who_was_never_told_whose_signatures_count_takes_nothing(way):
    machine = FakeMachine()
    machine.clock = NOW
    held = update_policy(machine, way, "1")
    assert (held.number, held.code) == (0, "unpinned")
    assert way.asked == []
    with pytest.raises(WeighbridgeError, match="no policy"):
        fleet_policy(machine)


def test_what_is_pinned_at_enrollment_stays_pinned(machine, way, server):
    other = PolicyServer(people=(person(7), person(8), person(9)), key=online(7))
    other.publish(1)
    assert pin(machine, Way(other)) == ""
    assert update_policy(machine, Way(other), "1").code == "unsigned"
    assert update_policy(machine, way, "1").number == 1


def test_a_root_can_be_brought_by_hand_and_is_checked(machine, way):
    other = PolicyServer(people=(person(7), person(8), person(9)), key=online(7))
    other.publish(5)
    with pytest.raises(WeighbridgeError, match="does not hold"):
        pin(machine, way, b"{}")
    assert pin(machine, way, other.root).startswith("root 1")
    assert update_policy(machine, Way(other), "5").number == 5


def test_a_fleet_without_policies_pins_nothing():
    machine = FakeMachine()
    empty = Way(PolicyServer(files={}))
    empty.server.files.clear()
    assert pin(machine, empty) == ""
    empty.status = 0
    with pytest.raises(WeighbridgeError, match="does not say whose"):
        pin(machine, empty)


def test_when_to_ask_again(machine, way):
    assert not is_due(machine, "")
    assert is_due(machine, "1")
    update_policy(machine, way, "1")
    assert not is_due(machine, "1")
    assert is_due(machine, "2")
    machine.clock += timedelta(seconds=REFRESH_SECONDS + 1)
    assert is_due(machine, "1")
    machine.clock = NOW - days(3650)
    assert is_due(machine, "1"), "a clock that was turned back is no reason to wait for years"


def test_nothing_but_files_of_policies_is_asked_for(machine, way, server):
    text = json.loads(new_targets(2, [(2, "two", server.bundles[1])], NOW))
    text["signed"]["targets"]["../../../etc/shadow"] = text["signed"]["targets"]["policy-2.json"]
    signed = json.dumps(text).encode()
    for one in server.people[:2]:
        signed = add_signature(signed, one)
    server.version, server.bundles = 2, {2: packed(2, policy_files(2))}
    text["signed"]["targets"]["policy-2.json"]["hashes"]["sha256"] = sha256(b"").hexdigest()
    server.bundles[2] = server.bundles[2]
    server.files["2.targets.json"] = signed
    server.place(signed)
    update_policy(machine, way, "2")
    assert all(path.startswith("/v1/policy/") and ".." not in path for path in way.asked)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["publish", "lie", "back", "ask"]), st.integers(-3650, 3650)), max_size=12))
def test_no_clock_brings_an_old_policy_back_nor_keeps_a_good_one_away_for_good(steps):
    """Wall clocks of both sides jump by years, the server shows old states, and the number only grows."""
    server = PolicyServer()
    server.publish(1)
    way, machine = Way(server), FakeMachine()
    machine.clock = machine.started = NOW
    pin(machine, way)
    update_policy(machine, way, "1")
    newest, highest, states = 1, 1, [dict(server.files)]
    for step, by in steps:
        machine.clock += days(by)
        machine.started += days(by)
        if step == "publish":
            newest += 1
            server.files = dict(states[-1])
            server.publish(newest, now=NOW + days(by))
            states.append(dict(server.files))
        elif step in ("lie", "back"):
            server.files = dict(states[0 if step == "back" else len(states) // 2])
        held = update_policy(machine, way, str(newest if step != "back" else 1))
        assert held.number >= highest
        assert in_force(machine) == held.number
        highest = held.number
    machine.clock = machine.started = NOW + days(1)
    server.files = dict(states[-1])
    server.sign(now=NOW + days(1))
    held = update_policy(machine, way, str(newest))
    assert (held.number, held.code, held_now(machine).stale_since) == (newest, "", "")
