"""Logging in to the registry: with a key of Ollama, with a token by Basic or bearer, with nothing where it is open."""

import base64
import hashlib
from urllib.parse import urlencode

import pytest
from tests.fleet.serving import ORIGIN, Running
from tests.fleet.serving import running as started
from tests.hub.ollama_key import OllamaKey
from tests.hub.shelved import bearer, published, reader
from tests.hub.test_oci_manifests import FILES, OLLAMA, ORAS, get

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import read_settings
from weighbridge.fleet.strangers import Strangers
from weighbridge.hub import hub_tokens, machine_codes, machine_keys

SCOPE = "repository:acme/tiny:pull"


class Machine(OllamaKey):
    """A machine with Ollama: it makes the very header that Ollama makes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def query(self, running: Running, **changed: str) -> str:
        """Return a query as Go writes one: sorted by name."""
        self.asked += 1
        said = {"nonce": f"nonce{self.asked}", "scope": SCOPE, "service": "127.0.0.1:8480"}
        said |= {"ts": str(running.clock.now // 1000)} | changed
        return urlencode(sorted(said.items()))

    def log_in(self, running: Running, origin: str = ORIGIN, **changed: str):
        """Ask for a token."""
        query = self.query(running, **changed)
        return running.client().get(
            f"/token?{query}", headers={"Authorization": self.header(f"{origin}/token?{query}"), **OLLAMA}
        )


@pytest.fixture
def hub(served: Running) -> Running:
    """A running hub with one model."""
    published(served, FILES)
    return served


@pytest.fixture
def machine(hub: Running) -> Machine:
    """A machine whose key an account has registered."""
    made = Machine()
    account = hub.account("ada")
    hub.store.write_now(lambda c: machine_keys.add(c, hub.clock.now, account.account_id, made.line))
    return made


def pull(running: Running, token: str, path: str = "acme/tiny/manifests/latest", method: str = "GET"):
    """Ask with a token."""
    return get(running, path, bearer(token) | ORAS, method)


def test_a_registered_machine_needs_no_password(hub, machine):
    answer = machine.log_in(hub)
    assert answer.status_code == 200, answer.text
    assert answer.json()["expires_in"] == 600
    assert pull(hub, answer.json()["token"]).status_code == 200


def test_a_login_is_used_once_and_soon(hub, machine):
    query = machine.query(hub)
    header = {"Authorization": machine.header(f"{ORIGIN}/token?{query}")}
    assert hub.client().get(f"/token?{query}", headers=header).status_code == 200
    assert hub.client().get(f"/token?{query}", headers=header).status_code == 401
    late = machine.log_in(hub, ts=str(hub.clock.now // 1000 - 3600))
    assert (late.status_code, "60 minutes" in late.text) == (401, True)


def test_another_server_of_the_same_database_takes_no_login_again(store):
    machine = Machine()
    with started(store) as first, started(store) as second:
        account = first.account("ada")
        first.store.write_now(lambda c: machine_keys.add(c, first.clock.now, account.account_id, machine.line))
        query = machine.query(first)
        header = {"Authorization": machine.header(f"{ORIGIN}/token?{query}")}
        assert first.client().get(f"/token?{query}", headers=header).status_code == 200
        again = second.client().get(f"/token?{query}", headers=header)
        assert (again.status_code, "made before" in again.text) == (401, True)
        assert machine.log_in(second).status_code == 200


def test_what_was_signed_for_another_registry_opens_nothing(hub, machine):
    answer = machine.log_in(hub, origin="http://evil.example")
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"


def test_a_machine_that_nobody_registered_is_told_what_to_do(hub):
    stranger = Machine()
    answer = stranger.log_in(hub)
    assert answer.status_code == 401
    said = answer.json()["errors"][0]["message"]
    assert stranger.line.split()[1] in said
    assert "/catalog/tokens says how to link it" in said


def test_a_removed_machine_and_a_disabled_account_are_out_at_once(hub, machine):
    token = machine.log_in(hub).json()["token"]
    key = machine.line.split()[1]
    key_id = hashlib.sha256(key.encode()).hexdigest()
    assert hub.store.write_now(lambda c: machine_keys.remove(c, key_id, None))
    assert pull(hub, token).status_code == 401
    account = hub.store.read_now(lambda c: accounts.by_name(c, "ada"))
    hub.store.write_now(lambda c: machine_keys.add(c, hub.clock.now, account.account_id, machine.line))
    assert pull(hub, token).status_code == 200
    hub.account("grace", Role.ADMINISTRATOR)
    hub.store.write_now(lambda c: accounts.disable(c, hub.clock.now, account.account_id))
    assert pull(hub, token).status_code == 401


def test_a_token_ends_after_some_minutes(hub, machine):
    token = machine.log_in(hub).json()["token"]
    hub.clock.pass_seconds(601)
    answer = pull(hub, token)
    assert answer.status_code == 401
    assert 'scope="repository:acme/tiny:pull"' in answer.headers["www-authenticate"]


def test_docker_logs_in_with_a_token_as_password(hub):
    secret = reader(hub, "bob")
    basic = base64.b64encode(f"bob:{secret}".encode()).decode()
    answer = hub.client().get(
        f"/token?account=bob&client_id=docker&offline_token=true&service=127.0.0.1:8480&scope={SCOPE}",
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer.status_code == 200
    token = answer.json()["access_token"]
    assert pull(hub, token).status_code == 200
    assert hub.client().get("/v2/", headers=bearer(token)).status_code == 200
    wrong = base64.b64encode(b"bob:hf_wrong").decode()
    assert hub.client().get("/token", headers={"Authorization": f"Basic {wrong}"}).status_code == 401


def test_the_end_of_a_token_of_the_hub_ends_those_made_of_it(hub):
    secret = reader(hub, "bob")
    token = hub.client().get(f"/token?scope={SCOPE}", headers=bearer(secret)).json()["token"]
    assert pull(hub, token).status_code == 200
    hub.store.write_now(lambda c: hub_tokens.revoke(c, hub.clock.now, secret[3:15], None))
    assert pull(hub, token).status_code == 401


def test_a_token_is_for_what_was_asked_and_for_the_registry_alone(hub):
    published(hub, {"a.json": b"1"}, "acme/other")
    token = hub.client().get(f"/token?scope={SCOPE}", headers=bearer(reader(hub, "bob"))).json()["token"]
    other = pull(hub, token, "acme/other/manifests/latest")
    assert other.status_code == 401
    assert 'scope="repository:acme/other:pull"' in other.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in other.headers["www-authenticate"]
    assert hub.client().get("/api/models/acme/tiny", headers=bearer(token)).status_code == 401
    assert hub.client().get("/token", headers=bearer(token)).status_code == 401
    assert hub.client().get("/api/v1/tokens", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1] + "0", lambda text: text[:8] + "A" + text[9:], lambda _: "wbr_"]
)
def test_a_token_that_was_changed_is_none(hub, machine, change):
    token = machine.log_in(hub).json()["token"]
    assert pull(hub, change(token) + "x").status_code == 401


def test_nobody_gets_a_token_of_a_closed_hub(hub):
    assert hub.client().get("/token").status_code == 401


def test_an_open_hub_gives_a_token_to_anybody(store):
    with started(store, read_settings(flags={"hub_open": True})) as running:
        published(running, FILES)
        token = running.client().get(f"/token?scope={SCOPE}").json()["token"]
        assert pull(running, token).status_code == 200
        stranger = Machine().log_in(running)
        assert pull(running, stranger.json()["token"]).status_code == 200
        unknown = running.client().get("/token?scope=repository:acme/none:pull").json()["token"]
        answer = get(running, "acme/none/manifests/latest", bearer(unknown) | OLLAMA)
        assert (answer.status_code, "not in the catalog" in answer.text) == (403, True)


def test_a_hub_that_does_not_know_its_name_takes_no_signature(store):
    with started(store, read_settings(flags={"listen": "0.0.0.0:8480", "without_tls": True})) as running:
        answer = Machine().log_in(running)
        assert (answer.status_code, "--url" in answer.text) == (401, True)


@pytest.mark.parametrize("bad", ["a:b", "x" * 68 + ":" + "y" * 88, "A" * 68 + ":" + "=" * 88, "Basic", "Bearer", ":"])
def test_what_is_no_proof_is_refused(hub, bad):
    assert hub.client().get(f"/token?{Machine().query(hub)}", headers={"Authorization": bad}).status_code == 401


def test_a_signature_without_a_time_is_refused(hub, machine):
    for changed in ({"ts": "now"}, {"ts": ""}, {"nonce": ""}, {"ts": "9" * 13}):
        assert machine.log_in(hub, **changed).status_code == 401


def code_of(running: Running, whose: str, **more: str) -> str:
    """Make a code for an account; return it."""
    account = running.store.read_now(lambda c: accounts.by_name(c, whose)) or running.account(whose)
    made = running.store.write_now(lambda c: machine_codes.make(c, running.clock.now, account.account_id, **more))
    return made.text


def link(running: Running, machine: Machine, code: str):
    """Pull a code as Ollama does; return what its person sees, or the refusal of the login."""
    path = f"/v2/link/{code}/manifests/latest"
    asked = running.client().get(path, headers=OLLAMA)
    assert asked.status_code == 401
    assert f'scope="repository:link/{code}:pull"' in asked.headers["www-authenticate"]
    token = machine.log_in(running, scope=f"repository:link/{code}:pull")
    if token.status_code != 200:
        return token
    return running.client().get(path, headers=bearer(token.json()["token"]) | OLLAMA)


def whose(running: Running, machine: Machine) -> str:
    """Return whom a machine stands for; empty for nobody."""
    found = running.store.read_now(lambda c: machine_keys.find(c, running.clock.now, machine.public))
    return "" if found is None else found.account.name


def test_a_code_links_the_machine_that_signs_for_it_once(hub):
    machine, other = Machine(), Machine()
    code = code_of(hub, "ada", name="desk", right="write")
    said = link(hub, machine, code)
    assert (said.status_code, "Done: Ollama on this machine signs in to this hub as ada" in said.text) == (403, True)
    assert whose(hub, machine) == "ada"
    assert pull(hub, machine.log_in(hub).json()["token"]).status_code == 200
    again = link(hub, other, code)
    assert (again.status_code, "used, or has ended" in again.text, whose(hub, other)) == (401, True, "")
    # Whoever types it twice is told the same.
    assert "signs in to this hub as ada" in link(hub, machine, code).text


def test_nobody_takes_the_machine_of_somebody_else(hub):
    """Its pushes would land in their name."""
    machine, mallory = Machine(), Machine()
    assert link(hub, machine, code_of(hub, "ada")).status_code == 403
    refused = link(hub, machine, code_of(hub, "mallory"))
    assert (refused.status_code, "another account" in refused.text, whose(hub, machine)) == (401, True, "ada")
    # A code that is for one key links no other.
    named = code_of(hub, "bob", public=Machine().public)
    assert (link(hub, mallory, named).status_code, whose(hub, mallory)) == (401, "")


@pytest.mark.parametrize("code", ["xxxx-xxxx-xxxx-xxxx", "bcdf", "a" * 80])
def test_a_code_that_is_none_links_nothing(hub, code):
    machine = Machine()
    assert (link(hub, machine, code).status_code, whose(hub, machine)) == (401, "")


def test_a_code_ends(hub):
    code, machine = code_of(hub, "ada"), Machine()
    hub.clock.pass_seconds(3_600)
    assert (link(hub, machine, code).status_code, whose(hub, machine)) == (401, "")


def test_a_code_is_asked_for_alone(hub):
    """What somebody pulls, a hub could lead to further repositories: a code among them is not what they typed."""
    machine, code = Machine(), code_of(hub, "mallory")
    both = machine.log_in(hub, scope=f"repository:acme/tiny:pull repository:link/{code}:pull")
    assert (both.status_code, whose(hub, machine)) == (401, "")


def test_a_guess_of_codes_is_slowed_down(hub):
    machine = Machine()
    hub.server.strangers = Strangers(hub.store, hub.server.clock, hub.server.monotonic, 3)
    assert [link_status(hub, machine, number) for number in range(4)] == [401, 401, 401, 429]


def link_status(running: Running, machine: Machine, number: int) -> int:
    return machine.log_in(running, scope=f"repository:link/xxxx-xxxx-xxxx-x{number:03d}:pull").status_code
