"""Proofs: tokens of the hub and of the API, as bearers or passwords; what is none is refused, and not for ever."""

import asyncio
import base64

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import bearer
from tests.hub.calling import call_of

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.settings import Settings
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.identify import OF_THE_HUB, caller_by, viewer_by_hub_token

AGENT = {"User-Agent": "hf_hub/2.4.0; agent/claude-code"}


def who(running: Running, header: str | None, address: str = "10.0.0.1") -> Caller:
    headers = AGENT | ({} if header is None else {"Authorization": header})
    call, _ = call_of(running.hub, headers=headers)
    return asyncio.run(caller_by(running.hub, call, address))


def secret(running: Running, **more) -> str:
    return bearer(running, **more)["Authorization"].removeprefix("Bearer ")


def test_somebody_without_a_proof_is_nobody(served):
    found = who(served, None)
    assert (found.viewer, found.may_write, found.proof, found.tool, found.agent) == (
        None,
        False,
        "none",
        "hf_hub 2.4.0",
        "claude-code",
    )


@pytest.mark.parametrize("right", ["read", "write"])
def test_a_token_of_the_hub(served, right):
    found = who(served, f"Bearer {secret(served, role=Role.ADMINISTRATOR, right=right)}")
    assert (found.name, found.proof, found.may_write) == ("ada", "token", right == "write")
    # It lets nobody administer anything, whatever its account may.
    assert found.viewer.permissions == OF_THE_HUB
    assert not found.viewer.may(Permission.HUB_MANAGE)


def test_a_token_as_the_password_of_any_user(served):
    text = secret(served)
    for user in ("ada", "", "x:y"):
        word = base64.b64encode(f"{user.partition(':')[0]}:{text}".encode()).decode()
        assert who(served, f"Basic {word}").name == "ada"


def test_a_token_of_the_api(served):
    account = served.account("eve", Role.ANALYST)
    header = served.token(account, Permission.MODELS_READ)["Authorization"]
    assert (who(served, header).name, who(served, header).may_write) == ("eve", False)
    header = served.token(account, Permission.MODELS_READ, Permission.MODELS_PUBLISH)["Authorization"]
    assert who(served, header).may_write


@pytest.mark.parametrize(
    "header", ["Bearer hf_nothing", "Bearer ", "Basic !", "Basic " + base64.b64encode(b"\xff\xfe").decode(), "Digest x"]
)
def test_what_is_no_proof_is_refused_rather_than_ignored(served, header):
    with pytest.raises(RefusedError) as caught:
        who(served, header)
    assert (caught.value.status, caught.value.code) == (401, "E-not-signed-in")
    assert "/catalog/tokens" in caught.value.hint


def test_who_guesses_is_made_to_wait_by_address(served):
    text = secret(served)
    statuses = []
    for _ in range(125):
        with pytest.raises(RefusedError) as caught:
            who(served, "Bearer hf_guess", "10.0.0.9")
        statuses.append(caught.value.status)
    assert (statuses[0], statuses[-1]) == (401, 429)
    with pytest.raises(RefusedError):
        who(served, f"Bearer {text}", "10.0.0.9")
    assert who(served, f"Bearer {text}", "10.0.0.1").name == "ada"


def test_an_account_and_an_address_have_their_rates(served):
    served.hub = Hub(served.server, served.hub.blobs)
    assert served.hub.requests.take("x") == 0
    text = secret(served)
    settings = Settings(requests_per_minute=1)
    served.server.settings = settings
    served.hub = Hub(served.server, served.hub.blobs)
    for header, address in ((f"Bearer {text}", "10.0.0.1"), (None, "10.0.0.2")):
        for _ in range(10):
            who(served, header, address)
        with pytest.raises(RefusedError) as caught:
            who(served, header, address)
        assert (caught.value.status, caught.value.retry_in > 0) == (429, True)


def test_a_token_of_the_hub_at_the_api(served):
    assert asyncio.run(viewer_by_hub_token(served.hub, secret(served))).name == "ada"
    assert asyncio.run(viewer_by_hub_token(served.hub, "hf_none")) is None
