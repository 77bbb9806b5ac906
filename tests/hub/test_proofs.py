"""Whom a token or a key stands for, and that it ends with either, or with the account."""

import pytest

from weighbridge.fleet import accounts, tokens
from weighbridge.fleet.permissions import Permission, Role
from weighbridge.fleet.store import Store
from weighbridge.hub import hub_tokens, machine_keys, proofs
from weighbridge.hub.caller import Caller

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr"
NOW = 1_000


def made(store: Store, kind: str, account_id: str) -> str:
    """Make a proof; return its id."""
    if kind == proofs.HUB_TOKEN:
        return store.write_now(lambda c: hub_tokens.make(c, NOW, account_id, name="x", lasts=1_000))[0].token_id
    if kind == proofs.MACHINE_KEY:
        return store.write_now(lambda c: machine_keys.add(c, NOW, account_id, KEY)).key_id
    return store.write_now(
        lambda c: tokens.make(
            c, NOW, accounts.by_id(c, account_id), name="x", permissions=[Permission.MODELS_READ], lasts=1_000
        )
    )[0].token_id


def revoke(store: Store, proof_id: str) -> None:
    def job(connection) -> None:
        hub_tokens.revoke(connection, NOW, proof_id, None)
        tokens.revoke(connection, NOW, proof_id, None)
        machine_keys.remove(connection, proof_id, None)

    store.write_now(job)


@pytest.mark.parametrize("kind", [proofs.HUB_TOKEN, proofs.API_TOKEN, proofs.MACHINE_KEY])
def test_a_proof_stands_for_its_account_until_it_is_revoked(store: Store, kind: str) -> None:
    ada = store.write_now(lambda c: accounts.add(c, NOW, "ada", Role.VIEWER)).account_id
    bob = store.write_now(lambda c: accounts.add(c, NOW, "bob", Role.VIEWER)).account_id
    proof_id = made(store, kind, ada)
    assert proofs.kind_of(proof_id) == kind

    def held(account_id: str = ada, now: int = NOW):
        return store.read_now(lambda c: proofs.holder(c, now, account_id, proof_id))

    found = held()
    assert (found.account.name, found.may_write) == ("ada", kind == proofs.API_TOKEN)
    assert held(bob) is None
    assert (held(now=NOW + 1_000) is None) == (kind != proofs.MACHINE_KEY)
    revoke(store, proof_id)
    assert held() is None


def test_a_key_that_may_only_read_from_now_on_writes_nothing(store: Store) -> None:
    ada = store.write_now(lambda c: accounts.add(c, NOW, "ada", Role.VIEWER)).account_id
    key = store.write_now(lambda c: machine_keys.add(c, NOW, ada, KEY, right="write"))
    assert store.read_now(lambda c: proofs.holder(c, NOW, ada, key.key_id)).may_write
    store.write_now(lambda c: machine_keys.add(c, NOW, ada, KEY, right="read"))
    assert not store.read_now(lambda c: proofs.holder(c, NOW, ada, key.key_id)).may_write


def test_nobody_has_no_proof() -> None:
    assert proofs.id_of(Caller(viewer=None)) == ""
