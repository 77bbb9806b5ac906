"""The child's side of the conversation, without a process."""

import io
import sys

import pytest

from weighbridge.host import isolation_child


class Pipe:
    def __init__(self, content=b""):
        self.buffer = io.BytesIO(content)


def request(payload):
    return len(payload).to_bytes(4, "big") + payload


def test_requests_are_answered_in_turn(tmp_path, monkeypatch):
    (tmp_path / "parser_for_child_test.py").write_text(
        "def read(payload): return {'length': len(payload), 'of': 1 // len(payload)}\n"
    )
    answers = Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(request(b"abc") + request(b"") + request(b"x" * 300)))
    monkeypatch.setattr(sys, "stdout", answers)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(isolation_child, "_give_up_rights", lambda: lambda: None)
    isolation_child.main("parser_for_child_test", [str(tmp_path)])
    content = answers.buffer.getvalue()
    assert content[:1] == b"\0"
    parts, at = [], 1
    while at < len(content):
        length = int.from_bytes(content[at + 1 : at + 5], "big")
        parts.append((content[at], content[at + 5 : at + 5 + length]))
        at += 5 + length
    assert parts[0] == (0, b'{"length": 3, "of": 0}')
    assert parts[1][0] == 1
    assert parts[1][1].startswith(b"ZeroDivisionError")
    assert parts[2] == (0, b'{"length": 300, "of": 0}')


def test_a_missing_parser_ends_the_child(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe())
    monkeypatch.setattr(sys, "stdout", Pipe())
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(ImportError):
        isolation_child.main("no_such_parser_anywhere", [])
