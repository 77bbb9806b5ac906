import pytest
from tests.fleet.serving import PASSWORD, running

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.fleet.settings import read_settings


def test_guessing_tokens_soon_costs_the_database_nothing(served, monkeypatch):
    reads = []
    real = served.store.database.read
    monkeypatch.setattr(served.store.database, "read", lambda job: reads.append(job) or real(job))
    client = served.client()
    guess = {"Authorization": "Bearer wbt_0000000000000000_" + "0" * 64}
    answers = [client.get("/api/v1/session", headers=guess).status_code for _ in range(130)]
    assert answers == [401] * 120 + [429] * 10
    assert len(reads) == 120
    header = served.token(served.account("ada"), Permission.SIGNED_IN)
    assert client.get("/api/v1/session", headers=header).status_code == 429, "the address waits, whoever it says it is"
    served.clock.pass_seconds(2)
    assert client.get("/api/v1/session", headers=header).status_code == 200


def test_a_header_does_not_make_somebody_another_client(served):
    client = served.client()
    for number in range(125):
        headers = {"Authorization": "Bearer wbt_x", "X-Forwarded-For": f"192.0.2.{number}"}
        last = client.get("/api/v1/session", headers=headers).status_code
    assert last == 429


def test_an_account_asks_only_so_often(served):
    with running(served.store, read_settings(flags={"requests_per_minute": 5})) as started:
        account = started.account("ada")
        header = started.token(account, Permission.SIGNED_IN)
        client = started.client()
        answers = [client.get("/api/v1/session", headers=header).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]
        other = started.token(account, Permission.SIGNED_IN)
        assert client.get("/api/v1/session", headers=other).status_code == 200, "each token has its own measure"


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5_000, "%00", "\u00e9"])
def test_no_cookies_are_nobody(served, cookie):
    answer = served.client().get("/api/v1/session", headers={"cookie": f"weighbridge={cookie}".encode("latin-1")})
    assert answer.status_code == 401


def test_a_cookie_of_another_server_is_nobody(served):
    served.account("ada", Role.ADMINISTRATOR)
    client = served.client()
    client.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    secure = read_settings(flags={"tls_certificate": "c", "tls_key": "k"})
    with running(served.store, secure) as started:
        answer = started.client(cookies=dict(client.cookies)).get("/api/v1/session")
        assert answer.status_code == 401, "over TLS only the cookie that is bound to the host counts"
