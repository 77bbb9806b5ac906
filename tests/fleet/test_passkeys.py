import pytest

from weighbridge.fleet import passkeys
from weighbridge.model.errors import WeighbridgeError


def _add(store, name="work laptop", credential=b"one", account="a" * 32):
    return store.write_now(lambda c: passkeys.add(c, 1, account, name, credential, b"key", 0))


def test_a_challenge_is_answered_once_for_its_purpose_and_soon(store):
    made = store.write_now(lambda c: passkeys.challenge(c, 1, "ada"))
    use = store.write_now
    assert not use(lambda c: passkeys.use_challenge(c, 2, made))
    assert not use(lambda c: passkeys.use_challenge(c, 2, made, "bob"))
    assert use(lambda c: passkeys.use_challenge(c, 2, made, "ada"))
    assert not use(lambda c: passkeys.use_challenge(c, 2, made, "ada"))
    late = store.write_now(lambda c: passkeys.challenge(c, 1))
    assert not use(lambda c: passkeys.use_challenge(c, 1 + passkeys.CHALLENGE_LASTS, late))


def test_what_nobody_answered_goes(store):
    store.write_now(lambda c: passkeys.challenge(c, 1))
    fresh = store.write_now(lambda c: passkeys.challenge(c, 2))
    store.write_now(lambda c: passkeys.sweep(c, 1 + passkeys.CHALLENGE_LASTS))
    rows = store.read_now(lambda c: c.execute(passkeys.CHALLENGES.select()).all())
    assert len(rows) == 1
    assert store.write_now(lambda c: passkeys.use_challenge(c, 3, fresh))


def test_passkeys_are_found_used_and_removed(store):
    kept = _add(store, "  work   laptop ")
    assert (kept.name, kept.used_at) == ("work laptop", None)
    assert store.read_now(lambda c: passkeys.find(c, b"one")) == kept
    assert store.read_now(lambda c: passkeys.find(c, b"two")) is None
    store.write_now(lambda c: passkeys.note_use(c, 9, kept.passkey_id, 4))
    (found,) = store.read_now(lambda c: passkeys.of_account(c, "a" * 32))
    assert (found.used_at, found.sign_count) == (9, 4)
    assert not store.write_now(lambda c: passkeys.remove(c, "b" * 32, kept.passkey_id))
    assert store.write_now(lambda c: passkeys.remove(c, "a" * 32, kept.passkey_id))
    assert store.read_now(lambda c: passkeys.of_account(c, "a" * 32)) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\u202eb", "a\x00b"])
def test_names_that_are_none(store, name):
    with pytest.raises(WeighbridgeError) as caught:
        _add(store, name)
    assert caught.value.code == "E-passkey"


def test_one_device_is_one_passkey_and_there_are_not_too_many(store):
    _add(store)
    with pytest.raises(WeighbridgeError, match="known already"):
        _add(store, account="b" * 32)
    for number in range(1, passkeys.MOST):
        _add(store, credential=b"%d" % number)
    with pytest.raises(WeighbridgeError, match="enough"):
        _add(store, credential=b"more")
