import json
from typing import Any

import pytest

from weighbridge.pipeline.watch_decide import Known
from weighbridge.pipeline.watch_errand import IDLE_SECONDS, Errand

PROCESS = {"seen": ["process", {"pid": 7, "started": 1}]}


class Scripted:
    """A helper that says what the test puts into `says`."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.seconds = 0.0
        self.says: list[bytes] = []
        self.asked: list[dict[str, Any]] = []
        self.refuses = self.gone = False

    def ask(self, line: bytes) -> None:
        if self.refuses:
            raise BrokenPipeError
        self.pid = 4711
        self.asked.append(json.loads(line))

    def say(self, *answers: object) -> None:
        self.says += [json.dumps(answer).encode() for answer in answers]

    def take(self) -> list[bytes]:
        if self.gone:
            raise EOFError
        said, self.says = self.says, []
        return said

    def end(self) -> None:
        self.pid = None


def errand() -> tuple[Scripted, Errand, Known]:
    helper, known = Scripted(), Known()
    return helper, Errand(helper, known, patience=60), known


def test_answers_become_records_as_they_arrive_and_ends_when_the_answer_is_whole() -> None:
    helper, one, known = errand()
    helper.seconds = 3.0
    assert one.send({"do": "look"}, "b", 0)
    helper.say(PROCESS)
    helper.seconds = 3.5
    assert one.collect(0.1) == ([("process", {"pid": 7, "started": 1})], None)
    assert one.busy
    helper.say({"done": {"scope": ["process"], "pids": [7]}})
    items, done = one.collect(0.2)
    assert (items, one.busy, one.news, one.cost) == ([], False, 1, 0.5)
    assert done is not None
    assert done["pids"] == [7]
    one.send({"do": "look"}, "b", 1)
    helper.say({"done": {"scope": ["process"]}})
    assert one.collect(1.1)[0] == [("process-end", {"pid": 7, "started": 1})]
    assert len(known) == 0


@pytest.mark.parametrize("trouble", ["gone", "garbage", "silence"])
def test_a_helper_that_fails_ends_nothing_that_is_known(trouble: str) -> None:
    helper, one, known = errand()
    one.send({"do": "look"}, "b", 0)
    helper.say(PROCESS, {"done": {"scope": ["process"]}})
    one.collect(0)
    one.send({"do": "look"}, "b", 1)
    helper.gone = trouble == "gone"
    if trouble == "garbage":
        helper.says.append(b"\xff{")
    items, done = one.collect(62)
    assert items == []
    assert done is not None
    assert "failed" in done
    assert (one.busy, helper.pid, len(known)) == (False, None, 1)


def test_a_helper_that_cannot_be_asked_is_said() -> None:
    helper, one, _ = errand()
    helper.refuses = True
    assert not one.send({}, "b", 0)
    assert not one.busy


def test_an_idle_helper_is_ended() -> None:
    helper, one, _ = errand()
    one.send({}, "b", 0)
    helper.say({"done": {}})
    one.collect(1)
    one.collect(1 + IDLE_SECONDS)
    assert helper.pid == 4711
    one.collect(1.1 + IDLE_SECONDS)
    assert helper.pid is None
