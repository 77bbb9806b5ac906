"""A server that lies: whatever it serves, an endpoint takes nothing that too few people signed, and nothing older."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sync.policy_server import NOW, PolicyServer, days, online, person, talk

from weighbridge.sync.judging import RefusalError
from weighbridge.sync.policy_metadata import add_signature
from weighbridge.sync.policy_updates import (
    HELD,
    REFUSALS,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    bundle_wanted,
    checked_root,
    expires_at,
    held_of,
    held_text,
    held_words,
    is_file,
)


@pytest.fixture
def server():
    made = PolicyServer()
    made.publish(1)
    return made


@pytest.fixture
def held(server):
    """What an endpoint keeps that is up to date."""
    first = {ROOT: server.files["1.root.json"]}
    found = talk(first, server)
    assert found.code == ""
    return first | found.keep


def numbers(found):
    return [one.number for one in found.policies]


def test_what_enough_people_signed_is_believed(server):
    found = talk({ROOT: server.root}, server)
    assert (found.code, numbers(found)) == ("", [1])
    assert found.keep.keys() == {TIMESTAMP, SNAPSHOT, TARGETS}
    assert found.expires == "2026-11-28T12:00:00Z"
    wanted = bundle_wanted(found.policies[0])
    assert server.get(wanted) == server.bundles[1]
    assert all(is_file(name) for name in server.asked)


def test_what_is_believed_ends_with_the_first_of_what_was_signed(server):
    later = NOW + days(364)
    server.version = 2
    server.place(server.files["1.targets.json"], later)
    found = talk({ROOT: server.root}, server, later)
    assert (found.code, found.expires) == ("", "2027-11-21T12:00:00Z"), "the word of people ends before the server's"


def test_who_is_up_to_date_asks_for_two_small_files_only(server, held):
    server.asked.clear()
    found = talk(held, server)
    assert (found.code, numbers(found), found.keep) == ("", [1], {})
    assert server.asked == ["2.root.json", "timestamp.json"]


def test_a_newer_policy_comes_beside_the_one_before(server, held):
    server.publish(2)
    found = talk(held, server)
    assert (found.code, numbers(found)) == ("", [1, 2])


@pytest.mark.parametrize("signers", [(), (0,), (0, 0), (7, 8), (0, 7)])
def test_too_few_signatures_are_none(server, held, signers):
    server.publish(2, signers=[person(number) for number in signers])
    found = talk(held, server)
    assert (found.code, found.policies) == ("unsigned", ())
    assert TARGETS not in found.keep


def test_the_server_cannot_sign_for_people(server, held):
    server.publish(2, signers=[server.key, server.key])
    assert talk(held, server).code == "unsigned"


def test_a_policy_that_was_changed_after_it_was_signed(server, held):
    server.publish(2)
    name = f"{server.version}.targets.json"
    server.files[name] = server.files[name].replace(b"policy 2", b"policy 3")
    assert talk(held, server).code == "mixed"
    server.place(server.files[name])
    assert talk(held, server).code == "unsigned"


def test_another_server_key_is_not_believed(server, held):
    server.key = online(5)
    server.publish(2)
    found = talk(held, server)
    assert (found.code, found.keep) == ("unsigned", {})


def test_an_older_state_is_not_believed(server, held):
    before = dict(server.files)
    server.publish(2)
    newer = held | talk(held, server).keep
    server.files = before
    found = talk(newer, server)
    assert (found.code, found.keep) == ("old", {})


def test_older_targets_under_a_new_timestamp_are_not_believed(server, held):
    old = server.files["1.targets.json"]
    server.publish(2)
    newer = held | talk(held, server).keep
    server.version = 3
    server.place(old)
    assert talk(newer, server).code == "old"


def test_parts_of_different_states_do_not_go_together(server, held):
    old = {name: server.files[name] for name in ("1.snapshot.json", "1.targets.json")}
    server.publish(2)
    for name in ("snapshot", "targets"):
        mixed = PolicyServer(files=dict(server.files), root_version=0)
        mixed.files = dict(server.files) | {f"2.{name}.json": old[f"1.{name}.json"]}
        assert talk(held, mixed).code in ("mixed", "old")


def test_what_has_run_out_is_not_believed(server, held):
    for passed, role in ((8, "timestamp"), (31, "snapshot"), (366, "targets"), (731, "root")):
        found = talk(held, server, NOW + days(passed))
        assert (found.code, found.policies) == ("expired", ()), role
    server.sign(now=NOW + days(8))
    assert talk(held, server, NOW + days(9)).code == ""


def test_a_timestamp_that_ran_out_still_bounds_what_may_come(server, held):
    before = dict(server.files)
    server.publish(2)
    newer = held | talk(held, server).keep
    server.files = before
    assert talk(newer, server, NOW + days(8)).code == "old"


def test_a_new_timestamp_over_targets_that_ran_out(server, held):
    old = server.files["1.targets.json"]
    server.version = 2
    server.place(old, NOW + days(366))
    assert talk(held, server, NOW + days(366)).code == "expired"


def test_keys_go_to_other_people_when_both_sides_sign(server, held):
    server.new_root([person(5), person(6), person(7)], key=online(3))
    server.publish(2)
    found = talk(held, server)
    assert (found.code, numbers(found)) == ("", [1, 2])
    assert found.keep[ROOT] == server.root
    again = talk(held | found.keep, server)
    assert again.code == ""


@pytest.mark.parametrize("signers", [(5, 6), (0, 1), (0, 5)])
def test_keys_do_not_go_to_people_whom_one_side_did_not_sign(server, held, signers):
    server.new_root([person(5), person(6), person(7)], signers=[person(number) for number in signers])
    server.publish(2)
    found = talk(held, server)
    assert (found.code, found.keep, found.policies) == ("unsigned", {}, ())


def test_a_root_is_not_skipped_nor_repeated(server, held):
    server.new_root([person(5), person(6), person(7)])
    second = server.files.pop("2.root.json")
    server.files["2.root.json"] = server.files["1.root.json"]
    assert talk(held, server).code == "old"
    server.files["2.root.json"] = second
    server.sign()
    assert talk(held, server).code == ""


def test_roots_without_end_come_to_an_end(server, held):
    for _ in range(70):
        server.new_root(server.people)
    found = talk(held, server)
    assert (found.code, found.reason) == ("damaged", "there is no end of new roots")
    assert len(server.asked) < 80


def test_a_server_key_that_was_stolen_is_replaced_and_its_numbers_with_it(server, held):
    """Whoever had the key may have signed the highest number there is; a new key begins again (5.3.11)."""
    server.version = 2**40
    server.place(server.files["1.targets.json"])
    found = talk(held, server)
    ahead = held | {TIMESTAMP: server.files[TIMESTAMP]}
    assert found.code in ("", "old")
    server.new_root(server.people, key=online(9))
    server.version = 1
    server.publish(2)
    assert talk(ahead, server).code == ""


@pytest.mark.parametrize("name", ["2.root.json", TIMESTAMP, "2.snapshot.json", "2.targets.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 10_000,
        b'{"signed":' * 5_000,
        b'{"signatures":[],"signed":{"_type":"root","\\ud800":1}}',
        b'{"signatures":[],"signed":{"_type":"timestamp","spec_version":"1.0","version":1e999,"expires":"x","meta":{}}}',
        b'{"signed":' + b"9" * 5_000 + b"}",
        b"x" * (1 << 20),
    ],
)
def test_nothing_that_is_sent_ends_in_anything_but_a_refusal(server, held, name, content):
    server.publish(2)
    server.files[name] = content
    found = talk(held, server)
    assert found.code in ("damaged", "mixed", "oversized", "unsigned")
    assert found.policies == ()


def test_a_server_with_nothing_is_refused(server, held):
    server.files = {}
    assert talk(held, server).code == "mixed"
    assert talk({}, server).code == "unpinned"


def test_names_of_another_kind_are_passed_over(server, held):
    from weighbridge.sync.policy_metadata import new_targets

    targets = json.loads(new_targets(2, [(2, "two", server.bundles[1])], NOW))
    file = targets["signed"]["targets"]["policy-2.json"]
    targets["signed"]["targets"] |= {
        "../../etc/passwd": file,
        "policy-03.json": file,
        "catalog-1.json": file,
        "policy-4.json": file | {"hashes": {"sha512": "0" * 128}},
        "policy-5.json": file | {"length": 1 << 40},
        "policy-6.json": file | {"custom": {"title": ["x"]}},
    }
    text = json.dumps(targets).encode()
    for one in server.people[:2]:
        text = add_signature(text, one)
    server.version = 2
    server.bundles = dict.fromkeys((2, 6), server.bundles[1])
    server.place(text)
    found = talk(held, server)
    assert (found.code, numbers(found)) == ("", [2, 6])
    assert found.policies[1].title == ""


def test_a_root_with_other_kinds_of_keys_is_refused(server):
    from securesystemslib.signer import SSlibKey

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    root = json.loads(server.root)
    other = SSlibKey.from_crypto(key.public_key())
    root["signed"]["keys"][other.keyid] = other.to_dict()
    text = json.dumps(root | {"signatures": []}).encode()
    for one in server.people[:2]:
        text = add_signature(text, one)
    with pytest.raises(RefusalError, match="a key of the kind rsassa"):
        checked_root(text)
    assert talk({ROOT: text}, server).code == "unsigned"


def test_a_root_says_who_signs_what(server):
    assert checked_root(server.root) == "root 1: 2 of 3 for keys, 2 of 3 for policies"
    for content in (b"", b"{}", b"x" * (1 << 20), server.root.replace(b'"threshold": 2', b'"threshold": 1')):
        with pytest.raises(RefusalError):
            checked_root(content)


def test_what_is_held_is_said_in_one_word(server, held):
    assert held_text(7, "") == "7"
    assert held_of(held_text(7, "expired")) == (7, "expired")
    assert {held_of(held_text(3, code)) for code in REFUSALS} == {(3, code) for code in REFUSALS}
    for text in ("", "observe", "7 rm", "-1", "7  expired", "7\n", "9" * 99):
        assert held_of(text) == (0, "")
    assert held_words("7") == "policy 7"
    assert held_words("7 expired") == "policy 7 (expired)"
    assert held_words("0 unpinned") == "no policy of the fleet (unpinned)"
    assert held_words("") == held_words("0") == "no policy of the fleet"
    assert held_words("balanced 3") == "balanced 3"
    assert expires_at(held[TIMESTAMP]) == NOW + days(7)
    assert expires_at(b"{}") is None
    assert set(held) <= set(HELD)


@pytest.mark.parametrize(
    "name", ["", "../1.root.json", "0.root.json", "root.json", "1.root.json/", "1.root.json\n", "policy-1.json", "x"]
)
def test_only_names_of_metadata_and_policies_are_files(name):
    assert not is_file(name)


SIGNED = PolicyServer()
SIGNED.publish(1)
FIRST = {ROOT: SIGNED.root}
GOOD = talk(FIRST, SIGNED)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([TIMESTAMP, "1.snapshot.json", "1.targets.json"]), st.integers(0, 1 << 20), st.integers(1, 255))
def test_one_changed_byte_is_never_believed(name, place, change):
    content = bytearray(SIGNED.files[name])
    content[place % len(content)] ^= change
    changed = PolicyServer()
    changed.files = SIGNED.files | {name: bytes(content)}
    assert talk(FIRST, changed).policies in ((), GOOD.policies)
