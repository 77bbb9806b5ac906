"""What `wb hub setup` does for Ollama, which reads no settings of ours: its key is told to the hub, and taken back.

Ollama signs in with a key that it made itself, and trusts what its system trusts. Source: Ollama, `auth/auth.go`,
"FAQ" (certificates).
"""

from typing import TYPE_CHECKING

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine
    from weighbridge.pipeline.hub_access import HubAccess
    from weighbridge.pipeline.hub_setup import Wanted

_SHOWN = 24
"""Characters of a key that tell it from others."""


def tell_key(screen: Screen, machine: "Machine", access: "HubAccess", wanted: "Wanted") -> None:
    """Have the hub know Ollama's key, or say how a person does it; say what else Ollama needs."""
    from weighbridge.pipeline.hub_setting_up import ollama_key, tools_here

    if not tools_here(machine)["ollama"]:
        return
    key, folder = ollama_key(machine)
    tokens = f"{access.url}/catalog/tokens"
    if key and _is_of_the_fleet(machine, access):
        try:
            command = _tell(machine, access, key, folder)
            if command:
                screen.say("· Ollama proves its own key, once you have typed this here:", "hint")
                screen.say(f"  {command}", "muted")
            else:
                screen.say(f"✓ Ollama signs in with its own key: {_short(key)}", "success")
        except WeighbridgeError as error:
            screen.say(f"! the hub does not know Ollama's key: {error.message}", "warning")
            screen.say(f"  {error.hint}", "muted")
    elif key:
        screen.say(f"· Ollama signs in with its own key, once you have linked this machine: {tokens}", "hint")
        screen.say(f"  {' '.join(key.split()[:2])}", "muted")
    else:
        screen.say(f"· Ollama makes its key when it first runs; link this machine then: {tokens}", "hint")
    if wanted.authorities_file:
        screen.say(
            f"· Ollama trusts what its system trusts: add {wanted.authorities_file} there, and restart Ollama", "hint"
        )


def forget_key(screen: Screen, machine: "Machine", access: "HubAccess") -> None:
    """Have the hub forget Ollama's key; where that is not possible, say so."""
    from weighbridge.pipeline.hub_setting_up import ollama_key

    key, _ = ollama_key(machine)
    if not key:
        return
    tokens = f"{access.url}/catalog/tokens"
    if not _is_of_the_fleet(machine, access):
        screen.say(f"· if you linked Ollama here, remove its key: {tokens}", "hint")
        return
    try:
        _tell(machine, access, key, forget=True)
        screen.say(f"✓ the hub has forgotten Ollama's key: {_short(key)}", "success")
    except WeighbridgeError as error:
        screen.say(f"! the hub still knows Ollama's key: {error.message}; remove it at {tokens}", "warning")


def _tell(machine: "Machine", access: "HubAccess", key: str, folder: bytes = b"", *, forget: bool = False) -> str:
    from weighbridge.pipeline.hub_access import hub_client
    from weighbridge.pipeline.machine_key import tell_machine_key

    client = hub_client(access)
    try:
        return tell_machine_key(machine, client, key, folder=folder, forget=forget)
    finally:
        client.close()


def _is_of_the_fleet(machine: "Machine", access: "HubAccess") -> bool:
    from weighbridge.pipeline.membership import FleetFolder

    membership = FleetFolder(machine).membership()
    return membership is not None and membership.url == access.url


def _short(key: str) -> str:
    return f"…{key.split()[1][-_SHOWN:]}"
