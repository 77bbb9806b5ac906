"""Who may sign rulings, and how many of them must."""

import pytest
from tests.sync.policy_server import NOW, PolicyServer, online, person
from tests.sync.ruling_texts import exempted, revoked, text_of

from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature, described, key_id_of, new_targets
from weighbridge.sync.ruling_metadata import (
    delegated_by,
    delegations_of,
    new_ruling,
    renewed,
    role_of,
    ruling_digest,
    ruling_missing,
    ruling_signers,
)
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, REVOCATIONS, URGENT


def ids(*keys):
    return {key_id_of(key.public_key()) for key in keys}


def targets(**named):
    server = PolicyServer()
    return new_targets(1, [], NOW, delegated_by(server.root, **named))


PEOPLE = [person(number) for number in range(3)]


def test_the_people_who_sign_policies_sign_rulings_unless_others_are_named():
    assert ruling_signers(targets()) == dict.fromkeys((REVOCATIONS, EXCEPTIONS, CATALOG), (ids(*PEOPLE), 2))
    others = [person(8).public_key(), online(4).public_key()]
    named = targets(revocations=others, threshold=2, urgent=online(9).public_key())
    assert ruling_signers(named) == {
        REVOCATIONS: (ids(person(8), online(4)), 2),
        EXCEPTIONS: (ids(*PEOPLE), 2),
        URGENT: (ids(online(9)), 1),
        CATALOG: (ids(*PEOPLE), 2),
    }
    assert ruling_signers(targets(catalog=online(9).public_key()))[CATALOG] == (ids(online(9)), 1)
    assert delegations_of(new_targets(1, [], NOW)) is None
    assert ruling_signers(new_targets(1, [], NOW)) == {}


@pytest.mark.parametrize("threshold", [0, 2, -1])
def test_a_threshold_that_nobody_can_meet(threshold):
    with pytest.raises(WeighbridgeError, match="different keys cannot sign"):
        delegated_by(PolicyServer().root, revocations=[person(8).public_key()], threshold=threshold)


def test_what_is_signed_says_what_it_is():
    text = text_of(REVOCATIONS, 4, revoked())
    metadata = new_ruling(REVOCATIONS, 4, text, NOW)
    assert (role_of(metadata), described(metadata).version) == (REVOCATIONS, 4)
    assert described(metadata).expires == "2027-11-21"
    assert ruling_digest(metadata)[:2] == (REVOCATIONS, 4)
    assert role_of(targets()) == ""
    assert described(new_ruling(URGENT, 1, text_of(URGENT, 1), NOW)).expires == "2026-12-21"
    with pytest.raises(WeighbridgeError, match="no metadata of rulings"):
        ruling_digest(targets())
    with pytest.raises(WeighbridgeError):
        role_of(b"{}")


def test_signatures_are_counted_as_endpoints_count_them():
    metadata = new_ruling(EXCEPTIONS, 1, text_of(EXCEPTIONS, 1, exempted()), NOW)
    assert ruling_missing(targets(), metadata) == 2
    metadata = add_signature(add_signature(metadata, PEOPLE[0]), PEOPLE[0])
    assert ruling_missing(targets(), metadata) == 1
    assert ruling_missing(targets(), add_signature(metadata, person(7))) == 1
    assert ruling_missing(targets(), add_signature(metadata, PEOPLE[2])) == 0
    with pytest.raises(WeighbridgeError, match="nobody was named yet who signs exceptions"):
        ruling_missing(new_targets(1, [], NOW), metadata)
    with pytest.raises(WeighbridgeError, match="nobody was named yet who signs this"):
        ruling_missing(targets(), targets())


def test_another_root_brings_its_people_and_keeps_whom_they_named():
    server = PolicyServer()
    single = {"urgent": online(9).public_key(), "catalog": online(7).public_key()}
    before = new_targets(1, [], NOW, delegated_by(server.root, **single))
    server.new_root([person(5), person(6)])
    after = ruling_signers(new_targets(2, [], NOW, renewed(server.root, before)))
    assert after == {
        REVOCATIONS: (ids(person(5), person(6)), 2),
        EXCEPTIONS: (ids(person(5), person(6)), 2),
        URGENT: (ids(online(9)), 1),
        CATALOG: (ids(online(7)), 1),
    }
    new = {URGENT: None, CATALOG: None}
    assert ruling_signers(new_targets(2, [], NOW, renewed(server.root, before, new))) == dict.fromkeys(
        (REVOCATIONS, EXCEPTIONS, CATALOG), (ids(person(5), person(6)), 2)
    )
    own = new_targets(1, [], NOW, delegated_by(server.root, revocations=[person(8).public_key()]))
    assert ruling_signers(new_targets(2, [], NOW, renewed(server.root, own)))[REVOCATIONS] == (ids(person(8)), 1)
    for nobody in (new_targets(1, [], NOW), None):
        assert ruling_signers(new_targets(2, [], NOW, renewed(server.root, nobody))) == dict.fromkeys(
            (REVOCATIONS, EXCEPTIONS, CATALOG), (ids(person(5), person(6)), 2)
        )
