"""Logins that were signed are each used once, and what is remembered of them is bounded."""

import pytest

from weighbridge.hub.ollama_login import LONGEST_AGE, Signed, check, is_signed
from weighbridge.model.errors import WeighbridgeError


def test_each_is_taken_once(store):
    first, other = Signed("key", "a", 100), Signed("key", "b", 100)

    def take(signed, seconds):
        return store.write_now(lambda c: signed.take(c, seconds * 1000))

    assert [take(first, 100), take(first, 101), take(other, 101)] == [True, False, True]
    assert not take(Signed("key", "a", 101), 100 + LONGEST_AGE - 1)


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
