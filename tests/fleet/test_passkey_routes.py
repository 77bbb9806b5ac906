"""Passkeys through their routes, with a device that is a program; Chromium has its own test in tests/console."""

import copy

import pytest
from tests.fleet.serving import PASSWORD, running
from tests.fleet.soft_authenticator import SoftAuthenticator

from weighbridge.fleet import accounts, audit, identities, passkeys, sessions
from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.settings import read_settings

ORIGIN = "https://fleet.example.com"


@pytest.fixture
def named(served):
    with running(served.store, read_settings(flags={"url": ORIGIN})) as started:
        yield started


def client_of(served):
    client = served.client()
    client.base_url = ORIGIN
    return client


def signed_in(served, name="ada", role=Role.ANALYST):
    client = client_of(served)
    served.account(name, role)
    said = client.post("/api/v1/session", json={"name": name, "password": PASSWORD}).json()
    client.headers["X-Form-Token"] = said["form_token"]
    return client


def added(served, client, name="work laptop", device=None):
    device = device or SoftAuthenticator(ORIGIN)
    options = client.post("/api/v1/passkeys/options")
    assert options.status_code == 200, options.text
    answer = client.post("/api/v1/passkeys", json={"name": name, "credential": device.create(options.json())})
    return device, answer


def proof(served, device, client=None):
    client = client or client_of(served)
    options = client.post("/api/v1/session/passkey/options").json()
    return client, device.get(options)


def sign_in(served, device):
    client, credential = proof(served, device)
    return client.post("/api/v1/session/passkey", json={"credential": credential})


def test_a_passkey_is_added_used_and_removed(named):
    client = signed_in(named)
    device, answer = added(named, client)
    assert (answer.status_code, answer.json()["name"]) == (201, "work laptop")
    came = sign_in(named, device)
    assert (came.status_code, came.json()["name"], came.json()["role"]) == (201, "ada", "analyst")
    (listed,) = client.get("/api/v1/passkeys").json()
    assert listed["used_at"] == named.clock.now
    assert client.delete(f"/api/v1/passkeys/{listed['passkey_id']}").status_code == 204
    assert client.delete(f"/api/v1/passkeys/{listed['passkey_id']}").status_code == 404
    assert sign_in(named, device).status_code == 401
    actions = [entry.action for entry in named.store.read_now(lambda c: audit.newest(c, 10))]
    assert actions == ["passkey.remove", "session.begin", "passkey.add", "session.begin"]


def test_an_answer_works_once(named):
    device, _ = added(named, signed_in(named))
    client, credential = proof(named, device)
    assert client.post("/api/v1/session/passkey", json={"credential": credential}).status_code == 201
    assert client.post("/api/v1/session/passkey", json={"credential": credential}).status_code == 401


def test_an_answer_that_is_too_old(named):
    device, _ = added(named, signed_in(named))
    client, credential = proof(named, device)
    named.clock.pass_seconds(301)
    assert client.post("/api/v1/session/passkey", json={"credential": credential}).status_code == 401


@pytest.mark.parametrize(
    "lie",
    [
        lambda device: setattr(device, "origin", "https://fleet.example.com.evil.example"),
        lambda device: setattr(device, "origin", "http://fleet.example.com"),
        lambda device: setattr(device, "flags", 1),
        lambda device: setattr(device, "flags", 4),
        lambda device: setattr(device, "key", SoftAuthenticator(ORIGIN).key),
        lambda device: setattr(device, "credential_id", b"another"),
    ],
    ids=["origin", "without TLS", "nobody verified", "nobody there", "key", "credential"],
)
def test_a_device_that_lies(named, lie):
    device, _ = added(named, signed_in(named))
    lie(device)
    refused = sign_in(named, device)
    assert (refused.status_code, refused.json()["code"]) == (401, "E-sign-in")


def test_a_copy_of_a_device_is_noticed(named):
    device, _ = added(named, signed_in(named))
    assert sign_in(named, device).status_code == 201
    device.count = 0
    assert sign_in(named, device).status_code == 401


def test_a_disabled_account_stays_out(named):
    named.account("keeper", Role.ADMINISTRATOR)
    device, _ = added(named, signed_in(named))
    account = named.store.read_now(lambda c: accounts.by_name(c, "ada"))
    named.store.write_now(lambda c: accounts.disable(c, 1, account.account_id))
    assert sign_in(named, device).status_code == 401


