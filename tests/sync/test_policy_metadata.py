import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.sync.policy_server import NOW, PolicyServer, online, person, policy_files

from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_bundle import packed
from weighbridge.sync.policy_metadata import (
    add_signature,
    check_root,
    described,
    key_id_of,
    merged,
    new_root,
    new_targets,
    next_root_missing,
    signers_missing,
)


def test_people_sign_one_after_the_other_or_each_a_copy():
    server = PolicyServer()
    targets = new_targets(3, [(7, "acme 3", packed(7, policy_files()))], NOW)
    assert signers_missing(server.root, targets) == 2
    first = add_signature(targets, person(0))
    assert signers_missing(server.root, first) == 1
    assert signers_missing(server.root, add_signature(first, person(0))) == 1, "the same person twice is one"
    assert signers_missing(server.root, add_signature(first, person(9))) == 1, "a stranger is none"
    assert signers_missing(server.root, add_signature(first, person(2))) == 0
    both = merged([first, add_signature(targets, person(1))])
    assert signers_missing(server.root, both) == 0
    said = described(both)
    assert (said.kind, said.version, said.expires) == ("targets", 3, "2027-11-21")
    assert said.signed_by == tuple(sorted(key_id_of(person(number).public_key()) for number in (0, 1)))
    assert [(one.number, one.title) for one in said.policies] == [(7, "acme 3")]


def test_copies_of_different_files_are_not_put_together():
    one, other = (new_targets(version, [], NOW) for version in (1, 2))
    with pytest.raises(WeighbridgeError, match="not the same"):
        merged([one, other])


def test_a_root_needs_enough_different_people():
    server = PolicyServer()
    publics = [person(number).public_key() for number in range(2)]
    for threshold in (0, 3):
        with pytest.raises(WeighbridgeError, match="cannot sign"):
            new_root(publics, threshold, server.key.public_key(), NOW)
    with pytest.raises(WeighbridgeError, match="2 of 1 different keys"):
        new_root([publics[0], publics[0]], 2, server.key.public_key(), NOW)


def test_a_next_root_lacks_those_of_both_sides():
    server = PolicyServer()
    before = server.root
    after = new_root([person(5).public_key(), person(6).public_key()], 2, server.key.public_key(), NOW, 2)
    assert next_root_missing(before, after) == 2
    for signer, missing in ((5, 2), (6, 2), (0, 1), (1, 0)):
        after = add_signature(after, person(signer))
        assert next_root_missing(before, after) == missing
    assert check_root(after).startswith("root 2: 2 of 2")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 10_000, b"x" * (1 << 20)])
def test_what_is_no_metadata_is_refused(content):
    with pytest.raises(WeighbridgeError, match=r"no metadata|too large"):
        described(content)
    with pytest.raises(WeighbridgeError, match="root"):
        check_root(content)


@pytest.mark.parametrize("curve", [ec.SECP521R1(), ec.SECP384R1()])
def test_keys_that_endpoints_would_not_check_are_refused_before_anybody_signs(curve):
    odd = ec.derive_private_key(7, curve).public_key()
    with pytest.raises(WeighbridgeError, match=r"nistp(521|384).* cannot sign policies") as caught:
        new_root([person(0).public_key(), odd], 2, online().public_key(), NOW)
    assert "wb sign --new-key" in caught.value.hint


def test_people_may_sign_with_ed25519():
    people = [online(1), online(2)]
    root = new_root([one.public_key() for one in people], 2, online().public_key(), NOW)
    for one in people:
        root = add_signature(root, one)
    assert check_root(root) == "root 1: 2 of 2 for keys, 2 of 2 for policies"
