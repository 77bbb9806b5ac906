import json

from tests.servers.tables import LLAMA_CPP_LOADING, PLAIN, PRODUCTS, UNKNOWN

from weighbridge.discover.listeners import ServerProbe, SocketOwner, described
from weighbridge.discover.runtime_identity import RuntimeIdentity
from weighbridge.discover.server_identity_decide import ServerIdentity
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import HttpAnswer
from weighbridge.model.running import Listener

OLLAMA = RuntimeIdentity(runtime="ollama", reasons=("program /usr/bin/ollama",))


def answers_of(table):
    made = {}
    for path, (status, headers, body) in table.items():
        text = body if isinstance(body, str) else json.dumps(body)
        made[path] = HttpAnswer(status, headers, text.encode())
    return made


class Machine:
    """A running machine with the probe that asks it."""

    def __init__(self):
        self.live = FakeLive()
        self.probe = ServerProbe(self.live, lambda: 0.0)
        self.owners = {}
        self.owned = {}
        self.unowned = []

    def process(self, pid, *, parent=1, user=1000, program="python3", identity=None, has_weights=False):
        self.live.add(FakeProcess(pid=pid, parent=parent, user=user))
        self.owners[pid] = SocketOwner(
            pid=pid,
            started=1000,
            parent=parent,
            user=user,
            program=program,
            identity=identity or RuntimeIdentity(),
            has_weights=has_weights,
        )

    def listens(self, pid, port, table, address="127.0.0.1", visible=True):
        socket = self.live.listen(pid, address, port, answers_of(table) if table is not None else None)
        if visible:
            self.owned.setdefault(pid, []).append(socket)
        else:
            self.unowned.append(socket)
        return socket

    def find(self):
        return self.probe.find(self.owned, self.unowned, self.owners)

    @property
    def asked(self):
        return [read.detail for read in self.live.reads if read.operation == "get"]


def test_a_server_is_found_on_any_port():
    machine = Machine()
    machine.process(7, program="kworker")
    socket = machine.listens(7, 40123, PRODUCTS["SGLang"].answers)
    found = machine.find()
    assert found.by_process == {7: (socket,)}
    assert found.identities[socket].product == "sglang"


def test_it_is_asked_once():
    machine = Machine()
    machine.process(7)
    socket = machine.listens(7, 40123, PRODUCTS["vLLM"].answers)
    machine.find()
    before = len(machine.asked)
    assert machine.find().identities[socket].product == "vllm"
    assert len(machine.asked) == before


def test_it_is_asked_again_when_its_owner_turns_out_to_be_something_else():
    machine = Machine()
    machine.process(7)
    machine.listens(7, 40123, PRODUCTS["vLLM"].answers)
    machine.find()
    before = len(machine.asked)
    machine.process(7, identity=RuntimeIdentity(runtime="vllm"))
    machine.find()
    assert len(machine.asked) > before


def test_it_is_asked_again_while_it_loads():
    machine = Machine()
    machine.process(7, identity=RuntimeIdentity(runtime="llama_cpp"))
    machine.listens(7, 8080, {**LLAMA_CPP_LOADING, "/v1/models": (503, {}, "")})
    machine.find()
    before = len(machine.asked)
    machine.find()
    assert len(machine.asked) > before


def test_two_addresses_of_one_port_are_asked_as_one():
    machine = Machine()
    machine.process(7)
    four = machine.listens(7, 8000, PRODUCTS["vLLM"].answers, "0.0.0.0")
    six = machine.listens(7, 8000, PRODUCTS["vLLM"].answers, "::")
    found = machine.find()
    assert found.identities[four] == found.identities[six]
    assert not [asked for asked in machine.asked if asked.startswith("::")]


def test_workers_that_share_a_socket_do_not_list_it_twice():
    machine = Machine()
    machine.process(7)
    machine.process(8, parent=7)
    socket = machine.listens(7, 8000, PRODUCTS["vLLM"].answers)
    machine.owned[8] = [socket]
    assert machine.find().by_process == {7: (socket,)}


