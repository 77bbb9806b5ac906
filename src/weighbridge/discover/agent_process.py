"""Which agent a process is, by program, path and arguments; never by a word somewhere in a command line."""

import re
from fnmatch import fnmatchcase, translate
from functools import cache

from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.model.record import record

_INTERPRETERS = ("node", "bun", "deno", "python", "electron", "tsx")


@record
class AgentProcess:
    """An agent as it runs."""

    agent: CatalogAgent
    said_by: str
    autonomy: tuple[str, ...]
    """Its arguments that switch asking off."""


@cache
def _by_name() -> dict[str, CatalogAgent]:
    return {name: agent for agent in agents() for name in agent.program.names}


@cache
def _any_path() -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for agent in agents() for pattern in agent.program.paths))


def agent_process(name: str, executable: str, arguments: tuple[str, ...]) -> AgentProcess | None:
    """Return the agent that a process is; None if it is none of the catalog.

    Args:
        name: as the kernel calls it.
        executable: path of its program, empty if that was not visible.
        arguments: its command line, the program first.
    """
    program = _base(executable)
    words = tuple(word.replace("\\", "/") for word in arguments[:64])
    path = executable.replace("\\", "/")
    if (agent := _by_name().get(program)) is not None:
        return _found(agent, f"program {program}", arguments)
    if path and _any_path().match(path):  # one look for nearly all processes, which are no agents
        for agent in agents():
            if any(fnmatchcase(path, pattern) for pattern in agent.program.paths):
                return _found(agent, "the path of its program", arguments)
    if _is_interpreter(program or name):
        script = next((word for word in words[1:] if not word.startswith("-") and "/" in word), "")
        for agent in agents():
            part = next((part for part in agent.program.arguments if _contains(script, part)), None)
            if part is not None:
                return _found(agent, f"{program or name} runs {part.strip('/')}", arguments)
    if not executable and (agent := _by_name().get(name)) is not None:
        return _found(agent, f"name {name}", arguments)
    return None


def _contains(script: str, part: str) -> bool:
    """Tell whether a script's path holds `part`; one that names a program (`/bin/gemini`) must be its end."""
    if part.endswith(("/", "-")):
        return part in script
    return script.endswith((part, part.replace("/bin/", "/.bin/")))


def _is_interpreter(program: str) -> bool:
    return program.lower().startswith(_INTERPRETERS)


def _base(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(" (deleted)")


def _found(agent: CatalogAgent, said_by: str, arguments: tuple[str, ...]) -> AgentProcess:
    return AgentProcess(agent=agent, said_by=said_by, autonomy=autonomy_flags(agent, arguments))


def autonomy_flags(agent: CatalogAgent, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments of an agent that switch asking off, as the catalog writes them."""
    words = [part for word in arguments[1:64] for part in (word.split("=", 1) if word.startswith("--") else [word])]
    if not set(words).isdisjoint(agent.program.setup):
        return ()
    found = []
    for flag in agent.program.autonomy:
        wanted = flag.split(" ")
        length = len(wanted)
        if any(words[place : place + length] == wanted for place in range(len(words) - length + 1)):
            found.append(flag)
    return tuple(found)
