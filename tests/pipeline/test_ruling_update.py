"""A server that lies about rulings, and an endpoint: the last good ones stay in force, and haste can only forbid."""

import json
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.test_policy_update import Way
from tests.sync.policy_server import NOW, PolicyServer, days, online, person, policy_files
from tests.sync.ruling_texts import BAD, GOOD, WORSE, approved, exempted, revoked, text_of

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_disk import PowerLoss
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.pipeline.fleet_rulings import HeldRulings, read
from weighbridge.pipeline.membership import FleetFolder, Membership
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.policy_update import is_due, pin, update_policy
from weighbridge.pipeline.ruling_update import taken
from weighbridge.sync.approvals import approvals_text
from weighbridge.sync.judging import RefusalError
from weighbridge.sync.policy_bundle import packed
from weighbridge.sync.ruling_updates import SignedRuling
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, LARGEST_RULINGS, REVOCATIONS, URGENT, read_revocations

HERE, ELSEWHERE = "a" * 16, "b" * 16
ODD = "0d" * 32


@pytest.fixture
def server():
    made = PolicyServer(urgent=online(9))
    made.publish(1)
    return made


@pytest.fixture
def way(server):
    return Way(server)


@pytest.fixture
def machine(way):
    made = FakeMachine()
    made.clock = made.started = NOW
    pin(made, way)
    FleetFolder(made).join(
        Membership(url="https://fleet.example", endpoint_id=HERE, witness_key="w", enrolled_at="2026-11-21")
    )
    return made


def rulings(machine):
    return load_policy(machine, "observe").rulings


def in_force(machine):
    found = rulings(machine)
    return set() if found is None else set(found.revoked)


def test_a_revocation_is_in_force_beside_every_policy(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    assert update_policy(machine, way, "1").code == ""
    assert in_force(machine) == {BAD}
    assert set(load_policy(machine, "fleet").rulings.revoked) == {BAD}
    way.asked.clear()
    update_policy(machine, way, "1")
    assert way.asked == ["/v1/policy/2.root.json", "/v1/policy/timestamp.json"], "nothing comes twice"


def test_a_machine_without_a_policy_of_the_fleet_has_its_rulings(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    held = update_policy(machine, way)
    assert (held.number, held.code, in_force(machine)) == (0, "", {BAD})


def test_what_people_take_back_is_allowed_again(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2), 2)
    update_policy(machine, way)
    assert in_force(machine) == set()


def test_exceptions_are_kept_where_they_are_for(machine, way, server):
    granted = [
        exempted(id="1" * 16, endpoints=(HERE, ELSEWHERE)),
        exempted(id="2" * 16, endpoints=(ELSEWHERE,)),
        exempted(id="3" * 16, endpoints=()),
        exempted(id="4" * 16),
    ]
    server.rule(EXCEPTIONS, text_of(EXCEPTIONS, 1, *granted), 1)
    update_policy(machine, way)
    assert [one.id[0] for one in rulings(machine).exemptions] == ["1", "4"]


@pytest.mark.parametrize("role", [REVOCATIONS, EXCEPTIONS, CATALOG])
def test_too_few_signatures_change_nothing(machine, way, server, role):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way, "1")
    before = PolicyFolder(machine).rulings()
    ruling = {EXCEPTIONS: exempted(), CATALOG: approved()}.get(role, revoked(WORSE))
    server.rule(role, text_of(role, 2, ruling), 2, signers=[person(0)])
    server.publish(2)
    held = update_policy(machine, way, "2")
    assert (held.number, held.code) == (1, "unsigned")
    assert PolicyFolder(machine).rulings() == before
    assert PolicyFolder(machine).bundle().number == 1, "policy and rulings come together, or none of them"


def approvals(machine):
    found = rulings(machine)
    return set() if found is None else set(found.approved)


