from typing import Any

import pytest

from weighbridge.signing.dsse import Envelope, envelope_document, read_envelope, signed_bytes

ENVELOPE = Envelope(payload=b"hello world", payload_type="http://example.com/HelloWorld", signature=b"s")


def test_the_encoding_of_the_protocol_document() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert signed_bytes("http://example.com/HelloWorld", b"hello world") == expected


def test_there_and_back() -> None:
    assert read_envelope(envelope_document(ENVELOPE)) == ENVELOPE


@pytest.mark.parametrize("key_id", [{}, {"keyid": ""}, {"keyid": None}])
def test_a_key_id_may_be_absent_empty_or_null(key_id: dict[str, Any]) -> None:
    document = envelope_document(ENVELOPE)
    document["signatures"] = [{"sig": "cw==", **key_id}]
    assert read_envelope(document).key_id == ""


@pytest.mark.parametrize(
    "change",
    [
        {"payload": "aGk"},
        {"payload": ""},
        {"payloadType": 3},
        {"signatures": []},
        {"signatures": [{"sig": "cw=="}, {"sig": "cw=="}]},
        {"signatures": [{"sig": "cw==", "cert": "x"}]},
        {"signatures": [{"sig": "cx=="}]},
        {"signatures": [{"sig": "cw==", "keyid": 3}]},
        {"more": 1},
    ],
)
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^(has|must)"):
        read_envelope(envelope_document(ENVELOPE) | change)
