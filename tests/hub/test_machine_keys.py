"""Keys of machines: only such as Ollama writes, each for one account."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.store import Store
from weighbridge.hub import machine_keys
from weighbridge.model.errors import WeighbridgeError


def line() -> str:
    """Return a public key as a file holds it."""
    public = Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def account(store: Store, name: str) -> str:
    """Make an account; return its id."""
    return store.write_now(lambda c: accounts.add(c, 1, name, Role.VIEWER)).account_id


def test_a_key_is_found_by_how_it_is_written(store: Store):
    ada, text = account(store, "ada"), line()
    added = store.write_now(lambda c: machine_keys.add(c, 5, ada, f"{text} ada@desk", right="write"))
    assert (added.name, added.right, added.added_at) == ("ada@desk", "write", 5)
    found = store.read_now(lambda c: machine_keys.find(c, 6, text.split()[1]))
    assert (found.key, found.account.name, found.note) == (added, "ada", True)
    store.write_now(lambda c: machine_keys.note_use(c, 6, added.key_id))
    assert not store.read_now(lambda c: machine_keys.find(c, 7, text.split()[1])).note
    assert store.read_now(lambda c: machine_keys.find(c, 7, "AAAA")) is None
    assert len(store.read_now(lambda c: machine_keys.of_account(c, ada))) == 1


def test_a_key_belongs_to_one_account(store: Store):
    ada, bob, text = account(store, "ada"), account(store, "bob"), line()
    store.write_now(lambda c: machine_keys.add(c, 5, ada, text))
    with pytest.raises(WeighbridgeError, match="another account"):
        store.write_now(lambda c: machine_keys.add(c, 5, bob, text))
    again = store.write_now(lambda c: machine_keys.add(c, 6, ada, text, name="desk"))
    assert [one.name for one in store.read_now(lambda c: machine_keys.of_account(c, ada))] == ["desk"]
    assert not store.write_now(lambda c: machine_keys.remove(c, again.key_id, bob))
    assert store.write_now(lambda c: machine_keys.remove(c, again.key_id, ada))


def test_the_key_of_a_disabled_account_is_none(store: Store):
    ada, text = account(store, "ada"), line()
    store.write_now(lambda c: machine_keys.add(c, 5, ada, text))
    store.write_now(lambda c: accounts.disable(c, 6, ada))
    assert store.read_now(lambda c: machine_keys.find(c, 7, text.split()[1])) is None


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "ssh-rsa AAAAB3NzaC1yc2E=",
        "ssh-ed25519",
        "ssh-ed25519 é",
        "AAAA",
        "x" * 5_000,
        base64.b64encode(b"x" * 51).decode(),
    ],
)
def test_what_is_no_such_key_is_refused(store: Store, bad):
    with pytest.raises(WeighbridgeError, match="no key of Ollama"):
        store.write_now(lambda c: machine_keys.add(c, 5, "a", bad))


@pytest.mark.parametrize("more", [{"name": "a\nb"}, {"name": "x" * 129}, {"right": "all"}])
def test_names_and_rights_are_bounded(store: Store, more):
    with pytest.raises(WeighbridgeError, match="called"):
        store.write_now(lambda c: machine_keys.add(c, 5, "a", line(), **more))