def test_what_the_catalog_approved_is_as_its_newest_text_says(machine, way, server):
    server.rule(CATALOG, text_of(CATALOG, 1, approved(GOOD, "a0" * 32, version="1.2"), approved(ODD)), 1)
    assert is_due(machine, "1", "0 0 0", 1)
    assert update_policy(machine, way, "1").code == ""
    assert not is_due(machine, "1", "0 0 0", 1), "one contact is enough"
    found = rulings(machine).approved
    assert set(found) == {GOOD, "a0" * 32, ODD}
    assert (found[GOOD].model, found[GOOD].version, str(found[GOOD].until)) == ("acme/coder", "1.2", "2027-01-01")
    assert found[GOOD].data_classes == ("internal",)
    server.rule(CATALOG, text_of(CATALOG, 2, approved(ODD, deprecated=True, replacement="acme/new")), 2)
    update_policy(machine, way, "1")
    found = rulings(machine).approved
    assert {digest: (one.deprecated, one.replacement) for digest, one in found.items()} == {ODD: (True, "acme/new")}
    server.rule(CATALOG, approvals_text(3, [], left_out=7), 3)
    update_policy(machine, way, "1")
    assert (rulings(machine), read(PolicyFolder(machine).rulings()).left_out) == (None, 7)


def test_an_older_text_does_not_approve_again(machine, way, server):
    """Neither shown by the server, nor where the metadata that forbids it was lost."""
    first = server.rule(CATALOG, text_of(CATALOG, 1, approved(BAD)), 1)
    update_policy(machine, way)
    server.rule(CATALOG, text_of(CATALOG, 2, approved()), 2)
    update_policy(machine, way)
    server.show(CATALOG, first, text_of(CATALOG, 1, approved(BAD)))
    for _ in range(2):
        assert update_policy(machine, way).code == "old"
        assert approvals(machine) == {GOOD}
        PolicyFolder(machine).pin(server.files["1.root.json"])


def test_other_keys_of_the_catalog_begin_anew_where_the_server_is_another(machine, way, server):
    """Who took the server over may have burnt the highest number; people name another key and another server."""
    server.catalog = online(7)
    server.sign()
    top = (1 << 53) - 1
    server.rule(CATALOG, text_of(CATALOG, top, approved(BAD)), top)
    assert update_policy(machine, way).code == ""
    server.catalog = online(8)
    server.new_root(server.people, key=online(3))
    server.sign()
    server.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
    assert update_policy(machine, way).code == ""
    assert approvals(machine) == {GOOD}


def test_what_is_withheld_or_too_large_leaves_the_last_text(machine, way, server):
    server.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
    update_policy(machine, way)
    before = PolicyFolder(machine).rulings()
    server.rule(CATALOG, text_of(CATALOG, 2, approved(BAD)), 2)
    text = next(name for name in server.files if name.endswith(".catalog-2.json"))
    for content in (server.files[text] + b" ", b" " * (LARGEST_RULINGS + 1), text_of(CATALOG, 2, approved(ODD)), None):
        server.files[text] = content
        assert update_policy(machine, way).code in ("mixed", "oversized")
        assert PolicyFolder(machine).rulings() == before
    server.rulings.pop(CATALOG)
    server.renew()
    assert update_policy(machine, way).code == "damaged", "what was there once is missed"
    assert PolicyFolder(machine).rulings() == before


def test_a_text_of_the_catalog_that_an_older_version_dropped_comes_anew(machine, way, server):
    """That version keeps the number of a text whose approvals it does not know."""
    server.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
    update_policy(machine, way)
    document = json.loads(PolicyFolder(machine).rulings())
    older = {name: document[name] for name in ("schema", "texts", "revoked", "urgent", "settled", "exemptions")}
    PolicyFolder(machine).put_in_force(None, json.dumps(older).encode())
    assert approvals(machine) == set()
    assert is_due(machine, "", "0 0 0", 1)
    update_policy(machine, way)
    assert approvals(machine) == {GOOD}


