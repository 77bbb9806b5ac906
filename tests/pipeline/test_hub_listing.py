"""What a hub says about a release is believed only where it makes sense."""

import pytest
from tests.pipeline.hub_kit import pulled
from tests.pipeline.hub_server import COMMIT

from weighbridge.host.fleet_http import UNTRUSTED
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_listing import unreachable


def test_a_refusal_is_told_in_the_words_of_the_hub(hub, home):
    hub.refusal = 403, {"error": "acme/coder is not in the catalog. Ask for it: wb request acme/coder --why ..."}
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert (caught.value.code, caught.value.message) == ("E-hub-refused", "acme/coder is not in the catalog")
    assert caught.value.hint.startswith("Ask for it: wb request")
    assert caught.value.exit_code == 21


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a\\b", "a//b", "x\0y", ".", "a/.", "C:x", "NUL", "e\u0301"]
)
def test_a_path_that_leads_elsewhere_is_refused_before_a_byte_is_fetched(hub, home, path):
    hub.files = {path: b"evil", "config.json": b"{}"}
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert caught.value.code == "E-hub-answer"
    assert hub.sent == 0


@pytest.mark.parametrize(
    "answer", [[], {"id": "acme/coder"}, {"id": "../x", "sha": COMMIT}, {"id": "acme/coder", "sha": "x"}]
)
def test_an_answer_that_is_none_is_said(hub, home, answer):
    hub.answers["/api/models/acme/coder/revision/main"] = 200, answer
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert caught.value.code == "E-hub-answer"


def test_a_page_that_stands_where_a_release_was_revoked_is_a_refusal_and_no_model(hub, home):
    hub.answers["/api/models/acme/coder/revision/main"] = (
        200,
        {"id": "acme/coder", "sha": COMMIT, "tags": ["tombstone"]},
    )
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert (caught.value.code, caught.value.exit_code) == ("E-hub-refused", 21)
    assert caught.value.message == "acme/coder was revoked"
    assert hub.sent == 0


def test_a_certificate_that_is_not_trusted_leads_to_its_authority():
    access = HubAccess(url="https://hub.example.com")
    assert "wb hub setup https://hub.example.com --ca FILE" in unreachable(access, f"{UNTRUSTED}: self-signed").hint
    assert "--ca" not in unreachable(access, "connection refused").hint
