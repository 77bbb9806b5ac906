"""Every page and every route of the API that is about models x what must not be seen there: names, digests, paths.

The routes are those of the application itself, so that a new one is asked, too. Who asks has an account that reads, and
no right in the namespaces that are closed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from tests.fleet.serving import Running, running
from tests.hub.holding import weighed_with
from tests.hub.shelved import gguf, published

from weighbridge.console.app import routes
from weighbridge.fleet import accounts
from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.hub import grants, release_files, requests
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State

HUB = re.compile(r"/(?:api/v1/)?(?:catalog|models|releases|model-requests|hub|artifacts|hub-[a-z]+|v1/hub)(?:/.*)?")
ASKED = sorted(
    {
        path
        for route in routes()
        for path in route.paths
        if "GET" in getattr(route, "http_methods", ()) and HUB.fullmatch(path)
    }
)
STATES = [State.APPROVED, State.DEPRECATED, State.REVOKED, State.EXPIRED, State.REVIEW, State.REJECTED, State.FAILED]
OUTSIDE = (Role.VIEWER, Role.ANALYST)
"""Who has no right in a namespace that is closed. An owner sees no page of the catalog."""
MORE = ("", "?q=xyzzy", "?search=xyzzy", "?text=vault", "?namespace=vault", "?sort=name&limit=200", "?status=all")
_PARAMETER = re.compile(r"\{(\w+):\w+\}")


class Secret(NamedTuple):
    """A model that nobody outside its namespace knows of."""

    name: str
    values: dict[str, str]
    """What stands for each parameter of a path."""
    words: tuple[str, ...]
    """What must not be said."""


@pytest.fixture(scope="module")
def hub(_full_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    path = tmp_path_factory.mktemp("pages") / "fleet.db"
    path.write_bytes(_full_sqlite)
    store = Store.open(f"sqlite:///{path}")
    with running(store, Settings(hub_open=True, requests_per_minute=1_000_000)) as started:
        published(started, {"mine.bin": b"mine"}, "lab/mine")
        store.write_now(lambda c: grants.give(c, 1, "vault", "somebody", grants.READ, by="keeper"))
        started.secrets = [secret(started, state) for state in STATES]
        started.people = {role: started.session(started.account(role.value, role))[0] for role in OUTSIDE}
        yield started
    store.close()


def secret(running: Running, state: State) -> Secret:
    name, path = f"vault/{state}-xyzzy", f"plugh-{state}.gguf"
    release = published(running, {path: gguf(more=name.encode())}, name, state=state)
    weighed_with(running, release, "d" * 64)
    person = running.account(f"asker-{state}", Role.VIEWER)
    store, now = running.store, running.clock.now
    store.write_now(lambda c: grants.give(c, 1, "vault", person.account_id, grants.READ, by="keeper"))
    viewer = viewer_of(person)
    asked = store.write_now(lambda c: requests.ask(c, now, viewer, parse_name(name), why="frobozz", fetches=False))
    sha256 = store.read_now(lambda c: release_files.of_release(c, release.release_id))[0].sha256
    values = {"namespace": "vault", "name": name.partition("/")[2], "sha256": sha256}
    values |= {"release_id": release.release_id, "other_id": release.release_id, "request_id": asked.request_id}
    return Secret(name, values, ("xyzzy", path, sha256, release.commit_id, "frobozz"))


def test_the_routes_are_those_of_the_catalog() -> None:
    assert {"/catalog", "/api/v1/models", "/api/v1/releases/{release_id:str}/files"} <= set(ASKED)
    assert len(ASKED) > 15


@pytest.mark.parametrize("path", ASKED)
def test_outside_a_closed_namespace_nothing_says_what_is_in_it(hub: Running, path: str) -> None:
    missing = set(_PARAMETER.findall(path)) - set(hub.secrets[0].values)
    assert not missing - {"token_id", "account_id", "right", "key_id"}, f"say in `values` what {missing} is"
    wrong = []
    for role, cookies in hub.people.items():
        client = hub.client(cookies=cookies)
        for one in hub.secrets:
            address = _PARAMETER.sub(lambda match, one=one: one.values.get(match[1], "none"), path)
            for more in MORE if address == path else MORE[:1]:
                answer = client.get(address + more)
                said = answer.text + str(answer.headers)
                wrong += [
                    f"{role} {address}{more}: {answer.status_code} says {word}"
                    for word in one.words
                    if word in said and word not in address + more
                ]
            if address == path:
                break
    assert wrong == []


def test_inside_it_they_do_say(hub: Running) -> None:
    """The words that are looked for above are those that somebody inside reads."""
    one = hub.secrets[0]
    person = hub.store.read_now(lambda c: accounts.by_name(c, f"asker-{State.APPROVED}"))
    client = hub.client(cookies=hub.session(person)[0])
    about = f"/api/v1/releases/{one.values['release_id']}"
    said = "".join(
        client.get(path).text for path in ("/catalog", about, f"{about}/files", f"/api/v1/models/{one.name}")
    )
    said += client.get(f"/api/v1/model-requests/{one.values['request_id']}").text
    assert [word for word in one.words if word not in said] == []
