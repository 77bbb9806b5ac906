"""Addresses that are their own proof."""

import asyncio

import pytest
from tests.hub.calling import call_of

from weighbridge.fleet.permissions import Role
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub.hf_tickets import Ticket, address, ticket_of


def test_a_ticket_is_for_what_it_says(served):
    account = served.account("wendy", Role.ANALYST)
    ends = served.clock.now // 1000 + 10
    ticket = Ticket(purpose="a", account_id=account.account_id, model="acme/x", sha256="0" * 64, size=1, ends=ends)

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
