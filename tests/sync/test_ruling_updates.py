"""A server that lies about rulings: nothing unsigned, older, mixed, expired or of another role is believed."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.signer import SSlibKey
from tests.sync.policy_server import NOW, PolicyServer, days, online, person, talk
from tests.sync.ruling_texts import BAD, WORSE, approved, exempted, revoked, text_of

from weighbridge.sync.judging import LARGEST_METADATA
from weighbridge.sync.policy_metadata import add_signature, described, new_targets
from weighbridge.sync.policy_updates import HELD, ROOT, TARGETS, bundle_wanted, is_file
from weighbridge.sync.ruling_metadata import delegated_by, new_ruling
from weighbridge.sync.ruling_updates import ROLE_MARK, RULING_FILES
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, LARGEST_RULINGS, REVOCATIONS, ROLES, URGENT

URGENT_KEY = online(9)


@pytest.fixture
def server():
    made = PolicyServer(urgent=URGENT_KEY)
    made.publish(1)
    return made


@pytest.fixture
def held(server):
    """What an endpoint keeps that has the first revocations."""
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
    found = talk({ROOT: server.root}, server)
    assert found.code == ""
    return {ROOT: server.root} | found.keep


def numbers(found):
    return {one.role: one.number for one in found.rulings}


def test_what_those_who_may_signed_is_believed(server):
    texts = {
        REVOCATIONS: text_of(REVOCATIONS, 1, revoked()),
        URGENT: text_of(URGENT, 1, revoked(WORSE)),
        EXCEPTIONS: text_of(EXCEPTIONS, 1, exempted()),
        CATALOG: text_of(CATALOG, 1, approved()),
    }
    for role, text in texts.items():
        server.rule(role, text, 1)
    found = talk({ROOT: server.root}, server)
    assert (found.code, numbers(found)) == ("", dict.fromkeys(ROLES, 1))
    assert [server.get(bundle_wanted(one)) for one in found.rulings] == list(texts.values())
    assert set(found.keep) | {ROOT} == set(HELD)
    assert all(is_file(name) for name in server.asked), server.asked


def test_who_is_up_to_date_asks_for_nothing_more(server, held):
    server.asked.clear()
    found = talk(held, server)
    assert (found.code, numbers(found), found.keep) == ("", {REVOCATIONS: 1}, {})
    assert server.asked == ["2.root.json", "timestamp.json"]


def test_a_fleet_without_rulings_has_none(server):
    assert talk({ROOT: server.root}, server).rulings == ()
    plain = PolicyServer(delegates=False)
    plain.publish(1)
    assert (talk({ROOT: plain.root}, plain).code, talk({ROOT: plain.root}, plain).rulings) == ("", ())


@pytest.mark.parametrize("role", [REVOCATIONS, EXCEPTIONS, CATALOG])
@pytest.mark.parametrize("signers", [(), (person(0),), (person(0), person(0)), (person(7), person(8)), (URGENT_KEY,)])
def test_too_few_signatures_are_none(server, held, role, signers):
    server.rule(role, text_of(role, 2), 2, signers=signers)
    found = talk(held, server)
    assert (found.code, found.rulings) == ("unsigned", ())
    assert RULING_FILES[role] not in found.keep


def test_the_server_cannot_sign_for_people(server, held):
    for role in ROLES:
        forged = PolicyServer(urgent=URGENT_KEY, files=dict(server.files), root_version=0)
        forged.files, forged.targets, forged.said = dict(server.files), server.targets, server.said
        forged.rulings = dict(server.rulings)
        forged.rule(role, text_of(role, 2), 2, signers=[forged.key, forged.key])
        assert talk(held, forged).code == "unsigned", role


def test_the_key_for_haste_signs_nothing_but_what_is_urgent(server, held):
    server.rule(URGENT, text_of(URGENT, 1, revoked(WORSE)), 1)
    assert numbers(talk(held, server)) == {REVOCATIONS: 1, URGENT: 1}
    for role in (REVOCATIONS, EXCEPTIONS, CATALOG):
        before = dict(server.rulings)
        server.rule(role, text_of(role, 2), 2, signers=[URGENT_KEY])
        assert talk(held, server).code == "unsigned"
        server.rulings = before


def test_the_key_of_the_catalog_signs_nothing_else():
    """A server that is taken over cannot forge what people sign, nor what another of its keys signs."""
    server = PolicyServer(urgent=URGENT_KEY, catalog=online(7))
    server.publish(1)
    server.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
    found = talk({ROOT: server.root}, server)
    assert (found.code, numbers(found)) == ("", {CATALOG: 1})
    held = {ROOT: server.root} | found.keep
    for role in (REVOCATIONS, URGENT, EXCEPTIONS):
        before = dict(server.rulings)
        server.rule(role, text_of(role, 1), 1, signers=[online(7)])
        assert talk(held, server).code == "unsigned"
        server.rulings = before
    server.rule(CATALOG, text_of(CATALOG, 2, approved(BAD)), 2, signers=[URGENT_KEY])
    assert talk(held, server).code == "unsigned"


def test_who_signs_a_role_is_told_apart(server, held):
    server.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
    before = {one.role: one.signers for one in talk(held, server).rulings}
    assert before[CATALOG] == before[REVOCATIONS] != ""
    server.catalog = online(7)
    server.sign()
    server.rule(CATALOG, text_of(CATALOG, 2, approved()), 2)
    after = {one.role: one.signers for one in talk(held, server).rulings}
    assert after[REVOCATIONS] == before[REVOCATIONS]
    assert after[CATALOG] != before[CATALOG]


def test_older_rulings_are_not_believed(server, held):
    old = server.rulings[REVOCATIONS]
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked(), revoked(WORSE, "1" * 16)), 2)
    newer = held | talk(held, server).keep
    server.show(REVOCATIONS, old, text_of(REVOCATIONS, 1, revoked()))
    found = talk(newer, server)
    assert (found.code, found.rulings) == ("old", ())


def test_rulings_that_were_left_out_again_are_missed(server, held):
    server.rulings.clear()
    server.renew()
    found = talk(held, server)
    assert (found.code, found.rulings) == ("damaged", ())


def test_a_server_that_stands_still_is_noticed(server, held):
    for passed, role in ((8, "timestamp"), (31, "snapshot")):
        assert talk(held, server, NOW + days(passed)).code == "expired", role


@pytest.mark.parametrize(("role", "passed"), [(REVOCATIONS, 366), (EXCEPTIONS, 366), (URGENT, 31), (CATALOG, 366)])
def test_rulings_that_ran_out_are_not_believed(server, role, passed):
    server.rule(role, text_of(role, 1), 1)
    later = NOW + days(passed)
    server.sign(now=later)
    found = talk({ROOT: server.root}, server, later)
    assert (found.code, found.rulings) == ("expired", ())


def test_parts_of_different_states_do_not_go_together(server, held):
    before = dict(server.files)
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked(WORSE)), 2)
    server.files["2.revocations.json"] = before["1.revocations.json"]
    # Signatures differ in length by chance, so that the old one may be longer than the new one may be.
    assert talk(held, server).code in ("mixed", "oversized")
    del server.files["2.revocations.json"]
    assert talk(held, server).code == "mixed"


@pytest.mark.parametrize("other", [EXCEPTIONS, CATALOG])
def test_what_was_signed_for_one_role_is_not_shown_in_anothers_place(server, held, other):
    exceptions = server.rule(other, text_of(other, 5), 5)
    server.rulings[REVOCATIONS] = exceptions
    server.files["5.revocations.json"] = exceptions
    server.renew()
    found = talk(held, server)
    assert (found.code, found.rulings) == ("mixed", ())
    assert RULING_FILES[REVOCATIONS] not in found.keep


@pytest.mark.parametrize("role", [EXCEPTIONS, CATALOG])
def test_rulings_are_no_list_of_policies(server, held, role):
    """The same people sign both: without a mark, a server could make the fleet forget who signs what."""
    shown = server.rule(role, text_of(role, 7), 7)
    server.rulings.pop(role)
    server.version = 7
    server.place(shown)
    found = talk(held, server)
    assert (found.code, found.reason) == ("mixed", "the server shows rulings in the place of the list of policies")
    assert TARGETS not in found.keep


def test_a_list_of_policies_is_no_ruling(server, held):
    listed = new_targets(2, [], NOW)
    for one in server.people[:2]:
        listed = add_signature(listed, one)
    server.show(REVOCATIONS, listed, b"{}")
    assert talk(held, server).code == "mixed"


@pytest.mark.parametrize("change", ["two", "name", "length", "none"])
def test_metadata_that_is_not_about_one_text(server, held, change):
    document = json.loads(new_ruling(REVOCATIONS, 2, text_of(REVOCATIONS, 2), NOW))
    files = document["signed"]["targets"]
    only = files["revocations-2.json"]
    if change == "two":
        files["revocations-3.json"] = only
    elif change == "name":
        files["revocations-3.json"] = files.pop("revocations-2.json")
    elif change == "length":
        only["length"] = LARGEST_RULINGS + 1
    else:
        files.clear()
    metadata = json.dumps(document).encode()
    for one in server.people[:2]:
        metadata = add_signature(metadata, one)
    assert document["signed"][ROLE_MARK] == REVOCATIONS
    server.show(REVOCATIONS, metadata, b"")
    assert talk(held, server).code == "mixed"


def test_endless_metadata_is_cut(server, held):
    server.rule(REVOCATIONS, text_of(REVOCATIONS, 2), 2)
    server.files["2.revocations.json"] += b" " * LARGEST_METADATA
    assert talk(held, server).code == "oversized"


def test_people_take_the_haste_back(server, held):
    server.rule(URGENT, text_of(URGENT, 1, revoked(WORSE)), 1)
    newer = held | talk(held, server).keep
    server.urgent = None
    server.sign()
    assert numbers(talk(newer, server)) == {REVOCATIONS: 1}


def test_keys_that_count_no_more_do_not_hold_the_new_ones_back(server, held):
    """Whoever had the key for haste may have burnt the highest numbers; another key begins anew."""
    server.rule(URGENT, text_of(URGENT, 9, revoked(WORSE)), 9)
    newer = held | talk(held, server).keep
    server.urgent = online(11)
    server.sign()
    assert talk(newer, server).code == "unsigned"
    server.rule(URGENT, text_of(URGENT, 10, revoked(WORSE)), 10)
    assert numbers(talk(newer, server)) == {REVOCATIONS: 1, URGENT: 10}


def test_other_kinds_of_keys_are_refused(server, held):
    document = json.loads(new_targets(2, [], NOW, delegated_by(server.root)))
    other = SSlibKey.from_crypto(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())
    document["signed"]["delegations"]["keys"][other.keyid] = other.to_dict()
    listed = json.dumps(document).encode()
    for one in server.people[:2]:
        listed = add_signature(listed, one)
    server.version = 2
    server.place(listed)
    assert talk(held, server).code == "unsigned"


FIRST = PolicyServer(urgent=URGENT_KEY)
FIRST.publish(1)
FIRST.rule(REVOCATIONS, text_of(REVOCATIONS, 1, revoked()), 1)
KEPT = {ROOT: FIRST.root} | talk({ROOT: FIRST.root}, FIRST).keep
FIRST.rule(REVOCATIONS, text_of(REVOCATIONS, 2, revoked(WORSE)), 2)
FIRST.rule(URGENT, text_of(URGENT, 1, revoked(BAD)), 1)
FIRST.rule(CATALOG, text_of(CATALOG, 1, approved()), 1)
GOOD = talk(KEPT, FIRST)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(sorted(FIRST.files)), st.integers(0, 1 << 30), st.integers(0, 255))
def test_whatever_one_byte_is_changed_to_nothing_else_is_believed(name, at, byte):
    content = FIRST.files[name]
    changed = bytearray(content)
    changed[at % len(content)] = byte
    liar = PolicyServer()
    liar.files = FIRST.files | {name: bytes(changed)}
    found = talk(KEPT, liar)
    assert found.rulings in ((), GOOD.rulings)
    for role, file in RULING_FILES.items():
        if file in found.keep:
            assert described(found.keep[file]).version == described(FIRST.rulings[role]).version
