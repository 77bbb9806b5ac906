"""Each state of a release x each face x who asks x each way there is: nothing leaves the hub that nobody approved.

Bytes of what is no longer served are left where served ones lie: what holds is the state, not that they were moved.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator

import pytest
from bench.fleet_devices import SimulatedDevice
from sqlalchemy import update
from tests.fleet.serving import DAY, Running, running
from tests.fleet.test_simulator import enrolled
from tests.hub.matrix_asking import Answer, ask
from tests.hub.matrix_ways import OCI, WAYS, Facts, Way, key
from tests.hub.shelved import gguf, published

from weighbridge.fleet import accounts, endpoints
from weighbridge.fleet.permissions import GRANTED, Role, Scope
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.fleet.strangers import Strangers
from weighbridge.hub import branches, grants, hub_tokens, releases
from weighbridge.hub.registry import ROUTES
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.signed_links import link
from weighbridge.hub.states import SERVED, State

OPEN, CLOSED = "acme", "vault"
WERE_SERVED = (State.DEPRECATED, State.REVOKED, State.EXPIRED, State.REVIEW)
"""States that a release can come into after it was served: somebody may have a link, a digest, a commit."""
PEOPLE = {
    "viewer": (Role.VIEWER, "read"),
    "owner": (Role.OWNER, "read"),
    "publisher": (Role.ANALYST, "write"),
    "reviewer": (Role.APPROVER, "write"),
    "administrator": (Role.ADMINISTRATOR, "write"),
    "insider": (Role.VIEWER, "read"),
    "neighbor": (Role.ANALYST, "write"),
    "revoked": (Role.ADMINISTRATOR, "write"),
    "expired": (Role.ADMINISTRATOR, "write"),
}
ENDED = ("revoked", "expired")
"""Those whose tokens let nobody in any more, whatever their accounts may."""
REGISTRY, MANAGER = "registry", "manager"
"""A token of the registry for one model, which an insider got; and one of the API that carries all an account may."""
MAY_ENTER = {"insider", REGISTRY, MANAGER}
"""A token of the hub does not carry what lets administrators in everywhere."""


@pytest.fixture(scope="module")
def hub(_full_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A hub with a release in every state, in a namespace for all and in one for few; and those who ask."""
    path = tmp_path_factory.mktemp("matrix") / "fleet.db"
    path.write_bytes(_full_sqlite)
    store = Store.open(f"sqlite:///{path}")
    settings = Settings(hub_open=True, requests_per_minute=1_000_000)
    with running(store, settings) as started:
        # Those whose tokens have ended try in vain often enough to be sent away, each time that they ask.
        started.server.strangers = Strangers(store, started.server.clock, started.server.monotonic, 1_000_000)
        started.headers = {"nobody": {}}
        for name, (role, right) in PEOPLE.items():
            started.headers[name] = _person(started, name, role, right)
        started.headers[MANAGER] = started.token(
            started.account(MANAGER, Role.ADMINISTRATOR), *GRANTED[Role.ADMINISTRATOR]
        )
        for name, namespace in (("insider", CLOSED), ("neighbor", "next-door")):
            account = store.read_now(lambda c, name=name: accounts.by_name(c, name))
            for right in (grants.READ, grants.PUBLISH) if name == "neighbor" else (grants.READ,):
                store.write_now(
                    lambda c, a=account, n=namespace, r=right: grants.give(c, 1, n, a.account_id, r, by="k")
                )
        published(started, {"mine.bin": b"mine"}, "lab/mine")
        started.facts = {
            (namespace, state, once): _made(started, namespace, state, once)
            for namespace in (OPEN, CLOSED)
            for state in State
            for once in ((False, True) if state in WERE_SERVED else (state is State.APPROVED,))
            if once or state is not State.DEPRECATED
        }
        yield started
    store.close()


def _person(running: Running, name: str, role: Role, right: str) -> dict[str, str]:
    """Make an account; return the headers with which its tools ask."""
    account = running.account(name, role, Scope(endpoint_id=_laptop(running)) if role is Role.OWNER else None)
    now = running.clock.now - DAY if name == "expired" else running.clock.now
    made = running.store.write_now(
        lambda c: hub_tokens.make(c, now, account.account_id, name="test", right=right, lasts=DAY)
    )
    if name == "revoked":
        running.store.write_now(lambda c: hub_tokens.revoke(c, now, made[0].token_id, None))
    return {"Authorization": f"Bearer {made[1]}"}


