"""Links to bytes: good for who has one, for as long as it says, and only for what is served at that moment."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import FILES, approved, moved

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants, hub_tokens, machine_keys, pulls
from weighbridge.hub.signed_links import link
from weighbridge.hub.states import State

BODY = FILES["weights/a.safetensors"]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr"
SHA256 = hashlib.sha256(BODY).hexdigest()


def ask(running: Running, address: str, **headers: str):
    parts = urlsplit(address)
    return running.client().get(f"{parts.path}?{parts.query}", headers=headers)


def token(running: Running, account_id: str) -> str:
    """Make a token of the hub; return its id."""
    now = running.clock.now
    return running.store.write_now(lambda c: hub_tokens.make(c, now, account_id, name="test"))[0].token_id


def with_query(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | changed)}"


@pytest.fixture
def hub(served: Running) -> Running:
    served.release = approved(served)
    return served


@pytest.mark.parametrize("name", ["", "acme/tiny", "Acme/Tiny"])
def test_a_link_needs_no_account(hub, name):
    address = link(hub.hub, SHA256, name=name)
    assert address.startswith(f"http://127.0.0.1:8480/blobs/sha256/{SHA256}?exp=")
    answer = ask(hub, address)
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers["docker-content-digest"] == f"sha256:{SHA256}"
    part = ask(hub, address, Range="bytes=5-9")
    assert (part.status_code, part.content) == (206, BODY[5:10])
    # Whoever sends a token that is none is told so, also here.
    assert hub.client().head(urlsplit(address).path + "?" + urlsplit(address).query).headers["content-length"] == "3000"


def test_a_link_ends(hub):
    address = link(hub.hub, SHA256, lasts=60)
    hub.clock.pass_seconds(59)
    assert ask(hub, address).status_code == 200
    hub.clock.pass_seconds(1)
    answer = ask(hub, address)
    assert answer.status_code == 403
    assert "has ended" in answer.text


@pytest.mark.parametrize(
    "changed",
    [{"exp": "99999999999"}, {"sig": "0" * 64}, {"of": "acme/other"}, {"exp": "never"}, {"exp": "٣"}, {"sig": "é"}],
)
def test_a_link_cannot_be_changed(hub, changed):
    answer = hub.client().get(with_query(link(hub.hub, SHA256, name="acme/tiny"), **changed))
    assert answer.status_code == 403
    assert "not made by this hub" in answer.text


def test_a_link_for_other_bytes_is_none(hub):
    other = hashlib.sha256(FILES["README.md"]).hexdigest()
    assert hub.client().get(link(hub.hub, SHA256).replace(SHA256, other)).status_code == 403
    assert hub.client().get(f"/blobs/sha256/{SHA256}").status_code == 403


@pytest.mark.parametrize("state", [State.REVOKED, State.EXPIRED, State.REVIEW])
@pytest.mark.parametrize("name", ["", "acme/tiny"])
def test_a_link_opens_nothing_that_is_no_longer_served(hub, state, name):
    address = link(hub.hub, SHA256, name=name)
    moved(hub, hub.release, state)
    answer = ask(hub, address)
    assert answer.status_code == 403
    assert b"\0\0\0" not in answer.content
    assert "acme/tiny" in answer.text


def test_a_link_for_a_model_opens_what_this_model_holds(hub):
    revoked = approved(hub, FILES, name="acme/twin")
    address = link(hub.hub, SHA256, name="acme/twin")
    moved(hub, revoked, State.REVOKED)
    assert ask(hub, address).status_code == 403
    assert ask(hub, link(hub.hub, SHA256, name="acme/tiny")).status_code == 200
    assert ask(hub, link(hub.hub, SHA256)).status_code == 200


def test_a_link_for_what_the_hub_does_not_have(hub):
    assert ask(hub, link(hub.hub, "0" * 64)).status_code == 404
    assert ask(hub, link(hub.hub, SHA256, name="acme/none")).status_code == 404


def test_another_server_of_the_same_database_knows_the_link(hub):
    address = link(hub.hub, SHA256)
    hub.hub.link_secret = b""
    assert ask(hub, address).status_code == 200


def test_a_link_says_whose_pull_it_is(hub):
    """Clients fetch what they are led to without saying who they are."""
    ada = hub.account("ada", Role.VIEWER).account_id
    via = token(hub, ada)
    ask(hub, link(hub.hub, SHA256, by=ada, via=via), **{"User-Agent": "ollama/0.12.1 (amd64 linux) Go/1.24"})
    noted = {(key[1], key[2]) for key in hub.hub.pulled} | {
        (one.account_id, one.tool)
        for one in hub.store.read_now(lambda c: pulls.of_releases(c, [hub.release.release_id]))
    }
    assert noted == {(ada, "ollama 0.12.1")}
    assert hub.client().get(with_query(link(hub.hub, SHA256, by=ada, via=via), by="cafe")).status_code == 403


@pytest.mark.parametrize("name", ["", "acme/tiny"])
def test_a_link_opens_nothing_that_its_account_may_no_longer_read(hub, name):
    account = hub.account("ada", Role.VIEWER)
    via = token(hub, account.account_id)
    nobody = link(hub.hub, SHA256, name=name)
    theirs = link(hub.hub, SHA256, name=name, by=account.account_id, via=via)
    assert (ask(hub, nobody).status_code, ask(hub, theirs).status_code) == (200, 200)
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody-else", grants.READ, by="test"))
    for address in (nobody, theirs, link(hub.hub, SHA256, name=name, by="nobody-known")):
        answer = ask(hub, address)
        assert answer.status_code in (403, 404)
        assert "not in the catalog" in answer.text or "has no file" in answer.text
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", account.account_id, grants.READ, by="test"))
    assert ask(hub, theirs).status_code == 200
    hub.store.write_now(lambda c: accounts.disable(c, 1, account.account_id))
    assert ask(hub, theirs).status_code == 403


@pytest.mark.parametrize("how", ["token", "key", "nothing"])
def test_a_link_ends_with_what_it_was_made_for(hub, how):
    ada = hub.account("ada", Role.VIEWER).account_id
    via = token(hub, ada) if how == "token" else ""
    if how == "key":
        now = hub.clock.now
        via = hub.store.write_now(lambda c: machine_keys.add(c, now, ada, KEY)).key_id
    address = link(hub.hub, SHA256, name="acme/tiny", by=ada, via=via)
    assert ask(hub, address).status_code == (403 if how == "nothing" else 200)
    hub.store.write_now(lambda c: hub_tokens.revoke(c, hub.clock.now, via, None))
    hub.store.write_now(lambda c: machine_keys.remove(c, via, None))
    answer = ask(hub, address)
    assert (answer.status_code, b"\0\0\0" in answer.content) == (403, False)


def test_a_link_of_a_keeper_opens_what_their_token_opens(hub):
    """A token of the hub stands for a reader, whoever made it: its links do not open more."""
    keeper = hub.account("keeper", Role.ADMINISTRATOR).account_id
    address = link(hub.hub, SHA256, name="acme/tiny", by=keeper, via=token(hub, keeper))
    assert ask(hub, address).status_code == 200
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody-else", grants.READ, by="test"))
    assert ask(hub, address).status_code == 403