def test_who_adds_one_has_just_signed_in(named):
    client = signed_in(named)
    named.clock.pass_seconds(15 * 60 + 1)
    refused = client.post("/api/v1/passkeys/options")
    assert (refused.status_code, refused.json()["code"]) == (403, "E-passkey")
    token = named.token(named.account("bob"), Permission.FLEET_READ)
    assert client_of(named).post("/api/v1/passkeys/options", headers=token).status_code == 403


def test_people_of_an_identity_provider_add_it_there(named):
    scope = Scope()
    made = named.store.write_now(lambda c: identities.add(c, 1, "https://login", "u", "ada", Role.VIEWER, scope))
    cookies, token = named.session(made)
    client = client_of(named)
    client.cookies.update(cookies)
    assert client.post("/api/v1/passkeys/options", headers={"X-Form-Token": token}).status_code == 403
    begin = {"lasts": 10_000_000, "address": "x", "agent": "", "by": sessions.LINK}
    secret = named.store.write_now(lambda c: sessions.begin(c, named.clock.now, made.account_id, **begin))
    client.cookies.update({named.server.cookie: secret})
    given = client.post("/api/v1/passkeys/options", headers={"X-Form-Token": sessions.form_token(secret)})
    assert given.status_code == 200


def test_a_challenge_of_somebody_else_adds_nothing(named):
    ada, bob = signed_in(named), signed_in(named, "bob")
    device = SoftAuthenticator(ORIGIN)
    asked = ada.post("/api/v1/passkeys/options").json()
    refused = bob.post("/api/v1/passkeys", json={"name": "x", "credential": device.create(asked)})
    assert (refused.status_code, refused.json()["code"]) == (400, "E-passkey")
    open_one = client_of(named).post("/api/v1/session/passkey/options").json()
    asked["challenge"] = open_one["challenge"]
    assert bob.post("/api/v1/passkeys", json={"name": "x", "credential": device.create(asked)}).status_code == 400
    assert named.store.read_now(lambda c: c.execute(passkeys.PASSKEYS.select()).all()) == []


def test_one_device_is_added_once(named):
    client = signed_in(named)
    device, _ = added(named, client)
    options = client.post("/api/v1/passkeys/options").json()
    assert [one["id"] for one in options["excludeCredentials"]] == [device.create(options)["id"]]
    _, again = added(named, client, device=device)
    assert (again.status_code, again.json()["code"]) == (400, "E-passkey")


@pytest.mark.parametrize(
    "place", ["rawId", "response", "clientDataJSON", "authenticatorData", "signature", "id", "type"]
)
def test_answers_that_are_none(named, place):
    device, _ = added(named, signed_in(named))
    for wrong in (None, "", "\u20ac", "AAAA", 7, [], {}, "e30"):
        client, credential = proof(named, device)
        broken = copy.deepcopy(credential)
        (broken if place in broken else broken["response"])[place] = wrong
        answer = client.post("/api/v1/session/passkey", json={"credential": broken})
        assert answer.status_code in (400, 401), wrong
        assert answer.json()["code"] in ("E-passkey", "E-sign-in"), wrong


@pytest.mark.parametrize("wrong", [{}, {"response": {}}, {"response": {"clientDataJSON": "W10"}}, {"rawId": "AA"}])
def test_registrations_that_are_none(named, wrong):
    client = signed_in(named)
    refused = client.post("/api/v1/passkeys", json={"name": "x", "credential": wrong})
    assert (refused.status_code, refused.json()["code"]) == (400, "E-passkey")


def test_questions_are_limited(named):
    client = client_of(named)
    statuses = [client.post("/api/v1/session/passkey/options").status_code for _ in range(121)]
    assert statuses == [200] * 120 + [429]


@pytest.mark.parametrize(
    ("flags", "asked", "has"),
    [
        ({"url": ORIGIN}, "fleet.example.com", True),
        ({"url": "http://fleet.example.com"}, "fleet.example.com", False),
        ({"url": "https://192.0.2.7"}, "192.0.2.7", False),
        ({}, "127.0.0.1:8480", False),
        ({}, "localhost:8480", True),
        ({"url": "http://fleet.localhost:8480"}, "fleet.localhost:8480", True),
    ],
)
def test_whether_a_server_has_passkeys(served, flags, asked, has):
    with running(served.store, read_settings(flags=flags)) as started:
        client = started.client()
        client.base_url = started.server.settings.origin
        answer = client.post("/api/v1/session/passkey/options", headers={"Host": asked})
        assert (answer.status_code, answer.json().get("code")) == ((200, None) if has else (400, "E-passkey"))
        assert ("Sign in with a passkey" in client.get("/sign-in", headers={"Host": asked}).text) is has