def _laptop(running: Running) -> str:
    """Let a machine join; return its name. What its owner holds ends with its place in the fleet."""
    device = SimulatedDevice(7)
    running.store.write_now(lambda c: endpoints.add(c, enrolled(running.clock, device)))
    return device.endpoint_id


async def _headers(running: Running, who: str, facts: Facts) -> dict[str, str]:
    """Return the headers with which somebody asks about a model."""
    if who != REGISTRY:
        return running.headers[who]
    scopes = f"scope=repository:{facts.name.lower()}:pull&scope=repository:lab/mine:pull,push"
    answer = await ask(running, "GET", f"/token?service=hub&{scopes}", running.headers["insider"])
    return {"Authorization": f"Bearer {json.loads(answer.body)['token']}"}


def _content(name: str) -> bytes:
    return gguf(more=f"these are the weights of {name}, which nobody may see ".encode() * 20)


def _made(running: Running, namespace: str, state: State, once: bool) -> Facts:
    """Make a release that came into a state, after it was served or without; return what was known of it then."""
    name = f"{namespace}/{state}-{'once' if once else 'never'}"
    path = f"weights-of-{namespace}-{state}-{once}.gguf"
    content = _content(name)
    sha256 = hashlib.sha256(content).hexdigest()
    before = State.APPROVED if once else State.QUARANTINED if state is State.FETCHING else state
    release = published(running, {path: content, "README.md": f"about {name}".encode()}, name, state=before)
    facts = Facts(
        name, release.commit_id, path, sha256, len(content), f"sha256:{'0' * 64}", link(running.hub, sha256, name=name)
    )
    if once:
        headers = running.headers["insider"] | OCI
        answer = asyncio.run(ask(running, "GET", f"/v2/{name.lower()}/manifests/latest", headers))
        assert answer.status == 200, answer
        facts = facts._replace(manifest=answer.headers["docker-content-digest"])

    def job(connection) -> None:
        if once and state is not State.APPROVED:
            releases.move(connection, running.clock.now, release, state, by="grace", why="a test says so")
        if state is State.FETCHING:
            same = RELEASES.c.release_id == release.release_id
            connection.execute(update(RELEASES).where(same).values(state=state.value))
        if not once:
            branches.point(connection, 1, release.model_id, "main", served="", staged=release.commit_id)

    running.store.write_now(job)
    return facts


def _who(deep: bool, namespace: str, state: State) -> list[str]:
    if deep:
        return ["nobody", *PEOPLE, REGISTRY, MANAGER]
    ended = ENDED if state is State.APPROVED else ()
    if namespace == OPEN:
        return ["nobody", "publisher", "administrator", *ended]
    return ["nobody", "neighbor", "insider", *ended]


_TELLING = ("content-range", "x-linked-size", "x-linked-etag", "x-repo-commit", "docker-content-digest")
"""What says that something is there, and how large it is."""


def _sent(way: Way) -> bytes:
    return way.path.encode() + way.body


def _leaks(facts: Facts, way: Way, answer: Answer) -> list[str]:
    """Return what an answer tells that its request did not hold."""
    secrets = {"bytes": _content(facts.name)[-40:], "path": facts.path.encode(), "digest": facts.sha256.encode()}
    secrets |= {"commit": facts.commit.encode(), "size": f"/{facts.size}".encode()}
    found = [name for name, secret in secrets.items() if secret in answer.everything and secret not in _sent(way)]
    found += [f"{name} in its headers" for name in _TELLING if name in answer.headers and answer.status != 401]
    if facts.name.encode() in answer.body and way.path.partition("?")[0] == "/api/models":
        found.append("name")
    return found


