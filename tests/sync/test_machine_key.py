"""What an endpoint may tell of a key: one short line."""

import msgspec
import pytest

from weighbridge.sync.machine_key import TellMachineKey


def test_a_key_is_known_until_it_is_said_to_be_forgotten():
    told = msgspec.json.decode(b'{"version": 2, "key": "ssh-ed25519 AAAA"}', type=TellMachineKey)
    assert (told.key, told.forget) == ("ssh-ed25519 AAAA", False)


@pytest.mark.parametrize("body", [b"{}", b'{"key": 7}', b'{"key": "%s"}' % (b"A" * 256), b'{"key": "x", "name": "y"}'])
def test_anything_else_is_no_message(body):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=TellMachineKey)