def test_an_older_list_does_not_allow_again(machine, way, server):
    first = server.rule(REVOCATIONS, text_of(REVOCATIONS, 1), 1)
    update_policy(machine, way)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked()), 2)
    update_policy(machine, way)
    server.show(REVOCATIONS, first, text_of(REVOCATIONS, 1))
    assert update_policy(machine, way).code == "old"
    assert in_force(machine) == {BAD}


def test_an_older_list_does_not_come_back_where_metadata_was_lost(machine, way, server):
    first = server.rule(REVOCATIONS, text_of(REVOCATIONS, 1), 1)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked()), 2)
    update_policy(machine, way)
    PolicyFolder(machine).pin(server.files["1.root.json"])
    server.show(REVOCATIONS, first, text_of(REVOCATIONS, 1))
    held = update_policy(machine, way)
    assert (held.code, held.reason) == ("old", "revocations 1 is older than 2, which this machine has")
    assert in_force(machine) == {BAD}


def test_a_server_that_stands_still_keeps_them_in_force(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    for passed in (8, 31, 366, 800):
        machine.clock = NOW + days(passed)
        assert update_policy(machine, way).code == "expired"
        assert in_force(machine) == {BAD}


def test_a_text_that_is_not_the_one_that_was_signed(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked(WORSE)), 2)
    name = next(name for name in server.files if name.endswith(".revocations-2.json"))
    for content in (text_of(REVOCATIONS, 2), server.files[name] + b" ", b"", b"x" * (8 << 20)):
        server.files[name] = content
        assert update_policy(machine, way).code in ("mixed", "oversized")
        assert in_force(machine) == {BAD}
    del server.files[name]
    assert update_policy(machine, way).code == "mixed"
    assert in_force(machine) == {BAD}


@pytest.mark.parametrize(
    "text", [b"{}", b"\xff", text_of(URGENT, 2, revoked(WORSE)), text_of(EXCEPTIONS, 2, exempted())]
)
def test_what_is_signed_and_unreadable_changes_nothing(machine, way, server, text):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    server.rule(REVOCATIONS, text, 2)
    assert update_policy(machine, way).code == "unusable"
    assert in_force(machine) == {BAD}


def test_a_number_that_the_text_does_not_have(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 7, revoked()), 1)
    assert update_policy(machine, way).code == "mixed"
    assert in_force(machine) == set()


def test_who_took_the_server_and_its_key_over_can_forbid_and_never_allow(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    server.rule(URGENT, text_of(URGENT, 1, revoked(WORSE, "1" * 16)), 1)
    update_policy(machine, way)
    assert in_force(machine) == {BAD, WORSE}
    server.rule(URGENT, text_of(URGENT, 2, revoked(ODD, "2" * 16)), 2)
    assert update_policy(machine, way).code == ""
    assert in_force(machine) == {BAD, WORSE, ODD}, "what it left out stays"
    server.rule(URGENT, text_of(URGENT, 3), 3)
    update_policy(machine, way)
    assert in_force(machine) == {BAD, WORSE, ODD}


def test_people_settle_what_came_in_haste(machine, way, server):
    hasty = [revoked(WORSE, "1" * 16), revoked(ODD, "2" * 16)]
    server.rule(URGENT, text_of(URGENT, 1, *hasty), 1)
    update_policy(machine, way)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked(WORSE), settled=("1" * 16, "2" * 16)), 1)
    update_policy(machine, way)
    assert in_force(machine) == {WORSE}
    server.rule(URGENT, text_of(URGENT, 2, *hasty), 2)
    update_policy(machine, way)
    assert in_force(machine) == {WORSE}, "what is settled does not come back by the same word"
    server.rule(URGENT, text_of(URGENT, 3, revoked(ODD, "3" * 16)), 3)
    update_policy(machine, way)
    assert in_force(machine) == {WORSE, ODD}


