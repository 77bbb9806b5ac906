"""Tokens of the hub: shown once, kept as a hash, ended by time, by hand and with their account."""

import re

import pytest
from tests.fleet.serving import DAY, Running

from weighbridge.fleet import accounts
from weighbridge.hub import hub_tokens
from weighbridge.model.errors import WeighbridgeError


def make(served: Running, **more):
    account = served.account()
    token, text = served.store.write_now(
        lambda c: hub_tokens.make(c, served.clock.now, account.account_id, name=" laptop ", **more)
    )
    return account, token, text


def find(served: Running, text: str):
    return served.store.read_now(lambda c: hub_tokens.find(c, served.clock.now, text))


def test_a_token_has_the_shape_that_clients_pass_on(served: Running) -> None:
    account, token, text = make(served)
    assert re.fullmatch(r"hf_[A-Za-z0-9]{40}", text)
    found = find(served, text)
    assert (found.account.account_id, found.token.name, found.token.right) == (account.account_id, "laptop", "read")
    kept = served.store.read_now(lambda c: c.execute(hub_tokens.HUB_TOKENS.select()).one())
    assert text[-28:] not in repr(kept)
    assert [one.token_id for one in served.store.read_now(lambda c: hub_tokens.of_account(c, account.account_id))] == [
        token.token_id
    ]


def test_what_is_no_token_finds_nobody(served: Running) -> None:
    _, _, text = make(served)
    other = text[:-1] + ("a" if text[-1] != "a" else "b")
    assert [find(served, one) for one in ("", text[:-1], f"{text}\n", other, text.upper())] == [None] * 5


def test_a_token_ends_by_time_by_hand_and_with_its_account(served: Running) -> None:
    account, token, text = make(served, lasts=DAY)

    def after(job):
        served.store.write_now(job)
        return find(served, text)

    assert find(served, text) is not None
    assert not served.store.write_now(lambda c: hub_tokens.revoke(c, 5, token.token_id, "somebody-else"))
    assert after(lambda c: accounts.disable(c, served.clock.now, account.account_id)) is None
    served.store.write_now(lambda c: accounts.enable(c, served.clock.now, account.account_id))
    assert find(served, text) is not None
    served.clock.pass_seconds(24 * 3600)
    assert find(served, text) is None
    served.clock.now -= 1
    assert find(served, text) is not None
    assert after(lambda c: hub_tokens.revoke(c, served.clock.now, token.token_id, account.account_id)) is None


def test_its_use_is_noted_now_and_then(served: Running) -> None:
    _, token, text = make(served)
    assert find(served, text).note
    served.store.write_now(lambda c: hub_tokens.note_use(c, served.clock.now, token.token_id))
    assert not find(served, text).note
    served.clock.pass_seconds(60)
    assert find(served, text).note


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "a\nb"}, {"name": "x" * 129}, {"right": "admin"}, {"lasts": 0}, {"lasts": 400 * DAY}],
)
def test_what_makes_no_token(served: Running, wrong) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        served.store.write_now(lambda c: hub_tokens.make(c, 1, "a1", **{"name": "x"} | wrong))
    assert refused.value.code == "E-token"


def test_an_account_has_not_more_than_it_needs(served: Running):
    ada = served.account().account_id

    def make(now: int = 1) -> str:
        return served.store.write_now(lambda c: hub_tokens.make(c, now, ada, name="x", lasts=1_000))[0].token_id

    made = [make() for _ in range(100)]
    with pytest.raises(WeighbridgeError, match="up to 100 tokens"):
        make()
    served.store.write_now(lambda c: hub_tokens.revoke(c, 1, made[0], ada))
    make()
    make(2_000)