def test_databases_and_sockets_of_the_session_are_left_alone():
    machine = Machine()
    machine.process(7, program="postgres")
    machine.listens(7, 5433, None)
    machine.process(8, program="dbus-daemon")
    machine.listens(8, 0, None, "/run/user/1000/bus")
    found = machine.find()
    assert machine.asked == []
    assert found.identities == {}
    assert {*found.by_process} == {7, 8}


def test_a_unix_socket_of_a_process_with_weights_is_asked():
    machine = Machine()
    machine.process(7, program="renamed", has_weights=True)
    socket = machine.listens(7, 0, PRODUCTS["llama.cpp"].answers, "/tmp/x.sock")
    assert machine.find().identities[socket].product == "llama_cpp"


def test_a_socket_without_visible_owner_is_given_to_the_process_that_must_be_behind_it():
    machine = Machine()
    machine.process(7, user=998, program="ollama", identity=OLLAMA)
    machine.process(8, user=1000)
    socket = machine.listens(7, 11434, PRODUCTS["Ollama"].answers, visible=False)
    found = machine.find()
    assert found.by_process == {7: (socket,)}
    assert found.not_visible == ()


def test_otherwise_it_is_said_that_its_process_is_not_visible():
    machine = Machine()
    machine.process(7, user=998)
    socket = machine.listens(7, 11434, PRODUCTS["Ollama"].answers, visible=False)
    found = machine.find()
    assert found.by_process == {}
    assert found.identities[socket].product == "ollama"
    assert found.not_visible == (
        "the process behind 127.0.0.1:11434, which answers like Ollama: needs CAP_SYS_PTRACE or root",
    )


def test_a_web_server_without_visible_owner_is_not_worth_a_word():
    machine = Machine()
    machine.process(7, user=998)
    machine.listens(7, 8080, PLAIN["a plain web server on 8080"].answers, visible=False)
    found = machine.find()
    assert found.not_visible == ()
    assert found.identities == {}


def test_ports_that_are_not_asked_for_want_of_an_owner_are_counted():
    machine = Machine()
    machine.process(7, user=998)
    for port in (40123, 40124, 22):
        machine.listens(7, port, PRODUCTS["vLLM"].answers, visible=False)
    assert machine.find().not_visible == (
        "what answers on 2 ports of processes that are not visible: needs CAP_SYS_PTRACE or root",
    )
    assert machine.asked == []


def test_an_unknown_server_without_visible_owner_is_said_too():
    machine = Machine()
    machine.process(7, user=998)
    machine.listens(7, 8000, UNKNOWN["an unknown owner"].answers, visible=False)
    assert "an unknown OpenAI-compatible server" in machine.find().not_visible[0]


def test_a_listener_is_described_by_what_answers():
    identity = ServerIdentity(product="vllm", identified_by=("a",), api="openai", models=("m",), authenticated=False)
    listener = described(Listener(transport="tcp", address="::1", port=1), identity)
    assert (listener.product, listener.identified_by, listener.models) == ("vllm", ("a",), ("m",))
    assert listener.authenticated is False
    doubted = described(listener, ServerIdentity(doubt="says one thing, answers like another"))
    assert doubted.identified_by == ("says one thing, answers like another",)
    assert described(listener, None) is listener


def test_a_silent_listener_is_asked_three_times():
    machine = Machine()
    machine.process(7)
    machine.listens(7, 40123, None)
    for _ in range(6):
        machine.find()
    assert len(machine.asked) == 3


def test_a_server_that_starts_late_is_found_at_the_next_look():
    machine = Machine()
    machine.process(7)
    socket = machine.listens(7, 40123, None)
    assert machine.find().identities[socket].silence == "it does not answer in HTTP in time"
    machine.live._answers[socket.inode] = answers_of(PRODUCTS["vLLM"].answers)
    assert machine.find().identities[socket].product == "vllm"


def test_a_server_is_asked_again_after_a_long_time():
    machine = Machine()
    machine.process(7)
    machine.listens(7, 11434, PRODUCTS["Ollama"].answers)
    machine.find()
    first = len(machine.asked)
    for _ in range(720):
        machine.find()
    assert len(machine.asked) == first
    machine.find()
    assert len(machine.asked) == 2 * first
    machine.find()
    assert len(machine.asked) == 2 * first
