"""Keys in the environments of processes that run models or are agents: name and fingerprint, never the value."""

from collections.abc import Iterable

from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.discover.keys import keys_in_environment
from weighbridge.host.live import Live
from weighbridge.model.agent import LeakedKey


def environment_keys(
    live: Live, pids: Iterable[int], fingerprints: Fingerprints, agents: dict[int, str] | None = None
) -> dict[int, tuple[LeakedKey, ...]]:
    """Return the keys in each process's environment; a process whose environment is not visible is left out.

    Args:
        live: which machine.
        pids: processes to ask.
        fingerprints: of this machine.
        agents: ids of the agents that processes are.
    """
    found = {}
    for pid in pids:
        try:
            variables = live.environment_of(pid)
        except (OSError, ValueError, NotImplementedError):
            continue
        keys = keys_in_environment(variables, fingerprints)
        del variables
        agent = (agents or {}).get(pid)
        if keys:
            found[pid] = tuple(
                LeakedKey(
                    format=key.format,
                    provider=key.provider,
                    fingerprint=key.fingerprint,
                    name=key.name,
                    pid=pid,
                    agents=(agent,) if agent else (),
                    place="environment",
                )
                for key in keys
            )
    return found