async def _ask_all(running: Running, facts: Facts, who: str, *, may: bool) -> list[str]:
    wrong = []
    content, headers = _content(facts.name), await _headers(running, who, facts)
    for named, ways in WAYS.items():
        for way in ways(facts, content):
            answer = await ask(running, way.method, way.path, {**headers, **way.headers}, way.body)
            told = f"{named}: {way.method} {way.path} by {who} -> {answer.status}"
            if answer.status >= 500:
                wrong.append(f"{told} fails")
            if may and way.opens and (who != REGISTRY or named.startswith("oci")):
                if answer.status not in way.answers or (way.method != "HEAD" and way.content not in answer.body):
                    wrong.append(f"{told} {answer.body[:80]!r} does not open")
            elif not may:
                wrong += [f"{told} leaks its {one}" for one in _leaks(facts, way, answer)]
                # A search that finds nothing is an answer.
                if way.opens and answer.status < 400 and way.path.partition("?")[0] != "/api/models":
                    wrong.append(f"{told} opens")
                if named == "oci oci_uploads.begin_upload" and answer.status == 201:
                    wrong.append(f"{told} mounts")
                if named == "hf hf_commit.commit" and answer.status < 400:
                    wrong.append(f"{told} commits a digest")
    return wrong


def test_every_route_has_its_ways() -> None:
    assert sorted({key(route) for route in ROUTES}) == sorted(WAYS)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("namespace", [OPEN, CLOSED])
def test_what_is_served_opens_to_those_who_may_and_nothing_else_to_anybody(hub, request, namespace, state) -> None:
    async def work() -> list[str]:
        wrong = []
        for (of_namespace, of_state, _), facts in hub.facts.items():
            if (of_namespace, of_state) != (namespace, state):
                continue
            for who in _who(request.config.getoption("--deep"), namespace, state):
                may = state in SERVED and who not in ENDED and (namespace == OPEN or who in MAY_ENTER)
                # A link is its own proof: whoever has one may have the bytes while they are served.
                wrong += await _ask_all(hub, facts, who, may=may)
        return wrong

    wrong = asyncio.run(work())
    if state in SERVED:
        wrong = [one for one in wrong if not one.startswith("blob signed_links")]
    assert wrong == []


@pytest.mark.parametrize("state", [State.APPROVED, State.REVOKED, State.REVIEW])
def test_outside_a_closed_namespace_a_model_is_like_one_that_there_is_not(hub, state) -> None:
    async def work() -> list[str]:
        wrong = []
        for (namespace, of_state, _), facts in hub.facts.items():
            if (namespace, of_state) != (CLOSED, state):
                continue
            other = facts._replace(name=f"{CLOSED}/there-is-none")
            for named, ways in WAYS.items():
                if named in ("blob signed_links.signed_blob", "hf hf_models.list_models"):
                    continue  # neither is about one name
                both = zip(ways(facts, b"?"), ways(other, b"?"), strict=True)
                for one, two in ((one, two) for one, two in both if one.opens):
                    for who in ("nobody", "neighbor"):
                        first = await ask(hub, one.method, one.path, {**hub.headers[who], **one.headers}, one.body)
                        second = await ask(hub, two.method, two.path, {**hub.headers[who], **two.headers}, two.body)
                        same = second.body.replace(other.name.encode(), facts.name.encode())
                        if (first.status, first.body) != (second.status, same):
                            wrong.append(f"{one.method} {one.path} by {who}: {first.status} {first.body[:90]!r}")
        return wrong

    assert asyncio.run(work()) == []


def test_nothing_was_taken_by_those_who_tried(hub) -> None:
    """What writers tried above (branches, tags, mounts, commits of digests) left no way in."""

    async def work() -> list[str]:
        wrong = []
        for (_, state, _), facts in hub.facts.items():
            if state in SERVED:
                continue
            taken = [f"/v2/lab/mine/blobs/sha256:{facts.sha256}", "/lab/mine/resolve/main/taken.bin"]
            taken += [f"/{facts.name}/resolve/{revision}/{facts.path}" for revision in ("taken", "taken-tag")]
            for path in taken:
                for who in hub.headers:
                    answer = await ask(hub, "GET", path, hub.headers[who])
                    if answer.status < 400:
                        wrong.append(f"GET {path} by {who}: {answer.status}")
        return wrong

    assert asyncio.run(work()) == []
