"""Telling the fleet's hub the key that Ollama made on this machine, so that Ollama signs in by itself."""

import os
from base64 import b64encode

from weighbridge.host.machine import Machine
from weighbridge.pipeline.device_question import device_answer
from weighbridge.pipeline.membership import FleetFolder, not_enrolled
from weighbridge.pipeline.sync import Sending
from weighbridge.sync.machine_key import MACHINE_KEY_PATH, MachineKeyTaken, TellMachineKey, to_prove

_WHAT, _HINT = "no login to Ollama", "a machine can also be linked in the console, where tokens are made"
_LARGEST = 4096


def tell_machine_key(machine: Machine, sending: Sending, key: str, *, folder: bytes = b"", forget: bool = False) -> str:
    """Have the hub of this machine's fleet know a key, or forget it.

    Args:
        machine: this machine.
        sending: the way to the server.
        key: the line of the file: `ssh-ed25519 AAAA… comment`.
        folder: where the key lies with its private half, which signs that it is of this machine, if it can be read.
        forget: whether it is to be forgotten.

    Returns:
        what to type so that Ollama proves the key itself; empty where that is not needed.

    Raises:
        WeighbridgeError: as `device_answer`.
    """
    membership = FleetFolder(machine).membership()
    if membership is None:
        raise not_enrolled()
    kind, _, rest = key.partition(" ")
    public = rest.partition(" ")[0]
    proof = "" if forget else _signature(machine, folder, to_prove(membership.endpoint_id, public), public)
    # The comment is the name of a person and a machine, which nobody asked for.
    message = TellMachineKey(key=f"{kind} {public}", forget=forget, proof=proof)
    _, answer = device_answer(machine, sending, MACHINE_KEY_PATH, message, MachineKeyTaken, what=_WHAT, hint=_HINT)
    return answer.command


def _signature(machine: Machine, folder: bytes, content: bytes, public: str) -> str:
    """Return the signature of Ollama's key in base 64; empty where this user may not read it, or it is another key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

    if not folder:
        return ""
    try:
        private = load_ssh_private_key(machine.read_file(os.path.join(folder, b"id_ed25519"), _LARGEST), None)
    except Exception:  # noqa: BLE001  (whatever lies there: then Ollama is asked to prove it)
        return ""
    if not isinstance(private, Ed25519PrivateKey):
        return ""
    own = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode().partition(" ")[2]
    return b64encode(private.sign(content)).decode() if own == public else ""
