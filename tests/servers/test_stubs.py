"""The identification over real sockets: every table, over TCP and over a UNIX socket, and servers that misbehave."""

import gzip
import sys
import threading

import pytest

from tests.servers.patient import Counting, Patient
from tests.servers.stub import Stub
from tests.servers.tables import OLLAMA, PLAIN, PRODUCTS, UNKNOWN
from weighbridge.discover.server_identity import identify
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import server_rules

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
EVERY = {**PRODUCTS, **UNKNOWN, **PLAIN}


@pytest.mark.parametrize("name", EVERY)
def test_a_server_on_a_port_is_told(name):
    served = EVERY[name]
    live = Patient()
    with Stub(served.answers) as stub:
        identity = identify(live, stub.listener, Owner(port=served.port))
    assert (identity.product, identity.api) == (served.product, served.api)
    assert {line.split()[0] for line in stub.requests} == {"GET"}
    assert len(live.asked) <= server_rules().questions


@pytest.mark.parametrize("name", ["llama.cpp", "Docker Model Runner", "Ollama", "vLLM", "LM Studio"])
def test_a_server_on_a_unix_socket_is_told(name, short_folder):
    served = PRODUCTS[name]
    with Stub(served.answers, short_folder / "s") as stub:
        assert identify(Patient(), stub.listener, Owner()).product == served.product


def head(status, *lines):
    return "\r\n".join((f"HTTP/1.1 {status} X", *lines, "", "")).encode()


def redirect(connection, path):
    connection.sendall(head(302, f"Location: http://127.0.0.1:9/ollama{path}", "Content-Length: 0"))


PACKED = gzip.compress(b'{"object":"list","data":[{"id":"m","object":"model","owned_by":"vllm"}]}' + b" " * 10_000_000)


def bomb(connection, path):
    connection.sendall(head(200, "Content-Encoding: gzip", f"Content-Length: {len(PACKED)}") + PACKED)


def endless(connection, path):
    connection.sendall(head(200, "Content-Type: application/json") + b'{"object":"list","data":[')
    while True:
        connection.sendall(b'{"id":"m","object":"model","owned_by":"vllm"},' * 1000)


def broken(connection, path):
    connection.sendall(head(200) + b'{"object":"list","data":[{"id":"m","owned_by":"vllm"')


def deep(connection, path):
    connection.sendall(head(200) + b"[" * 60_000)


def huge_head(connection, path):
    connection.sendall(head(200, *(f"x-{number}: {'y' * 1000}" for number in range(100))) + b"{}")


def no_http(connection, path):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")


def closes(connection, path):
    connection.close()


def chunks(connection, path):
    connection.sendall(head(200, "Transfer-Encoding: chunked") + b"ffffffffffffffff\r\n{")


@pytest.mark.parametrize("behavior", [redirect, bomb, endless, broken, deep, huge_head, no_http, closes, chunks])
def test_a_hostile_server_is_not_named_and_does_no_harm(behavior):
    live = Patient()
    with Stub(behavior) as stub:
        identity = identify(live, stub.listener, Owner(port=11434))
    assert identity.product is None
    assert len(live.asked) <= server_rules().questions


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_left_alone_soon(part):
    stop = threading.Event()

    def drip(connection, path):
        connection.sendall(head(200) if part == "body" else b"HTTP/1.1 200 X\r\n")
        while not stop.wait(0.05):
            connection.sendall(b"x: y\r\n" if part == "head" else b" ")

    live = Counting()
    with Stub(drip) as stub:
        identity = identify(live, stub.listener, Owner(port=11434))
        stop.set()
    assert identity.product is None
    assert len(live.asked) <= server_rules().failures


def test_a_hostile_answer_among_honest_ones_does_not_confuse():
    stub = Stub(OLLAMA | {"/v1/models": (200, {}, "[" * 60_000), "/props": (500, {}, "x" * 60_000)})
    with stub:
        assert identify(Patient(), stub.listener, Owner(port=11434)).product == "ollama"


def test_paths_are_those_of_the_catalog_and_carry_nothing():
    live = Patient()
    for served in EVERY.values():
        with Stub(served.answers) as stub:
            identify(live, stub.listener, Owner(port=served.port))
    asked = {*live.asked}
    assert not asked & server_rules().never_call
    assert [path for path in asked if "?" in path or "{" in path] == []
