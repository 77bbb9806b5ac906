"""What room there is, and who takes it, for those who manage the hub."""

from tests.hub.test_hf_lfs import asked
from tests.hub.test_hub_token_routes import session
from tests.hub.uploading import writer

from weighbridge.fleet.permissions import Role


def test_who_takes_how_much(served, monkeypatch):
    async def room() -> tuple[int, int]:
        return 30_000_000_000, 100_000_000_000

    monkeypatch.setattr(served.hub.blobs, "room", room)
    monkeypatch.setattr("weighbridge.host.confined.version", lambda: 0)
    client = writer(served)
    href = asked(client, b"a" * 60_000).json()["objects"][0]["actions"]["upload"]["href"]
    assert served.client().put(href, content=b"a" * 60_000).status_code == 200
    said = session(served, "keeper", Role.ADMINISTRATOR).get("/api/v1/hub-space").json()
    assert (said["quota"], said["free"], said["kept_free"]) == (500_000_000_000, 30_000_000_000, 5_000_000_000)
    assert "no Landlock in this kernel" in said["unconfined"]
    (one,) = said["accounts"]
    assert (one["account"], one["waiting"], one["unfinished"]) == ("wendy", 60_000, 0)


def test_a_bucket_has_no_end_that_anybody_says(served):
    said = session(served, "keeper", Role.ADMINISTRATOR).get("/api/v1/hub-space").json()
    assert (said["free"], said["kept_free"], said["accounts"]) == (None, None, [])
