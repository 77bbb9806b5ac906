"""A client's first GET as a request, where the settings allow it; and never otherwise."""

import msgspec
import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved, bearer

from weighbridge.hub import grants, requests

INFO = "/api/models/acme/new"


@pytest.fixture
def hub(served: Running) -> Running:
    settings = {"upstream": "https://models.example.com", "upstream_on_demand": True}
    served.server.settings = msgspec.structs.replace(served.server.settings, **settings)
    return served


def waiting(hub: Running) -> list[str]:
    return [one.name for one in hub.store.read_now(requests.listed)]


@pytest.mark.parametrize("path", [INFO, "/acme/new/resolve/main/config.json", "/v2/acme/new/manifests/latest"])
def test_a_first_get_is_a_request(hub: Running, path: str) -> None:
    client, headers = hub.client(), bearer(hub)
    answer = client.get(path, headers=headers | {"User-Agent": "huggingface_hub/2.4.0"})
    assert answer.status_code == 403
    assert "asked for now" in answer.text
    assert waiting(hub) == ["acme/new"]
    client.get(path, headers=headers)
    assert waiting(hub) == ["acme/new"]


def test_it_is_off_by_default(served: Running) -> None:
    answer = served.client().get(INFO, headers=bearer(served))
    assert "asked for now" not in answer.text
    assert waiting(served) == []


def test_somebody_without_an_account_asks_for_nothing(hub: Running) -> None:
    assert hub.client().get(INFO).status_code == 401
    hub.server.settings = msgspec.structs.replace(hub.server.settings, hub_open=True)
    hub.client().get(INFO)
    assert waiting(hub) == []


def test_what_somebody_may_not_see_is_not_asked_for(hub: Running) -> None:
    approved(hub, name="acme/new")
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody", grants.READ, by="root"))
    answer = hub.client().get(INFO, headers=bearer(hub))
    assert "asked for now" not in answer.text
    assert waiting(hub) == []
