"""How the key that Ollama made on a machine of the fleet comes to be known to the fleet's hub.

The device key says which machine tells it, and the key itself signs that it is of this machine: a public key that was
seen elsewhere registers nothing. Where the machine cannot sign, its answer is a command that has Ollama do it. Ollama
then signs in by itself, and reads as the account of this very endpoint (`my_device.py`), for as long as the machine
belongs to the fleet.
"""

from weighbridge.sync.messages import Message, Moment, Text

MACHINE_KEY_PATH = "/v1/machine-key"


class TellMachineKey(Message, frozen=True, kw_only=True):
    """An endpoint tells a public key of its machine, or that it is to be forgotten. Signed with the device key.

    `key`: `ssh-ed25519 AAAA…`, as it stands in its file, without a comment. `proof`: its signature of `to_prove`, in
    base 64; empty where the private key cannot be read.
    """

    key: Text
    forget: bool = False
    proof: Text = ""


class MachineKeyTaken(Message, frozen=True, kw_only=True):
    """It is known now, or not any more; or `command` has Ollama prove it first, where it was not proven."""

    server_time: Moment
    command: Text = ""


def to_prove(endpoint_id: str, public: str) -> bytes:
    """Return what a key signs to say that it is of an endpoint. `public`: the middle part of its line."""
    return f"weighbridge machine key 1\n{endpoint_id}\n{public}\n".encode()
