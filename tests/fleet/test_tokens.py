import pytest

from weighbridge.fleet import accounts, tokens
from weighbridge.fleet.permissions import OPEN, Permission, Role
from weighbridge.model.errors import WeighbridgeError

READ = frozenset({Permission.FLEET_READ})


def _made(store, name="ada", lasts=1_000, permissions=READ, label="nightly report"):
    account = store.write_now(lambda c: accounts.add(c, 0, name, Role.ANALYST))
    return account, *_another(store, account, lasts, permissions, label)


def _another(store, account, lasts=1_000, permissions=READ, label="nightly report"):
    return store.write_now(lambda c: tokens.make(c, 0, account, name=label, permissions=permissions, lasts=lasts))


def _find(store, text, now=1):
    return store.read_now(lambda c: tokens.find(c, now, text))


def test_a_token_is_found_by_its_text_alone(store):
    account, token, text = _made(store)
    found = _find(store, text)
    assert found.account.account_id == account.account_id
    assert found.token == token
    assert found.permissions == READ
    stored = store.read_now(lambda c: c.execute(tokens.TOKENS.select()).first())
    other = text[:-1] + ("0" if text[-1] != "0" else "1")
    for wrong in (
        "",
        other,
        text.upper(),
        text + "\n",
        f"wbt_{token.token_id}_{stored.secret_hash}",
        "wbt_",
        " " + text,
    ):
        assert _find(store, wrong) is None
    assert text not in str(tuple(stored))


def test_it_ends_with_its_time_its_account_and_when_it_is_revoked(store):
    account, token, text = _made(store)
    assert _find(store, text, now=999) is not None
    assert _find(store, text, now=1_000) is None
    stranger = store.write_now(lambda c: tokens.revoke(c, 5, token.token_id, "somebody else"))
    assert not stranger
    assert store.write_now(lambda c: tokens.revoke(c, 5, token.token_id, account.account_id))
    assert not store.write_now(lambda c: tokens.revoke(c, 6, token.token_id, None)), "it is revoked already"
    assert _find(store, text) is None
    _, second = _another(store, account)
    store.write_now(lambda c: accounts.disable(c, 2, account.account_id))
    assert _find(store, second) is None


def test_use_is_noted_now_and_then(store):
    _, token, text = _made(store, lasts=10_000_000)
    assert _find(store, text).note
    store.write_now(lambda c: tokens.note_use(c, 100, token.token_id))
    assert not _find(store, text, now=60_099).note
    assert _find(store, text, now=60_100).note
    assert _find(store, text).token.used_at == 100


def test_tokens_are_listed_without_their_secrets(store):
    account, token, text = _made(store)
    listed = store.read_now(lambda c: tokens.of_account(c, account.account_id))
    assert listed == [token]
    assert text.rpartition("_")[2] not in repr(listed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 129},
        {"label": "a\x1bb"},
        {"permissions": frozenset()},
        *({"permissions": frozenset({one})} for one in OPEN),
        {"lasts": 0},
        {"lasts": tokens.LONGEST + 1},
    ],
)
def test_no_tokens(store, wrong):
    with pytest.raises(WeighbridgeError) as caught:
        _made(store, **wrong)
    assert caught.value.code == "E-token"


def test_an_account_has_so_many(store, monkeypatch):
    monkeypatch.setattr(tokens, "_MOST", 2)
    account, token, _ = _made(store)
    _another(store, account)
    with pytest.raises(WeighbridgeError):
        _another(store, account)
    store.write_now(lambda c: tokens.revoke(c, 5, token.token_id, None))
    _another(store, account)
