"""What Ollama is told when it pulls a code; tests/hub/test_oci_token.py goes the whole way."""

import pytest
from tests.fleet.serving import running as started
from tests.hub.shelved import bearer, reader

from weighbridge.fleet.settings import read_settings

PATH = "/v2/link/bcdf-ghjk-mnpq-rstv/manifests/latest"


@pytest.mark.parametrize("hub_open", [False, True])
def test_whoever_did_not_sign_with_a_key_is_told_where_to(store, hub_open):
    with started(store, read_settings(flags={"hub_open": hub_open})) as running:
        token = bearer(reader(running, "ada"))
        for headers in ({}, token):
            answer = running.client().get(PATH, headers=headers)
            assert answer.status_code == 401
            assert 'scope="repository:link/bcdf-ghjk-mnpq-rstv:pull"' in answer.headers["www-authenticate"]


def test_no_model_is_called_so(served):
    for path in ("/v2/link/bcdf/tags/list", "/link/bcdf/resolve/main/a", "/api/models/link/bcdf"):
        assert served.client().get(path, headers=bearer(reader(served, f"ada{len(path)}"))).status_code >= 400
