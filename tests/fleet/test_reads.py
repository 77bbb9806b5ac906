"""Who looked at a machine is told to its person, and nobody can look without being told of."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import reads
from weighbridge.fleet.permissions import Role, Scope

OWN = Scope(endpoint_id=LAPTOP)


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        yield started


def signed_in(served: Running, role: Role, scope: Scope | None = None, name: str = ""):
    cookies, _ = served.session(served.account(name or role.value, role, scope))
    client = served.client(cookies=cookies)
    client.headers["Accept"] = "text/html"
    return client


def readers(served: Running) -> list[tuple[str, str, int]]:
    found = served.store.read_now(lambda connection: reads.of_endpoint(connection, LAPTOP))
    return [(one.account_name, one.what, one.times) for one in found]


def test_pages_and_programs_are_counted_and_the_person_sees_them(served: Running) -> None:
    analyst = signed_in(served, Role.ANALYST)
    for path in (
        f"/endpoints/{LAPTOP}",
        f"/api/v1/endpoints/{LAPTOP}",
        f"/ledger/{LAPTOP}",
        f"/api/v1/ledger/{LAPTOP}",
    ):
        assert analyst.get(path).status_code == 200
        served.clock.pass_seconds(60)
    assert readers(served) == [("analyst", "records", 2), ("analyst", "page", 2)]
    owner = signed_in(served, Role.OWNER, OWN)
    assert "analyst" in owner.get("/device").text
    told = owner.get("/api/v1/device").json()["readers"]
    assert [(one["account_name"], one["times"]) for one in told] == [("analyst", 2), ("analyst", 2)]


def test_ones_own_looks_are_not_counted_and_nothing_is_kept_of_what_is_not_there(served: Running) -> None:
    owner = signed_in(served, Role.OWNER, OWN)
    assert owner.get("/device").status_code == 200
    assert owner.get(f"/api/v1/endpoints/{LAPTOP}").status_code == 200
    assert signed_in(served, Role.ANALYST).get(f"/endpoints/{'z' * 16}").status_code == 404
    elsewhere = signed_in(served, Role.ANALYST, Scope(groups=("elsewhere",)), "bo")
    assert elsewhere.get(f"/ledger/{LAPTOP}").status_code == 404
    assert readers(served) == []
    rows = served.store.read_now(lambda connection: connection.execute(reads.READS.select()).all())
    assert rows == []


def test_the_same_day_is_one_row(served: Running) -> None:
    viewer = signed_in(served, Role.VIEWER)
    for _ in range(3):
        viewer.get(f"/endpoints/{LAPTOP}")
    rows = served.store.read_now(lambda connection: connection.execute(reads.READS.select()).all())
    assert [(row.times, row.role) for row in rows] == [(3, "viewer")]
