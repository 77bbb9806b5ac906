import json

import pytest
from tests.servers.tables import PRODUCTS

from weighbridge.discover.server_identity import Asking, identify, may_ask
from weighbridge.discover.server_product_decide import Owner
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import HttpAnswer, SocketListener


def fake_answers(served):
    made = {}
    for path, (status, headers, body) in served.answers.items():
        text = body if isinstance(body, str) else json.dumps(body)
        made[path] = HttpAnswer(status, headers, text.encode())
    return made


def listener(address="127.0.0.1", port=40123):
    transport = "unix" if address.startswith(("/", "@")) else "tcp"
    return SocketListener(transport, address, 0 if transport == "unix" else port, 1, 1000, 1)


def test_a_server_is_asked_with_get_and_named():
    live = FakeLive()
    live.add(FakeProcess(pid=7))
    socket = live.listen(7, "127.0.0.1", 8000, fake_answers(PRODUCTS["vLLM"]))
    identity = identify(live, socket, Owner(port=8000))
    assert identity.product == "vllm"
    assert {read.operation for read in live.reads} == {"get"}


def test_who_does_not_answer_in_http_is_left_alone_at_once():
    live = FakeLive()
    live.add(FakeProcess(pid=7))
    socket = live.listen(7, "127.0.0.1", 40123, None)
    assert identify(live, socket, Owner(port=40123)).product is None
    assert [read.detail for read in live.reads] == ["127.0.0.1:40123/v1/models"]


def test_a_program_that_runs_models_gets_a_second_chance_and_no_third():
    live = FakeLive()
    live.add(FakeProcess(pid=7))
    socket = live.listen(7, "127.0.0.1", 8188, None)
    identify(live, socket, Owner(port=8188, runtime="comfyui", certain=True))
    assert len(live.reads) == 2


def test_a_unix_socket_is_asked_too():
    live = FakeLive()
    live.add(FakeProcess(pid=7))
    socket = live.listen(7, "/run/user/1000/llama.sock", answers=fake_answers(PRODUCTS["llama.cpp"]))
    assert identify(live, socket, Owner(runtime="llama_cpp")).product == "llama_cpp"


@pytest.mark.parametrize(
    ("socket", "asking", "asked"),
    [
        (listener(), Asking(program="renamed"), True),
        (listener(port=8080), Asking(program="python3.12"), True),
        (listener(port=5432), Asking(program="postgres"), False),
        (listener(port=40123), Asking(program="postgres"), False),
        (listener(port=40123), Asking(program="sshd"), False),
        (listener(port=9100), Asking(program="renamed"), False),
        (listener(port=9100), Asking(program="renamed", runs_models=True), True),
        (listener(port=40123), Asking(program="python3", account="postgres"), False),
        (listener(port=40123), Asking(), False),
        (listener(port=11434), Asking(), True),
        (listener(port=40123), Asking(account="ollama"), True),
        (listener(port=40123), Asking(account="ada", account_runs_models=True), True),
        (listener(port=22), Asking(account="ada", account_runs_models=True), False),
        (listener("/run/dbus/system_bus_socket"), Asking(program="dbus-daemon"), False),
        (listener("/tmp/renamed.sock"), Asking(program="renamed"), False),
        (listener("/tmp/renamed.sock"), Asking(program="renamed", runs_models=True), True),
        (listener("@llama"), Asking(program="renamed", runs_models=True), True),
        (listener("/run/model-runner.sock"), Asking(), True),
        (listener("/run/docker.sock"), Asking(program="dockerd"), False),
    ],
)
def test_who_is_asked(socket, asking, asked):
    assert may_ask(socket, asking) is asked
