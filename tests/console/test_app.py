"""The whole server over a database that the migrations made; tests/fleet/test_routes_matrix.py tries every route."""

from tests.fleet.serving import running

from weighbridge.console.app import LARGEST_BODY, routes
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store


def test_it_answers_and_keeps_house(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'fleet.db'}")
    migrate(store)
    with running(store) as started, started.client() as client:
        assert client.get("/health/ready").status_code == 200
        assert client.get("/nothing").json()["code"] == "E-not-found"
        large = client.post("/api/v1/session", content=b"x" * (LARGEST_BODY + 1))
        assert (large.status_code, large.json()["code"]) == (413, "E-too-large")
        assert client.put("/api/v1/session", json={}).status_code == 405
    store.close()


def test_no_two_routes_answer_the_same_request():
    seen = [(method, path) for route in routes() for path in route.paths for method in route.http_methods]
    assert len(seen) == len(set(seen))
