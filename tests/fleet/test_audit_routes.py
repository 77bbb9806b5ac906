from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Permission, Role


def test_the_trail_is_read_in_pages(served):
    for now in range(5):
        served.store.write_now(lambda c, now=now: audit.note(c, now, None, "test", str(now)))
    header = served.token(served.account("ada", Role.APPROVER), Permission.AUDIT_READ)
    client = served.client()
    first = client.get("/api/v1/audit?limit=3", headers=header).json()
    assert [entry["subject"] for entry in first] == ["4", "3", "2"]
    rest = client.get(f"/api/v1/audit?limit=3&before={first[-1]['entry_id']}", headers=header).json()
    assert [entry["subject"] for entry in rest] == ["1", "0"]
    for wrong in ("limit=0", "limit=501", "limit=many", "before=" + "x" * 29):
        assert client.get(f"/api/v1/audit?{wrong}", headers=header).status_code == 400
