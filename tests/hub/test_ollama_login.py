"""Logins that were signed are each used once, and what is remembered of them is bounded."""

import pytest

from weighbridge.hub import ollama_login
from weighbridge.hub.ollama_login import LONGEST_AGE, Nonces, check, is_signed
from weighbridge.model.errors import WeighbridgeError


def test_each_is_taken_once():
    nonces = Nonces()
    assert nonces.take("a", 100)
    assert not nonces.take("a", 101)
    assert nonces.take("b", 101)
    assert nonces.take("a", 101 + 2 * LONGEST_AGE)


def test_not_more_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(ollama_login, "_MOST_NONCES", 3)
    nonces = Nonces()
    assert all(nonces.take(str(number), 100) for number in range(10))
    assert not nonces.take("9", 100)


def test_what_a_header_is():
    assert is_signed("A" * 68 + ":" + "B" * 88)
    assert not is_signed("Bearer hf_x")
    assert not is_signed("Basic " + "A" * 100)


def test_what_is_no_signature_is_refused():
    with pytest.raises(WeighbridgeError, match="no signature"):
        check("x", "http://a/token", {}, 0)
    with pytest.raises(WeighbridgeError, match="no time"):
        check("A" * 68 + ":" + "B" * 88, "http://a/token", {"ts": "x", "nonce": "1"}, 0)
    with pytest.raises(WeighbridgeError, match="no key of Ollama"):
        check("A" * 68 + ":" + "B" * 88, "http://a/token", {"ts": "1", "nonce": "1"}, 0)
