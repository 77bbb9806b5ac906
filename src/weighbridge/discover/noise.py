"""What a walk leaves out, from `noise.toml` and the machine's own mounts."""

from functools import cache

from weighbridge.discover.compiled import compiled_data
from weighbridge.host.machine import Machine
from weighbridge.model.record import record


@record
class Noise:
    """Folders that a walk does not enter."""

    silent: frozenset[bytes]
    """Pseudo filesystems and folders without files of anybody: not worth a word."""
    network: dict[bytes, str]
    """Mount points of network filesystems, with their type: left out, and said so."""


@cache
def noise_data() -> dict[str, dict[str, list[str]]]:
    """Return the content of `noise.toml`."""
    noise: dict[str, dict[str, list[str]]] = compiled_data()["noise"]
    return noise


def noise_of(machine: Machine) -> Noise:
    """Return what to leave out on `machine`; its own state folder is part of that."""
    data = noise_data()
    network_types = frozenset(data["network"]["filesystems"])
    pseudo_types = frozenset(data["pseudo"]["filesystems"])
    silent = {folder.encode() for folder in data["folders"][machine.platform]}
    silent.add(machine.state_folder)
    try:
        silent.add(machine.resolve(machine.state_folder))
    except OSError:
        pass  # not made yet
    network = {}
    for mount in machine.mounts():
        if mount.filesystem in pseudo_types:
            silent.add(mount.path)
        elif mount.filesystem in network_types:
            network[mount.path] = mount.filesystem
    return Noise(silent=frozenset(silent), network=network)
