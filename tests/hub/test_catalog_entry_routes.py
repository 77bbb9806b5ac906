"""The same for programs; who may not read the fleet does not learn it here."""

from tests.hub.holding import in_state, sha256

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub.states import State


def test_the_catalog_is_asked_by_digest(served):
    in_state(served, State.APPROVED, {"a.gguf": b"GGUF"}, name="acme/coder")
    ada = served.account("ada", Role.VIEWER)
    header = served.token(ada, Permission.FLEET_READ, Permission.MODELS_READ)
    answer = served.client().get(f"/api/v1/artifacts/{sha256(b'GGUF')}/catalog", headers=header)
    assert [(one["name"], one["state"]) for one in answer.json()["entries"]] == [("acme/coder", "approved")]
    assert served.client().get("/api/v1/artifacts/" + "0" * 64 + "/catalog", headers=header).json() == {"entries": []}
    only = served.token(ada, Permission.FLEET_READ)
    assert served.client().get(f"/api/v1/artifacts/{sha256(b'GGUF')}/catalog", headers=only).json() == {"entries": []}
