"""Texts of rulings by role and number, on both stores."""

import pytest
from tests.fleet.policy_people import found, publish
from tests.fleet.ruling_people import delegate
from tests.fleet.small_fleet import AT
from tests.sync.policy_server import person
from tests.sync.ruling_texts import revoked, text_of

from weighbridge.fleet import rulings
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature, described
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, REVOCATIONS, URGENT


def signed(text: bytes, people=(0, 1)) -> bytes:
    for number in people:
        text = add_signature(text, person(number))
    return text


def published(store: Store, role: str, text: bytes):
    def job(connection):
        return rulings.publish(connection, AT, signed(rulings.draft(connection, AT, role, text)))

    return store.write_now(job)


def test_numbers_grow_by_role(store: Store) -> None:
    store.write_now(delegate)
    assert store.read_now(rulings.numbers) == {}
    published(store, REVOCATIONS, text_of(REVOCATIONS, 1))
    published(store, REVOCATIONS, text_of(REVOCATIONS, 2, revoked()))
    published(store, EXCEPTIONS, text_of(EXCEPTIONS, 1))
    assert store.read_now(rulings.numbers) == {REVOCATIONS: 2, EXCEPTIONS: 1}
    current = store.read_now(lambda c: rulings.current(c, REVOCATIONS))
    assert (current.number, current.content) == (2, text_of(REVOCATIONS, 2, revoked()))
    assert store.read_now(lambda c: rulings.current(c, URGENT)) is None
    assert store.read_now(rulings.expires) == {REVOCATIONS: "2027-11-21", EXCEPTIONS: "2027-11-21"}


def test_where_a_ruling_first_stood(store: Store) -> None:
    store.write_now(delegate)
    one, other = revoked(ruling_id="1" * 16), revoked("cd" * 32, "2" * 16)
    published(store, REVOCATIONS, text_of(REVOCATIONS, 1, one))
    published(store, REVOCATIONS, text_of(REVOCATIONS, 2, one, other))
    published(store, REVOCATIONS, text_of(REVOCATIONS, 3, one, other))
    first = {name: store.read_now(lambda c, name=name: rulings.first_with(c, REVOCATIONS, name * 16)) for name in "123"}
    assert (first["1"], first["2"]) == (1, 2)
    assert first["3"] > 1 << 50


def test_a_draft_is_no_text_that_anybody_gets(store: Store) -> None:
    store.write_now(delegate)
    draft = store.write_now(lambda c: rulings.draft(c, AT, REVOCATIONS, text_of(REVOCATIONS, 1)))
    assert described(draft).signed_by == ()
    assert store.read_now(lambda c: rulings.next_number(c, REVOCATIONS)) == 1
    with pytest.raises(WeighbridgeError, match="2 more people"):
        store.write_now(lambda c: rulings.publish(c, AT, draft))


def test_nobody_signs_in_haste_unless_people_said_so(store: Store) -> None:
    assert store.read_now(rulings.signers) == {}
    assert store.read_now(rulings.delegations) is None
    store.write_now(found)
    assert store.read_now(rulings.delegations) is not None
    store.write_now(publish)
    assert store.write_now(lambda c: rulings.is_signed_here(c, URGENT)) is False
    store.write_now(lambda c: rulings.own_key(c, URGENT))
    assert set(store.read_now(rulings.signers)) == {REVOCATIONS, EXCEPTIONS, CATALOG}
