from weighbridge.fleet import accounts, sessions
from weighbridge.fleet.permissions import Role

HOUR = 3_600_000


def _begun(store, now=0, name="ada", **more):
    account = store.write_now(lambda c: accounts.add(c, 0, name, Role.VIEWER))
    return account, _again(store, account, now, **more)


def _again(store, account, now=0, lasts=HOUR, address="192.0.2.1", agent="browser"):
    return store.write_now(
        lambda c: sessions.begin(
            c, now, account.account_id, lasts=lasts, address=address, agent=agent, by=sessions.PASSWORD
        )
    )


def _find(store, now, secret, idle=HOUR):
    return store.read_now(lambda c: sessions.find(c, now, secret, idle=idle))


def test_a_session_is_found_by_its_secret_alone(store):
    account, secret = _begun(store)
    found = _find(store, 1, secret)
    assert found.account.account_id == account.account_id
    assert found.session.address == "192.0.2.1"
    for wrong in ("", secret[:-1], secret + "x", found.session.session_id, "\ud800"):
        assert _find(store, 1, wrong) is None


def test_it_ends_after_some_hours_however_much_it_is_used(store):
    _, secret = _begun(store)
    session_id = sessions.identify(secret)
    for now in range(0, HOUR, HOUR // 10):
        store.write_now(lambda c, now=now: sessions.note_use(c, now, session_id))
    assert _find(store, HOUR - 1, secret) is not None
    assert _find(store, HOUR, secret) is None


def test_it_ends_when_nobody_uses_it(store):
    _, secret = _begun(store, lasts=10 * HOUR)
    assert _find(store, HOUR - 1, secret) is not None
    assert _find(store, HOUR, secret) is None
    store.write_now(lambda c: sessions.note_use(c, HOUR - 1, sessions.identify(secret)))
    assert _find(store, 2 * HOUR - 2, secret) is not None


def test_use_is_noted_once_a_minute(store):
    _, secret = _begun(store)
    assert not _find(store, 59_999, secret).note
    assert _find(store, 60_000, secret).note


def test_a_disabled_account_has_no_session(store):
    account, secret = _begun(store)
    store.write_now(lambda c: accounts.disable(c, 1, account.account_id))
    assert _find(store, 1, secret) is None


def test_sessions_are_ended_one_by_one_or_all(store):
    account, first = _begun(store)
    _other, others = _begun(store, name="grace")
    second = _again(store, account, now=1)
    listed = store.read_now(lambda c: sessions.of_account(c, account.account_id))
    assert [one.session_id for one in listed] == [sessions.identify(second), sessions.identify(first)]
    end = sessions.end
    assert not store.write_now(lambda c: end(c, account.account_id, sessions.identify(others))), "only one's own"
    assert store.write_now(lambda c: end(c, account.account_id, sessions.identify(first)))
    assert _find(store, 1, first) is None
    assert store.write_now(lambda c: sessions.end_all(c, account.account_id)) == 1
    assert _find(store, 1, second) is None
    assert _find(store, 1, others) is not None


def test_what_ended_by_itself_is_swept(store):
    _, old = _begun(store)
    account, new = _begun(store, now=HOUR, name="grace")
    assert store.write_now(lambda c: sessions.sweep(c, HOUR, idle=HOUR)) == 1
    assert _find(store, HOUR, new).account.account_id == account.account_id
    assert _find(store, 1, old) is None


def test_a_form_belongs_to_its_session(store):
    _, first = _begun(store)
    _, second = _begun(store, name="grace")
    token = sessions.form_token(first)
    assert sessions.is_form_token(first, token)
    assert not sessions.is_form_token(second, token)
    for wrong in ("", token[:-1], first, "\ud800"):
        assert not sessions.is_form_token(first, wrong)


def test_what_a_browser_calls_itself_cannot_break_a_page_or_a_log(store):
    account, _ = _begun(store)
    secret = _again(store, account, agent="a\n\x1b[31m\u202e" + "x" * 500)
    agent = _find(store, 1, secret).session.agent
    assert agent.isprintable()
    assert len(agent) == 200
