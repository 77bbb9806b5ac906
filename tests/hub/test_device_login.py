"""Logins by code: allowed once, by a person, in time; the tool is told what RFC 8628 says."""

import pytest
from tests.fleet.serving import Running, running

from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub import device_login, hub_tokens
from weighbridge.hub.device_login import Begun, Redeemed


@pytest.fixture
def at(store: Store):
    with running(store) as started:
        started.ada = started.account("ada")
        yield started


def begin(at: Running) -> Begun:
    return at.store.write_now(lambda c: device_login.begin(c, at.clock.now, tool="hf 2.4.0", address="10.0.0.7"))


def decide(at: Running, code: str, right: str | None) -> bool:
    return at.store.write_now(lambda c: device_login.decide(c, at.clock.now, code, at.ada.account_id, right=right))


def redeem(at: Running, begun: Begun):
    at.clock.pass_seconds(5)
    return at.store.write_now(lambda c: device_login.redeem(c, at.clock.now, begun.device_code))


@pytest.mark.parametrize("right", ["read", "write"])
def test_an_allowed_login_is_a_token_once(at: Running, right) -> None:
    begun = begin(at)
    assert redeem(at, begun) == "authorization_pending"
    assert decide(at, begun.user_code, right)
    got = redeem(at, begun)
    assert isinstance(got, Redeemed)
    found = at.store.read_now(lambda c: hub_tokens.find(c, at.clock.now, got.token))
    assert (found.account.name, found.token.right, found.token.name) == ("ada", right, "hf 2.4.0 at 10.0.0.7")
    assert redeem(at, begun) == "expired_token"


def test_a_refused_login_is_none(at: Running) -> None:
    begun = begin(at)
    assert decide(at, begun.user_code, None)
    assert redeem(at, begun) == "access_denied"
    assert redeem(at, begun) == "expired_token"


def test_nobody_decides_twice(at: Running) -> None:
    begun = begin(at)
    assert decide(at, begun.user_code, None)
    assert not decide(at, begun.user_code, "write")
    assert redeem(at, begun) == "access_denied"


def test_a_login_ends(at: Running) -> None:
    begun = begin(at)
    at.clock.pass_seconds(device_login.LASTS_SECONDS)
    assert not decide(at, begun.user_code, "read")
    assert redeem(at, begun) == "expired_token"
    assert at.store.read_now(lambda c: device_login.waiting(c, at.clock.now, begun.user_code)) is None
    begin(at)
    assert len(at.store.read_now(lambda c: c.execute(device_login.LOGINS.select()).all())) == 1


def test_a_tool_that_asks_too_often_is_slowed_down(at: Running) -> None:
    begun = begin(at)
    assert redeem(at, begun) == "authorization_pending"
    again = at.store.write_now(lambda c: device_login.redeem(c, at.clock.now, begun.device_code))
    assert again == "slow_down"


def test_a_code_is_read_however_it_is_typed(at: Running) -> None:
    begun = begin(at)
    typed = f" {begun.user_code.lower().replace('-', ' ')} "
    found = at.store.read_now(lambda c: device_login.waiting(c, at.clock.now, typed))
    assert (found.user_code, found.tool, found.address) == (begun.user_code, "hf 2.4.0", "10.0.0.7")
    for other in ("", "BCDF-GHJK", "é" * 40, "'; drop table"):
        assert at.store.read_now(lambda c, other=other: device_login.waiting(c, at.clock.now, other)) is None


def test_a_code_says_nothing_about_the_secret_and_unknown_ones_are_refused(at: Running) -> None:
    begun = begin(at)
    decide(at, begun.user_code, "read")
    assert at.store.write_now(lambda c: device_login.redeem(c, at.clock.now, begun.user_code)) == "expired_token"
    rows = at.store.read_now(lambda c: c.execute(device_login.LOGINS.select()).all())
    assert begun.device_code not in str(rows)


def test_so_many_wait_at_the_same_time(at: Running, monkeypatch) -> None:
    monkeypatch.setattr(device_login, "_MOST", 2)
    begin(at)
    begin(at)
    with pytest.raises(RefusedError) as caught:
        begin(at)
    assert caught.value.status == 429


def test_one_address_does_not_keep_all_others_from_logging_in(store, monkeypatch):
    monkeypatch.setattr(device_login, "_MOST_OF_ONE", 2)

    def begin(address: str):
        return store.write_now(lambda c: device_login.begin(c, 1, tool="hf", address=address))

    begin("192.0.2.1")
    begin("192.0.2.1")
    with pytest.raises(RefusedError, match="from your address"):
        begin("192.0.2.1")
    assert begin("192.0.2.2").user_code
