"""The parser child: answers, and dies without harm."""

import json

import pytest

from weighbridge.host.isolation import PAYLOAD_BYTES, Isolation
from weighbridge.host.machine import IsolationError

PARSER = """
import os, time
count = 0
def read(payload):
    global count
    count += 1
    act = payload.decode()
    if act == "die":
        os._exit(3)
    if act == "hang":
        time.sleep(60)
    if act == "spin":
        while True: pass
    if act == "memory":
        return {"size": len(bytearray(1 << 30))}
    if act == "long":
        return {"text": "x" * (20 << 20)}
    if act == "print":
        os.write(1, b"not an answer" * 100)
    if act == "raise":
        raise RuntimeError("bad text")
    return {"said": act, "count": count, "pid": os.getpid()}
"""


@pytest.fixture
def isolation(tmp_path):
    (tmp_path / "a_parser.py").write_text(PARSER)
    isolation = Isolation(60.0, {"act": "a_parser", "none": "no_such_module"}, (str(tmp_path),))
    yield isolation
    isolation.close()


def said(isolation, text):
    return json.loads(isolation.run("act", text.encode()))


def test_one_child_answers_all_requests(isolation):
    first, second = said(isolation, "a"), said(isolation, "b" * 500_000)
    assert (first["count"], second["count"]) == (1, 2)
    assert first["pid"] == second["pid"]
    assert second["said"] == "b" * 500_000
    assert said(isolation, "")["said"] == ""


@pytest.mark.parametrize(
    ("act", "reason"), [("die", "ended"), ("hang", "no answer"), ("spin", "no answer"), ("long", "ended")]
)
def test_after_a_dead_or_silent_child_comes_a_fresh_one(isolation, act, reason, monkeypatch):
    before = said(isolation, "a")
    with monkeypatch.context() as shorter:
        if reason == "no answer":
            shorter.setattr(isolation, "_timeout", 0.2)
        with pytest.raises(IsolationError, match=reason):
            said(isolation, act)
    after = said(isolation, "a")
    assert after["count"] == 1
    assert after["pid"] != before["pid"]


def test_a_parser_that_raises_says_so_and_lives(isolation):
    with pytest.raises(IsolationError, match="RuntimeError: bad text"):
        said(isolation, "raise")
    assert said(isolation, "a")["count"] == 2


def test_memory_is_limited(isolation):
    pytest.importorskip("resource")
    with pytest.raises(IsolationError, match="MemoryError"):
        said(isolation, "memory")


def test_what_is_no_answer_is_not_taken_for_one(isolation):
    with pytest.raises(IsolationError):
        said(isolation, "print")


def test_a_parser_that_cannot_be_imported_is_an_isolation_error(isolation):
    with pytest.raises(IsolationError, match="ended"):
        isolation.run("none", b"")


def test_a_payload_that_is_too_long_is_not_sent(isolation):
    with pytest.raises(IsolationError, match="more than"):
        isolation.run("act", b"x" * (PAYLOAD_BYTES + 1))


def test_the_parsers_of_this_installation_answer():
    isolation = Isolation()
    assert json.loads(isolation.run("python", b"import os\nos.system('x')\n"))
    assert json.loads(isolation.run("jinja", b"{{ a.b }}"))
    isolation.close()
