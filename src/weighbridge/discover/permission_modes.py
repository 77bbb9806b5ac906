"""Settings that say what an agent may do without asking.

Which setting and which of its values is data, in `[[file.mode]]` of the files of `agents/`.
"""

from collections.abc import Iterator
from typing import Any

from weighbridge.discover.agent_catalog import Mode, agents, setting_text
from weighbridge.discover.agent_places import places_of
from weighbridge.discover.config_files import ConfigFiles
from weighbridge.discover.config_text import everywhere
from weighbridge.discover.masking import masked_key, masked_text
from weighbridge.host.machine import Machine
from weighbridge.model.agent import PermissionMode, Scope


def autonomous_agents(machine: Machine) -> frozenset[str]:
    """Return the agents that settings of a user or administrator let act without asking; of projects none is read."""
    files = ConfigFiles(machine)
    found = set()
    for agent in agents():
        for file in agent.files:
            if file.modes and file.scope is not Scope.PROJECT and agent.id not in found:
                loaded = (files.config(path) for path in places_of(machine, agent, file.path))
                if any(
                    one.autonomous
                    for config in loaded
                    if config is not None
                    for one in permissions_in(
                        config.value, file.modes, agent=agent.id, scope=file.scope, path=config.path
                    )
                ):
                    found.add(agent.id)
    return frozenset(found)


def permissions_in(
    value: Any,  # noqa: ANN401  (whatever a configuration holds)
    modes: tuple[Mode, ...],
    *,
    agent: str,
    scope: Scope,
    path: bytes,
) -> Iterator[PermissionMode]:
    """Yield the settings of `modes` that a configuration has, whatever their values are."""
    for mode in modes:
        for key, found in everywhere(value, mode.key):
            values = found if isinstance(found, list) else [found]
            if isinstance(found, dict):
                continue
            texts = [setting_text(one) for one in values if isinstance(one, str | int | bool)]
            free = [text for text in texts if text.lower() in {word.lower() for word in mode.autonomous}]
            if not free and isinstance(found, list):
                continue  # a list of things allowed that says nothing of asking for everything else
            yield PermissionMode(
                agent=agent,
                scope=scope,
                path=path,
                key=masked_key(key)[:300],
                value=masked_text((free or texts or [""])[0])[:100],
                autonomous=bool(free) and mode.verified,
                meaning=mode.meaning if free else "",
                hearsay=bool(free) and not mode.verified,
            )
