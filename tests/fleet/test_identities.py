import pytest

from weighbridge.fleet import accounts, identities
from weighbridge.fleet.accounts import LONGEST_NAME
from weighbridge.fleet.permissions import EVERYTHING, Role, Scope
from weighbridge.model.errors import WeighbridgeError

ISSUER = "https://login.example.com"


def _add(store, subject="u-1", name="Ada", role=Role.ANALYST, scope=EVERYTHING):
    return store.write_now(lambda c: identities.add(c, 1, ISSUER, subject, name, role, scope))


def test_a_subject_has_one_account(store):
    made = _add(store, scope=Scope(groups=("emea",)))
    assert (made.name, made.role, made.scope.groups) == ("ada", Role.ANALYST, ("emea",))
    assert store.read_now(lambda c: identities.account_of(c, ISSUER, "u-1")) == made
    assert store.read_now(lambda c: identities.account_of(c, ISSUER, "u-2")) is None
    assert store.read_now(lambda c: identities.account_of(c, "https://other.example.com", "u-1")) is None
    assert store.read_now(lambda c: identities.of_account(c, made.account_id)) == [(ISSUER, "u-1")]


def test_a_name_that_is_taken_is_nobody_elses(store):
    local = store.write_now(lambda c: accounts.add(c, 1, "ada", Role.ADMINISTRATOR))
    made = _add(store)
    assert made.account_id != local.account_id
    assert made.name == "ada 2"
    assert _add(store, "u-2", "ADA").name == "ada 3"
    assert _add(store, "u-3", "x" * LONGEST_NAME).name == "x" * LONGEST_NAME
    assert len(_add(store, "u-4", "x" * LONGEST_NAME).name) <= LONGEST_NAME


def test_when_somebody_was_here(store):
    _add(store)
    store.write_now(lambda c: identities.note_seen(c, 7, ISSUER, "u-1"))
    row = store.read_now(lambda c: c.execute(identities.IDENTITIES.select()).one())
    assert (row.created_at, row.seen_at) == (1, 7)


def test_too_many_of_one_name(store):
    def job(connection):
        for number in range(99):
            accounts.add(connection, 1, "ada" if number == 0 else f"ada {number + 1}", Role.VIEWER)

    store.write_now(job)
    with pytest.raises(WeighbridgeError) as caught:
        _add(store)
    assert caught.value.code == "E-account"
    assert store.read_now(lambda c: identities.account_of(c, ISSUER, "u-1")) is None
