"""Many listeners, little time: the likeliest first, nobody forgotten, nobody asked twice without a reason."""

import json

from tests.servers.tables import PRODUCTS

from weighbridge.discover.server_asking import Question, ServerAsking, Wanted
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import HttpAnswer, SocketListener

PLAIN = {"/": HttpAnswer(200, {}, b"hello")}


class Lab:
    """Every answer takes some seconds."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.live = FakeLive()
        self.live.add(FakeProcess(pid=7))
        self.seconds = seconds
        self.asking = ServerAsking(self.live, self.clock)
        self.wanted: dict[Question, Wanted] = {}

    def clock(self) -> float:
        return len(self.asked) * self.seconds

    @property
    def asked(self) -> list[str]:
        return [read.detail for read in self.live.reads if read.operation == "get"]

    def listen(
        self, port: int, answers: dict[str, HttpAnswer] | None = PLAIN, *, runs_models: bool = False
    ) -> tuple[Question, SocketListener]:
        socket = self.live.listen(7, "127.0.0.1", port, answers)
        question = Question(socket.inode, socket.address, port, (7, 1000), None)
        self.wanted[question] = Wanted(socket, Owner(port=port), runs_models)
        return question, socket


def test_thousands_of_silent_listeners_end_and_are_counted() -> None:
    lab = Lab(seconds=1.0)
    for port in range(20_000, 22_000):
        lab.listen(port, None)
    answers, left = lab.asking.answers(lab.wanted)
    rules = server_rules()
    assert len(lab.asked) <= rules.look_seconds + rules.at_once * (rules.failures + 1)
    assert len(answers) + len(left) == 2_000
    assert left


def test_the_next_look_goes_on_where_this_one_ended() -> None:
    lab = Lab(seconds=0.5)
    for port in range(20_000, 20_040):
        lab.listen(port)
    reached: set[Question] = set()
    looks = 0
    while len(reached) < 40:
        answers, _ = lab.asking.answers(lab.wanted)
        reached |= answers.keys()
        looks += 1
        assert looks < 400
    assert looks > 1


def test_who_shows_signs_of_running_models_comes_first_then_known_ports() -> None:
    lab = Lab()
    other, known, likely = lab.listen(20_001)[0], lab.listen(11434)[0], lab.listen(20_002, runs_models=True)[0]
    assert sorted([other, known, likely], key=lambda one: lab.wanted[one].rank(0)) == [likely, known, other]


def test_a_server_that_takes_its_time_is_asked_again_later() -> None:
    lab = Lab(seconds=2.0)
    question, _ = lab.listen(20_000)
    identity = lab.asking.answers(lab.wanted)[0][question]
    assert not identity.settled
    before = len(lab.asked)
    assert before < 5
    lab.asking.answers(lab.wanted)
    assert len(lab.asked) > before


def test_what_is_known_is_not_asked_again() -> None:
    lab = Lab()
    answers = {
        path: HttpAnswer(status, headers, (body if isinstance(body, str) else json.dumps(body)).encode())
        for path, (status, headers, body) in PRODUCTS["vLLM"].answers.items()
    }
    question, _ = lab.listen(20_000, answers)
    assert lab.asking.answers(lab.wanted)[0][question].product == "vllm"
    before = len(lab.asked)
    assert lab.asking.answers(lab.wanted)[0][question].product == "vllm"
    assert len(lab.asked) == before
