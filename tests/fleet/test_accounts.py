import threading

import pytest

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.model.errors import WeighbridgeError


def _add(store, name, role=Role.VIEWER, scope=None):
    return store.write_now(lambda c: accounts.add(c, 1_000, name, role, scope or Scope()))


def test_what_was_made_is_found_by_name_and_id(store):
    made = _add(store, "  Ada Löwe ", Role.ANALYST, Scope(groups=("lab", "field")))
    assert made.name == "ada löwe"
    assert store.read_now(lambda c: accounts.by_name(c, accounts.clean_name("ADA LÖWE"))) == made
    assert store.read_now(lambda c: accounts.by_id(c, made.account_id)) == made
    assert store.read_now(lambda c: accounts.by_id(c, "unknown")) is None
    assert store.read_now(accounts.every) == [made]
    assert store.read_now(accounts.count) == 1


def test_a_scope_of_all_of_none_and_of_one_endpoint_are_kept_apart(store):
    scopes = [Scope(), Scope(groups=()), Scope(groups=("lab",)), Scope(endpoint_id="a" * 16)]
    made = [
        _add(store, f"account {number}", Role.OWNER if s.endpoint_id else Role.VIEWER, s)
        for number, s in enumerate(scopes)
    ]
    found = [store.read_now(lambda c, one=one: accounts.by_id(c, one.account_id)) for one in made]
    assert [one.scope for one in found] == scopes


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\x00", "x" * 129, "a\u202eb", "two  spaces", "\ud800"])
def test_no_names(store, name):
    with pytest.raises(WeighbridgeError) as caught:
        _add(store, name)
    assert caught.value.code == "E-account"


def test_a_name_is_taken_once_however_it_is_written(store):
    _add(store, "ada")
    for same in ("Ada", " ada ", "ＡＤＡ"):
        with pytest.raises(WeighbridgeError):
            _add(store, same)


@pytest.mark.parametrize("groups", [("",), ("a\nb",), ("x" * 65,), tuple(map(str, range(101)))])
def test_no_groups(store, groups):
    with pytest.raises(WeighbridgeError):
        _add(store, "ada", scope=Scope(groups=groups))


def test_an_owner_is_of_an_endpoint(store):
    with pytest.raises(WeighbridgeError):
        _add(store, "ada", Role.OWNER)


def test_a_disabled_account_has_no_password_and_keeps_its_name(store):
    made = _add(store, "ada")
    store.write_now(lambda c: accounts.set_password(c, 2, made.account_id, "stored"))
    assert store.read_now(lambda c: accounts.stored_password(c, made.account_id)) == "stored"
    store.write_now(lambda c: accounts.disable(c, 3, made.account_id))
    assert store.read_now(lambda c: accounts.stored_password(c, made.account_id)) is None
    assert store.read_now(lambda c: accounts.by_id(c, made.account_id)).disabled_at == 3
    with pytest.raises(WeighbridgeError):
        _add(store, "ada")
    store.write_now(lambda c: accounts.enable(c, 4, made.account_id))
    found = store.read_now(lambda c: accounts.by_id(c, made.account_id))
    assert (found.disabled_at, found.has_password) == (None, False)


def test_the_last_administrator_stays(store):
    first = _add(store, "ada", Role.ADMINISTRATOR)
    for away in (
        lambda c: accounts.disable(c, 2, first.account_id),
        lambda c: accounts.set_role(c, 2, first.account_id, Role.VIEWER, Scope()),
    ):
        with pytest.raises(WeighbridgeError):
            store.write_now(away)
    second = _add(store, "grace", Role.ADMINISTRATOR)
    store.write_now(lambda c: accounts.set_role(c, 2, first.account_id, Role.VIEWER, Scope(groups=("lab",))))
    assert store.read_now(lambda c: accounts.by_id(c, first.account_id)).scope == Scope(groups=("lab",))
    with pytest.raises(WeighbridgeError):
        store.write_now(lambda c: accounts.disable(c, 2, second.account_id))


def test_two_administrators_cannot_take_each_other_away(store):
    pair = [_add(store, name, Role.ADMINISTRATOR) for name in ("ada", "grace")]
    start = threading.Barrier(2)
    outcomes = []

    def away(account):
        start.wait(60)
        try:
            store.write_now(lambda c: accounts.disable(c, 2, account.account_id))
            outcomes.append("done")
        except WeighbridgeError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=away, args=(account,)) for account in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["E-account", "done"]