def test_damaged_rulings_come_anew(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    PolicyFolder(machine).put_in_force(None, b"broken")
    assert update_policy(machine, way).code == ""
    assert in_force(machine) == {BAD}


@pytest.mark.parametrize("power", [True, False])
def test_after_a_crash_at_any_step_the_old_ones_are_in_force_or_the_new_ones(machine, way, server, power):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way, "1")
    server.publish(2)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked(WORSE)), 2)
    folder = PolicyFolder(machine)
    before = folder.metadata(), folder.bundle(), folder.rulings()
    disk, chance, crashed = machine.disks["policy"], Random(5), 0
    for step in range(1, 60):
        folder.keep(before[0])
        folder.put_in_force(packed(1, policy_files(1)), before[2])
        folder.say(1)
        disk.stop_at = disk.steps + step
        try:
            update_policy(machine, way, "2")
        except PowerLoss:
            crashed += 1
            disk.cut(chance) if power else disk.kill()
        disk.stop_at = None
        number = folder.bundle().number
        assert in_force(machine) in ({BAD}, {WORSE})
        assert number == 1 or in_force(machine) == {WORSE}, "what forbids comes first"
        update_policy(machine, way, "2")
        assert (in_force(machine), folder.bundle().number) == ({WORSE}, 2)
        if crashed < step:
            break
    assert crashed > 5


def test_leaving_the_fleet_forgets_them(machine, way, server):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    update_policy(machine, way)
    PolicyFolder(machine).forget()
    assert rulings(machine) is None


def signed(role, number, text):
    digest = sha256(text).hexdigest()
    return SignedRuling(role=role, number=number, name="x", sha256=digest, length=len(text))


DIGESTS = st.frozensets(st.sampled_from([f"{number:064x}" for number in range(4)]))
STEPS = st.lists(st.tuples(st.sampled_from([REVOCATIONS, URGENT]), DIGESTS, st.booleans()), max_size=8)


@settings(max_examples=200)
@given(STEPS)
def test_haste_never_shortens_what_is_forbidden(steps):
    held, hasty, numbers = HeldRulings(texts={}), {}, {REVOCATIONS: 0, URGENT: 0}
    for role, digests, settles in steps:
        numbers[role] += 1
        before = {one["sha256"] for one in (*held.revoked, *held.urgent)}
        rulings = [revoked(one, f"{numbers[role]:08x}{int(one, 16):08x}") for one in sorted(digests)]
        settled = tuple(hasty) if settles and role == REVOCATIONS else tuple(held.settled)
        text = text_of(role, numbers[role], *rulings, settled=settled if role == REVOCATIONS else ())
        held = taken(held, [signed(role, numbers[role], text)], lambda _, text=text: text, HERE)
        now = {one["sha256"] for one in (*held.revoked, *held.urgent)}
        if role == URGENT:
            hasty |= {one.id: one.sha256 for one in rulings}
            assert before | digests == now
        else:
            assert digests <= now <= digests | set(hasty.values())
            assert not settles or now == digests


def test_more_in_haste_than_anybody_can_look_at_is_refused():
    def text(first):
        many = [revoked(f"{number:064x}", f"{number:016x}") for number in range(first, first + 6000)]
        return text_of(URGENT, first + 1, *many)

    held = taken(HeldRulings(texts={}), [signed(URGENT, 1, text(0))], lambda _: text(0), HERE)
    assert len(held.urgent) == 6000
    with pytest.raises(RefusalError, match="in haste"):
        taken(held, [signed(URGENT, 6001, text(6000))], lambda _: text(6000), HERE)


def test_nothing_new_is_nothing_to_write():
    text = text_of(REVOCATIONS, 1, revoked())
    held = taken(HeldRulings(texts={}), [signed(REVOCATIONS, 1, text)], lambda _: text, HERE)
    assert taken(held, [signed(REVOCATIONS, 1, text)], lambda _: None, HERE) is held
    assert taken(held, [], lambda _: None, HERE) is held
    assert read(None).texts == {}
    assert read_revocations(text, REVOCATIONS).number == 1
