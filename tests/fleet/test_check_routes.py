from weighbridge.fleet.findings import SERVER_CHECKS
from weighbridge.fleet.permissions import Permission, Role, Scope


def test_checks_are_told_to_people_of_devices_too(served):
    header = served.token(served.account("ada", Role.VIEWER, Scope(groups=())), Permission.OWN_DEVICE)
    client = served.client()
    listed = {one["id"] for one in client.get("/api/v1/checks", headers=header).json()}
    assert {*SERVER_CHECKS, "policy-stale", "import-tampering"} <= listed
    page = client.get("/api/v1/checks/ledger-forked", headers=header).json()
    assert (page["title"], page["parts"][3]["heading"]) == ("Two ledgers with one key", "What to do")
    assert "wb fleet settle" in page["parts"][3]["text"]
    assert client.get("/api/v1/checks/nothing", headers=header).status_code == 404
    assert client.get("/api/v1/checks").status_code == 401
