"""Addresses that are their own proof."""

import asyncio

import pytest
from tests.hub.calling import call_of

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import hub_tokens
from weighbridge.hub.hf_tickets import Ticket, address, ticket_of


def token(served, account_id, right=hub_tokens.WRITE):
    """Make a token of the hub; return its id."""
    made = served.store.write_now(
        lambda c: hub_tokens.make(c, served.clock.now, account_id, name="test", right=right, lasts=3_600_000)
    )
    return made[0].token_id


@pytest.mark.parametrize("how", ["revoked", "ended", "disabled", "of another", "of a reader"])
def test_a_ticket_ends_with_its_token(served, how):
    account, other = served.account("wendy", Role.ANALYST), served.account("other", Role.ADMINISTRATOR)
    held = token(served, account.account_id, hub_tokens.READ if how == "of a reader" else hub_tokens.WRITE)
    whose = other.account_id if how == "of another" else account.account_id
    ends = served.clock.now // 1000 + 6 * 3600
    ticket = Ticket(purpose="a", account_id=whose, proof_id=held, model="acme/x", sha256="0" * 64, size=1, ends=ends)

    async def asked():
        where = await address(served.hub, "http://h", "/lfs/1", ticket)
        call, _ = call_of(served.hub, path=where.removeprefix("http://h"))
        return await ticket_of(call, "a")

    if how in ("revoked", "ended", "disabled"):
        assert asyncio.run(asked())[0] == ticket
    if how == "revoked":
        served.store.write_now(lambda c: hub_tokens.revoke(c, served.clock.now, held, None))
    elif how == "ended":
        served.clock.pass_seconds(3_601)
    elif how == "disabled":
        served.store.write_now(lambda c: accounts.disable(c, served.clock.now, account.account_id))
    with pytest.raises(RefusedError, match="takes nothing, or no longer"):
        asyncio.run(asked())


def test_a_ticket_is_for_what_it_says(served):
    account = served.account("wendy", Role.ANALYST)
    ends = served.clock.now // 1000 + 10
    proof = token(served, account.account_id)
    ticket = Ticket(
        purpose="a",
        account_id=account.account_id,
        proof_id=proof,
        model="acme/x",
        sha256="0" * 64,
        size=1,
        ends=ends,
    )

    async def asked(purpose="a", change=lambda text: text):
        where = await address(served.hub, "http://h", "/lfs/1", ticket)
        call, _ = call_of(served.hub, path=change(where.removeprefix("http://h")))
        return await ticket_of(call, purpose)

    found, who = asyncio.run(asked())
    assert (found, who.viewer.name, who.may_write) == (ticket, "wendy", True)
    with pytest.raises(RefusedError):
        asyncio.run(asked("b"))
    for change in (
        lambda text: text[:-2] + "00",
        lambda text: text.replace("ticket=", "ticket=e30"),
        lambda _: "/lfs/1",
    ):
        with pytest.raises(RefusedError):
            asyncio.run(asked(change=change))
    served.clock.pass_seconds(11)
    with pytest.raises(RefusedError):
        asyncio.run(asked())
