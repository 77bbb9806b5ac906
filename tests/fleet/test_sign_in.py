"""Signing in is tried through its routes in test_session_routes.py; here is what those do not reach."""

import asyncio

import pytest
from tests.fleet.serving import PASSWORD

from weighbridge.fleet import accounts, audit, passwords, sign_in
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.sign_in import Client

HERE = Client("192.0.2.1", "browser")


def _attempt(served, name=b"", password=PASSWORD, client=HERE):
    return asyncio.run(sign_in.by_password(served.server, name, password, client))


def test_a_disabled_account_does_not_get_in(served):
    made = served.account("ada")
    assert _attempt(served, "ada").viewer.name == "ada"
    served.store.write_now(lambda c: accounts.disable(c, 2, made.account_id))
    with pytest.raises(RefusedError):
        _attempt(served, "ada")


def test_an_unknown_name_is_hashed_too(served, monkeypatch):
    hashed = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, password: hashed.append(stored) or real(stored, password))
    with pytest.raises(RefusedError):
        _attempt(served, "nobody")
    assert hashed == [None]


def test_one_name_from_many_addresses_is_slowed_down(served):
    served.account("ada")
    for number in range(10):
        with pytest.raises(RefusedError) as caught:
            _attempt(served, "ada", "wrong", Client(f"192.0.2.{number}", ""))
        assert caught.value.status == 401
    with pytest.raises(RefusedError) as caught:
        _attempt(served, "ada", PASSWORD, Client("198.51.100.1", ""))
    assert caught.value.status == 429


def test_a_weak_hash_is_made_anew(served):
    made = served.account("ada")
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    served.store.write_now(lambda c: accounts.set_password(c, 2, made.account_id, weak))
    _attempt(served, "ada")
    stored = served.store.read_now(lambda c: accounts.stored_password(c, made.account_id))
    assert not passwords.is_weak(stored)


def test_who_came_in_is_written_down(served):
    _attempt_by = served.account("ada")
    _attempt(served, "ada")
    (entry,) = served.store.read_now(lambda c: audit.newest(c, 10))
    assert (entry.action, entry.account_id) == ("session.begin", _attempt_by.account_id)
    assert served.server.metrics.value("weighbridge_sign_ins_total", outcome="password") == 1
