"""What the catalog approved, by the API: who knows of it, what people sign, and as a policy's text."""

from tests.fleet.policy_people import AT
from tests.fleet.ruling_people import delegate
from tests.fleet.serving import Running
from tests.hub.test_catalog_text import A, usable
from tests.sync.policy_server import person

from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.sync.policy_metadata import add_signature

PUBLISHER = (Permission.POLICY_READ, Permission.POLICY_PUBLISH)


def test_from_an_approval_to_what_endpoints_are_told(served: Running) -> None:
    served.clock.now = max(served.clock.now, AT)
    served.store.write_now(lambda c: delegate(c, now=served.clock.now))
    usable(served, "acme/coder", A)
    client = served.client()
    client.headers.update(served.token(served.account("grace", Role.ADMINISTRATOR), *PUBLISHER))
    shown = client.get("/api/v1/hub/approvals").json()
    assert (shown["waiting"], shown["left_out"], shown["role"]["number"]) == (1, 0, 0)
    assert [one["model"] for one in shown["approved"]] == ["acme/coder"]
    draft = client.post("/api/v1/hub/approvals/sign").json()
    signed = draft["metadata"].encode()
    for number in (0, 1):
        signed = add_signature(signed, person(number))
    done = client.post("/api/v1/rulings/publish", json={"text": signed.decode()})
    assert done.json() == {"role": "catalog", "number": 1}
    assert client.get("/api/v1/hub/approvals").json()["waiting"] == 0
    assert "sha256: " + A in client.get("/api/v1/hub/accepted").text


def test_who_sees_a_part_of_the_fleet_drafts_nothing_for_all_of_it(served: Running) -> None:
    client = served.client()
    part = served.account("grace", Role.ADMINISTRATOR, Scope(groups=("paris",)))
    client.headers.update(served.token(part, *PUBLISHER))
    assert client.post("/api/v1/hub/approvals/sign").status_code == 403
    assert client.get("/api/v1/hub/approvals").status_code == 200
