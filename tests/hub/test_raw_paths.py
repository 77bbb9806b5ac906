"""Paths as they come over the wire, bent at random: nothing fails, nothing is told, each face has its own words."""

import asyncio
import hashlib
import json
import random
from collections.abc import Iterator

import pytest
from tests.fleet.serving import Running, running
from tests.hub.approved import bearer
from tests.hub.matrix_asking import Answer
from tests.hub.matrix_ways import WAYS, Facts, Way
from tests.hub.shelved import gguf, published

from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.hub.states import State

FEW, MANY = 600, 20_000
SECRET = b"nobody may see these weights " * 4
SHOWN = gguf(more=b"everybody may see these")
BITS = (
    *(b"..", b"%2e%2e", b"%2E.", b"%252e%252e", b"%c0%ae%c0%ae", b"%uff0e", b"/", b"//", b"%2f", b"%2F", b"%252f"),
    *(b"%5c", b"\\", b"%00", b"%0a", b"%0d%0aX-Evil:%201", b"%", b"%zz", b"%f", b"\xff", b"\xc3\xa9", b"%c3%a9"),
    *(b"e%cc%81", b"%ef%bc%8f", b"%e2%80%ae", b"%ed%a0%80", b"%f5%80%80%80", b";x=1", b"#", b"%23", b"%3f", b" ", b"+"),
    *(b"acme", b"ACME", b"hidden", b"acme/hidden", b"acme%2fhidden", b"main", b"refs%2Fpr%2F1", b"resolve", b"blobs"),
    *(b"v2", b"api/models", b".git", b"x" * 300, b"sha256:", b"0" * 40, b"0" * 64, b"weights.gguf", b"@", b":", b"~"),
)


@pytest.fixture(scope="module")
def hub(_full_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    path = tmp_path_factory.mktemp("paths") / "fleet.db"
    path.write_bytes(_full_sqlite)
    store = Store.open(f"sqlite:///{path}")
    with running(store, Settings(hub_open=True, requests_per_minute=1_000_000)) as started:
        published(started, {"mine.bin": b"mine"}, "lab/mine")
        started.writer = bearer(started, role=Role.ANALYST, right="write")
        files = {"weights.gguf": SHOWN, "sub/größe ü.txt": b"greetings", "a%2fb": b"percent"}
        release = published(started, files, "acme/tiny")
        hidden = published(started, {"weights.gguf": SECRET}, "acme/hidden", state=State.REVIEW)
        started.facts = [
            Facts(
                "acme/tiny", release.commit_id, "weights.gguf", hashlib.sha256(SHOWN).hexdigest(), 9, "sha256:0", "/x"
            ),
            Facts("acme/hidden", hidden.commit_id, "weights.gguf", hashlib.sha256(SECRET).hexdigest(), 9, "", "/x"),
        ]
        yield started
    store.close()


async def ask(hub: Running, way: Way, path: bytes, headers: dict[str, str]) -> Answer:
    """Send a request whose path is bytes, as a server hands it on: once as it came, once decoded."""
    from urllib.parse import unquote_to_bytes

    raw, _, query = path.partition(b"?")
    pairs = [(name.lower().encode(), value.encode()) for name, value in {**headers, **way.headers}.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": way.method, "scheme": "http"}
    scope |= {"path": unquote_to_bytes(raw).decode("utf-8", "replace"), "raw_path": raw, "query_string": query}
    scope |= {"headers": [(b"host", b"127.0.0.1:8480"), *pairs], "client": ("127.0.0.1", 1), "root_path": ""}
    waiting, messages = [{"type": "http.request", "body": way.body, "more_body": False}], []

    async def receive() -> dict:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop()

    async def send(message: dict) -> None:
        messages.append(message)

    await hub.app(scope, receive, send)
    said = {name.decode("latin-1"): value.decode("latin-1") for name, value in messages[0]["headers"]}
    return Answer(messages[0]["status"], said, b"".join(one.get("body", b"") for one in messages[1:]))


def bent(path: bytes, dice: random.Random) -> bytes:
    """Return a path with something put into it, left out of it, or doubled."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        parts = path.split(b"/")
        at = dice.randrange(len(parts))
        how = dice.randrange(5)
        if how == 0:
            parts[at] = dice.choice(BITS)
        elif how == 1:
            parts[at] += dice.choice(BITS)
        elif how == 2:
            parts.insert(at, dice.choice(BITS))
        elif how == 3 and len(parts) > 2:
            del parts[at]
        else:
            cut = dice.randrange(len(path) + 1)
            parts = [path[:cut] + dice.choice(BITS) + path[cut:]]
        path = b"/".join(parts)
    return path if path.startswith(b"/") else b"/" + path


def words(way: Way, path: bytes, answer: Answer) -> str:
    """Return what is wrong with how a face refused; empty if nothing is."""
    if answer.status < 400 or way.method == "HEAD" or not answer.headers.get("content-type", "").endswith("json"):
        return ""
    said = json.loads(answer.body)
    if path.startswith(b"/v2/"):
        good = "errors" in said and all(one["code"] and one["message"] for one in said["errors"])
        return "" if good or "code" in said else "no error of a registry"
    return "" if "error" in said or "code" in said or "errors" in said else "no error"


def test_whatever_path_comes_nothing_fails_and_nothing_is_told(hub: Running, request: pytest.FixtureRequest) -> None:
    dice = random.Random(20_261_121)
    ways = [way for facts in hub.facts for make in WAYS.values() for way in make(facts, SHOWN)]

    async def work() -> list[str]:
        wrong = []
        for _ in range(MANY if request.config.getoption("--deep") else FEW):
            way = dice.choice(ways)
            path = bent(way.path.encode(), dice)
            hub.clock.pass_seconds(1)
            answer = await ask(hub, way, path, dice.choice(({}, hub.writer)))
            told = f"{way.method} {path!r} -> {answer.status} {answer.body[:80]!r}"
            if answer.status >= 500 or SECRET in answer.body or "x-evil" in answer.headers:
                wrong.append(told)
            if answer.status >= 400 and (said := words(way, path, answer)):
                wrong.append(f"{told}: {said}")
        return wrong

    assert asyncio.run(work()) == []
    assert not [line for line in hub.lines if "request failed" in line]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/acme/tiny/resolve/main/sub/gr%C3%B6%C3%9Fe%20%C3%BC.txt", 200),
        ("/acme/tiny/resolve/main/sub%2Fgr%C3%B6%C3%9Fe%20%C3%BC.txt", 200),
        ("/acme/tiny/resolve/main/sub/gro%CC%88%C3%9Fe%20%C3%BC.txt", 404),
        ("/acme/tiny/resolve/main/a%252fb", 200),
        ("/acme/tiny/resolve/main/a%2fb", 404),
        ("/acme/tiny/resolve/main/../main/weights.gguf", 404),
        ("/acme/tiny/resolve/main/%2e%2e/main/weights.gguf", 404),
        ("/acme/tiny/resolve/main//weights.gguf", 404),
        ("/acme/tiny/resolve/main/weights.gguf%00", 404),
        ("/acme/hidden/../tiny/resolve/main/weights.gguf", 404),
    ],
)
def test_a_path_means_what_it_says_once_decoded_and_nothing_else(hub: Running, path: str, status: int) -> None:
    answer = asyncio.run(ask(hub, Way("GET", path), path.encode(), {}))
    assert answer.status == status or (status == 404 and answer.status in (400, 403, 404)), (answer.status, answer.body)
