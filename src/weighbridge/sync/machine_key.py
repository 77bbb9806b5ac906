"""How the key that Ollama made on a machine of the fleet comes to be known to the fleet's hub: the device key vouches.

Ollama signs in with that key by itself. It then reads as the account of this very endpoint (`my_device.py`), and for as
long as the machine belongs to the fleet.
"""

from weighbridge.sync.messages import Message, Moment, Text

MACHINE_KEY_PATH = "/v1/machine-key"


class TellMachineKey(Message, frozen=True, kw_only=True):
    """An endpoint tells a public key of its machine, or that it is to be forgotten. Signed with the device key.

    `key`: `ssh-ed25519 AAAA…`, as it stands in its file, without a comment.
    """

    key: Text
    forget: bool = False


class MachineKeyTaken(Message, frozen=True, kw_only=True):
    """It is known now, or not any more."""

    server_time: Moment
