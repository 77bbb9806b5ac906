import re

from weighbridge.fleet.permissions import Permission, Role


def test_a_server_that_works_says_so(served):
    client = served.client()
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}
    other_name = client.get("/health/ready", headers={"host": "10.1.2.3:8480"})
    assert other_name.status_code == 200, "probes ask under the address of the pod"


def test_a_server_without_its_database_lives_and_is_not_ready(served, monkeypatch):
    client = served.client()

    def broken(_job):
        raise served.broken

    from weighbridge.fleet.store_errors import cannot_read

    served.broken = cannot_read(OSError("gone"))
    monkeypatch.setattr(served.store.database, "read", broken)
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})


def test_a_server_that_stops_takes_no_more(served):
    served.server.is_stopping = True
    assert served.client().get("/health/ready").status_code == 503


def test_numbers_are_for_who_may_read_them(served):
    client = served.client()
    assert client.get("/metrics").status_code == 401
    header = served.token(served.account("prometheus", Role.VIEWER), Permission.METRICS_READ)
    answer = client.get("/metrics", headers=header)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'weighbridge_requests_total{method="GET",route="/metrics",status="401"} 1' in answer.text
    assert re.search(r"^weighbridge_writes_waiting 0$", answer.text, re.MULTILINE)
    assert re.search(r"^weighbridge_requests_in_flight 1$", answer.text, re.MULTILINE)
