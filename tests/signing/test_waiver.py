import datetime
import json

import pytest
from tests.samples.signed_model import private_key

from weighbridge.signing.dsse import envelope_document
from weighbridge.signing.sign import signed_envelope
from weighbridge.signing.waiver import NEVER, PAYLOAD_TYPE, Waiver, key_ids, read_waivers, waiver_file

TODAY = datetime.date(2026, 11, 21)
WAIVER = Waiver(sha256="ab" * 32, rule="deny-noncommercial", owner="Ada", reason="trial", expires=TODAY)
KEYS = key_ids((private_key().public_key(),))


def test_there_and_back_alone_and_in_a_list() -> None:
    content = waiver_file(WAIVER, private_key())
    assert read_waivers(content, KEYS, TODAY) == [WAIVER]
    assert read_waivers(b"[" + content + b"," + content + b"]", KEYS, TODAY) == [WAIVER, WAIVER]


def test_whose_key_it_was_is_told_where_somebody_else_answers() -> None:
    (found,) = read_waivers(waiver_file(WAIVER, private_key()), KEYS, TODAY, dict.fromkeys(KEYS, "Legal"))
    assert isinstance(found, Waiver)
    assert found.answerable == "Ada, signed by Legal"
    (found,) = read_waivers(waiver_file(WAIVER, private_key()), KEYS, TODAY, dict.fromkeys(KEYS, "Ada"))
    assert isinstance(found, Waiver)
    assert found.answerable == "Ada"


def test_a_waiver_ends() -> None:
    (reason,) = read_waivers(waiver_file(WAIVER, private_key()), KEYS, TODAY + datetime.timedelta(days=1))
    assert reason == "expired on 2026-11-21"


def test_only_listed_keys_count() -> None:
    for keys in ({}, key_ids((private_key(7).public_key(),))):
        assert read_waivers(waiver_file(WAIVER, private_key()), keys, TODAY) == [
            "is not signed by a key that the policy lists"
        ]


def test_every_changed_byte_of_what_is_signed_fails() -> None:
    content = waiver_file(WAIVER, private_key())
    envelope = json.loads(content)
    for field in (envelope["payload"], envelope["signatures"][0]["sig"], envelope["payloadType"]):
        at = content.index(field.encode())
        for position in range(at, at + len(field)):
            changed = bytearray(content)
            changed[position] ^= 1
            (found,) = read_waivers(bytes(changed), KEYS, TODAY)
            assert isinstance(found, str)


@pytest.mark.parametrize("rule", sorted(NEVER))
def test_an_attack_cannot_be_waived(rule: str) -> None:
    with pytest.raises(ValueError, match="nobody can waive"):
        waiver_file(Waiver(sha256="ab" * 32, rule=rule, owner="A", reason="r", expires=TODAY), private_key())


def test_what_is_signed_and_still_no_waiver() -> None:
    good = {"digest": {"sha256": "ab" * 32}, "rule": "deny-x", "owner": "A", "reason": "r", "expires": "2027-01-01"}
    for change in ({"expires": "soon"}, {"digest": {}}, {"rule": "deny-malicious"}, {"owner": " "}, {"more": "x"}):
        payload = json.dumps(good | change).encode()
        document = envelope_document(signed_envelope(PAYLOAD_TYPE, payload, private_key()))
        (found,) = read_waivers(json.dumps(document).encode(), KEYS, TODAY)
        assert isinstance(found, str), change
    for content in (b"", b"{}", b"[3]"):
        assert isinstance(read_waivers(content, KEYS, TODAY)[0], str)
