import threading

from weighbridge.fleet import accounts, links
from weighbridge.fleet.permissions import Role


def _account(store, name="ada"):
    return store.write_now(lambda c: accounts.add(c, 1, name, Role.VIEWER)).account_id


def _use(store, secret, now=10):
    return store.write_now(lambda c: links.use(c, now, secret))


def test_a_link_lets_in_once(store):
    account_id = _account(store)
    secret = store.write_now(lambda c: links.make(c, 1, account_id))
    assert store.read_now(lambda c: links.is_usable(c, 10, secret))
    assert store.read_now(lambda c: links.is_usable(c, 10, secret)), "looking does not use it up"
    assert _use(store, secret) == account_id
    assert _use(store, secret) is None
    assert not store.read_now(lambda c: links.is_usable(c, 10, secret))


def test_of_two_who_come_at_once_one_gets_in(store):
    account_id = _account(store)
    secret = store.write_now(lambda c: links.make(c, 1, account_id))
    start, outcomes = threading.Barrier(4), []

    def come():
        start.wait(60)
        outcomes.append(_use(store, secret))

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes, key=str) == [None, None, None, account_id] or outcomes.count(account_id) == 1


def test_a_link_ends_with_time_with_a_newer_one_and_with_its_account(store):
    account_id = _account(store)
    secret = store.write_now(lambda c: links.make(c, 1, account_id, lifetime=5))
    assert _use(store, secret, now=6) is None
    older = store.write_now(lambda c: links.make(c, 1, account_id))
    newer = store.write_now(lambda c: links.make(c, 1, account_id))
    assert _use(store, older) is None
    store.write_now(lambda c: accounts.disable(c, 2, account_id))
    assert _use(store, newer) is None


def test_strangers_do_not_get_in(store):
    _account(store)
    for secret in ("", "x", "\ud800", "0" * 43):
        assert _use(store, secret) is None


def test_what_is_stored_does_not_let_in(store):
    account_id = _account(store)
    store.write_now(lambda c: links.make(c, 1, account_id))
    stored = store.read_now(lambda c: c.execute(links.LINKS.select()).first()).link_hash
    assert _use(store, stored) is None


def test_a_new_server_lets_the_first_administrator_in_until_somebody_came(store):
    first = store.write_now(lambda c: links.first(c, 1))
    again = store.write_now(lambda c: links.first(c, 2))
    assert first is not None
    assert again not in (None, first), "a restart before anybody came gives a fresh link"
    assert _use(store, first) is None
    account_id = _use(store, again)
    assert store.read_now(lambda c: accounts.by_id(c, account_id)).role is Role.ADMINISTRATOR
    assert store.write_now(lambda c: links.first(c, 3)) is None


def test_who_has_a_password_needs_no_first_link(store):
    store.write_now(lambda c: links.first(c, 1))
    (only,) = store.read_now(accounts.every)
    store.write_now(lambda c: accounts.set_password(c, 2, only.account_id, "stored"))
    assert store.write_now(lambda c: links.first(c, 3)) is None
