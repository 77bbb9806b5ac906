"""Telling the fleet's hub the key that Ollama made on this machine, so that Ollama signs in by itself."""

from weighbridge.host.machine import Machine
from weighbridge.pipeline.device_question import device_answer
from weighbridge.pipeline.sync import Sending
from weighbridge.sync.machine_key import MACHINE_KEY_PATH, MachineKeyTaken, TellMachineKey

_WHAT, _HINT = "no login to Ollama", "a key can also be registered in the console, where tokens are made"


def tell_machine_key(machine: Machine, sending: Sending, key: str, *, forget: bool = False) -> None:
    """Have the hub of this machine's fleet know a key, or forget it.

    Args:
        machine: this machine.
        sending: the way to the server.
        key: the line of the file: `ssh-ed25519 AAAA… comment`.
        forget: whether it is to be forgotten.

    Raises:
        WeighbridgeError: as `device_answer`.
    """
    kind, _, rest = key.partition(" ")
    # The comment is the name of a person and a machine, which nobody asked for.
    message = TellMachineKey(key=f"{kind} {rest.partition(' ')[0]}", forget=forget)
    device_answer(machine, sending, MACHINE_KEY_PATH, message, MachineKeyTaken, what=_WHAT, hint=_HINT)
