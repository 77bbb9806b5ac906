"""A server that lies over a real socket: an endpoint takes, runs and reads nothing, and keeps the policy that it has.

The endpoint is a process of its own under an audit hook; that the hook sees what it should is tried first.
"""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.sync.policy_server import PolicyServer, online, person, policy_files

from weighbridge.sync.policy_updates import TIMESTAMP

CHILD = Path(__file__).with_name("malicious_policy_server.py")
PATH = "/v1/policy/"
KNOWN = {"root.json", "timestamp.json", "snapshot.json", "targets.json", "in-force.json", "state", "temporary"}
DAY = timedelta(days=1)
Answer = Callable[[BaseHTTPRequestHandler], bool]
"""Answers a request in its own way and says so; False leaves it to the files."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if any(answer(self) for answer in self.server.answers):
            return
        content = self.server.policies.files.get(self.path.removeprefix(PATH))
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        pass


class Liar(ThreadingHTTPServer):
    """A server of policies whose answers a test changes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.policies = PolicyServer()
        self.policies.publish(1, now=self.now)
        self.answers: list[Answer] = []
        self.asked: list[str] = []
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def handle_error(self, *_: object) -> None:
        pass

    def stop(self) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join(60)
        self.server_close()


class Endpoint:
    """An endpoint with a state folder of its own, which trusts the first root of the server."""

    def __init__(self, folder: Path, server: Liar) -> None:
        self.folder, self.server = folder / "policy", server
        self.folder.mkdir(parents=True)
        (self.folder / "root.json").write_bytes(server.policies.files["1.root.json"])
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "WEIGHBRIDGE_STATE": str(folder),
            "HOME": str(folder),
        }

    def update(self, wanted: int, *more: str) -> dict[str, object]:
        """Bring the policy up to date; fail if anything but that was done."""
        done = subprocess.run(
            [sys.executable, "-P", str(CHILD), f"http://127.0.0.1:{self.server.server_port}", str(wanted), *more],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        said: dict[str, object] = json.loads(done.stdout)
        assert said["started"] == said["compiled"] == [], said
        assert {tuple(one) for one in said["connected"]} <= {("127.0.0.1", self.server.server_port)}  # type: ignore[attr-defined]
        assert all(path.startswith(str(self.folder)) for path in [*said["written"], *said["read"]]), said  # type: ignore[misc]
        assert {one.name for one in self.folder.iterdir()} <= KNOWN
        assert not [*(self.folder / "temporary").glob("*")]
        return said

    def in_force(self) -> int | None:
        """Return the number of the policy in force."""
        path = self.folder / "in-force.json"
        return json.loads(path.read_bytes())["number"] if path.exists() else None


@pytest.fixture
def server() -> Iterator[Liar]:
    made = Liar()
    yield made
    made.stop()


@pytest.fixture
def endpoint(server: Liar, tmp_path: Path) -> Endpoint:
    made = Endpoint(tmp_path / "state", server)
    said = made.update(1)
    assert (said["number"], said["code"], made.in_force()) == (1, "", 1), said
    assert said["connected"], "the hook must see a connection"
    assert any(path.endswith("in-force.json") for path in said["read"]) or said["written"], "and what is written"
    return made


def keeps(endpoint: Endpoint, code: str, *more: str) -> None:
    """Ask for policy 2, and see that policy 1 stays."""
    said = endpoint.update(2, *more)
    assert (said["number"], said["code"], endpoint.in_force()) == (1, code, 1), said


def test_what_enough_people_signed_is_taken_after_all(server: Liar, endpoint: Endpoint) -> None:
    """Every lie below is told of this very policy: without the lie it is taken."""
    server.policies.publish(2, now=server.now)
    said = endpoint.update(2)
    assert (said["number"], endpoint.in_force()) == (2, 2)


@pytest.mark.parametrize("signers", [(), (0,), (0, 0), (7, 8)])
def test_unsigned_or_signed_by_too_few(server: Liar, endpoint: Endpoint, signers: tuple[int, ...]) -> None:
    server.policies.publish(2, now=server.now, signers=[person(number) for number in signers])
    keeps(endpoint, "unsigned")


def test_expired(server: Liar, endpoint: Endpoint) -> None:
    server.policies.publish(2, now=server.now - 400 * DAY)
    keeps(endpoint, "expired")


def test_an_old_state_and_an_old_policy(server: Liar, endpoint: Endpoint) -> None:
    before = dict(server.policies.files)
    server.policies.publish(2, now=server.now)
    assert endpoint.update(2)["number"] == 2
    server.policies.files = before
    said = endpoint.update(1)
    assert (said["number"], said["code"], endpoint.in_force()) == (2, "old", 2)


def test_a_mixture_of_two_states(server: Liar, endpoint: Endpoint) -> None:
    before = dict(server.policies.files)
    server.policies.publish(2, now=server.now)
    server.policies.files |= {"2.targets.json": before["1.targets.json"]}
    keeps(endpoint, "mixed")


def test_another_fleets_root(server: Liar, endpoint: Endpoint) -> None:
    other = PolicyServer(people=(person(7), person(8), person(9)), key=online(7))
    other.publish(2, now=server.now)
    server.policies.files = other.files | {"2.root.json": other.files["1.root.json"]}
    keeps(endpoint, "unsigned")
    other.new_root(other.people)
    server.policies.files = other.files
    keeps(endpoint, "unsigned")


def test_keys_are_changed_by_both_sides_and_by_nobody_else(server: Liar, endpoint: Endpoint) -> None:
    new = [person(5), person(6), person(7)]
    server.policies.new_root(new, signers=[person(5), person(6)])
    server.policies.publish(2, now=server.now)
    keeps(endpoint, "unsigned")
    server.policies.root_version, server.policies.people = 1, tuple(map(person, range(3)))
    server.policies.new_root(new)
    server.policies.sign(now=server.now)
    assert endpoint.update(2)["number"] == 2


def _endless(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    with_end = 1 << 16  # pieces: four gigabytes, if somebody took them all
    for _ in range(with_end):
        handler.wfile.write(bytes(1 << 16))
    return True


def _bomb(handler: BaseHTTPRequestHandler) -> bool:
    content = gzip.compress(bytes(8 << 20))
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
    return True


def _elsewhere(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(302)
    handler.send_header("Location", "file:///etc/passwd")
    handler.send_header("Content-Length", "0")
    handler.end_headers()
    return True


def _only(part: str, answer: Answer) -> Answer:
    return lambda handler: part in handler.path and answer(handler)


@pytest.mark.parametrize("part", ["2.root.json", TIMESTAMP, "2.snapshot.json", "2.targets.json", "policy-2.json"])
def test_data_without_end(server: Liar, endpoint: Endpoint, part: str) -> None:
    server.policies.publish(2, now=server.now)
    server.answers = [_only(part, _endless)]
    keeps(endpoint, "oversized")


def test_data_that_never_comes_to_an_end_though_it_is_little(server: Liar, endpoint: Endpoint) -> None:
    """A byte now and then: each is in time, all together never."""

    def slowly(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "10000")
        handler.end_headers()
        while not server.over.wait(0.1):
            handler.wfile.write(b" ")
        return True

    server.policies.publish(2, now=server.now)
    server.answers = [_only(TIMESTAMP, slowly)]
    keeps(endpoint, "unreachable", "1.0")


def test_an_answer_that_grows_when_it_is_unpacked(server: Liar, endpoint: Endpoint) -> None:
    server.policies.publish(2, now=server.now)
    server.answers = [_only("policy-2.json", _bomb)]
    keeps(endpoint, "mixed")
    server.answers = [_only(TIMESTAMP, _bomb)]
    keeps(endpoint, "damaged")


def test_nowhere_else_is_asked(server: Liar, endpoint: Endpoint) -> None:
    server.policies.publish(2, now=server.now)
    server.answers = [_only("policy-2.json", _elsewhere)]
    keeps(endpoint, "unreachable")
    assert all(path.startswith(PATH) and ".." not in path for path in server.asked)


_DEEP = b'@id("x") @severity("low") @reason("r") @remedy("r")\nforbid (principal, action, resource) when { %s };\n'


@pytest.mark.parametrize(
    "files",
    [
        {"policy.yaml": b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(30))},
        {"policy.yaml": b"name: " + b"[" * 100_000},
        {"policy.yaml": policy_files(2)["policy.yaml"], "x.cedar": _DEEP % (b"(" * 20_000 + b"true" + b")" * 20_000)},
        {"policy.yaml": policy_files(2)["policy.yaml"], "x.cedar": _DEEP % (b"!" * 50_000 + b"true")},
        {"policy.yaml": policy_files(2)["policy.yaml"], "x.cedar": b"\x00" * 100_000},
        {"policy.yaml": policy_files(2)["policy.yaml"], "x.cedar": b"# " + b"x" * 3_000_000},
    ],
)
def test_a_signed_policy_that_is_a_bomb_itself(server: Liar, endpoint: Endpoint, files: dict[str, bytes]) -> None:
    """Enough people were deceived into signing it: it is said to be unusable, and the one before stays."""
    server.policies.publish(2, files, now=server.now)
    keeps(endpoint, "unusable")
