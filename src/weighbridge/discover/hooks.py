"""Commands that agents run on their own: hooks, status lines, helpers for keys.

Shapes differ from agent to agent, so everything below a declared place that is a command counts: a text, a list of
texts, or a mapping with `command` (or `bash`, `powershell`); names on the way are the event, `matcher` narrows it.
What a hook runs is not run; of its file only the permission bits are looked at.
Sources: the configuration pages that the files of `agents/` name.
"""

from collections.abc import Iterator
from typing import Any

from weighbridge.discover.config_text import everywhere
from weighbridge.discover.masking import masked_key, masked_text, masked_words
from weighbridge.discover.shell_text import fetches_code, script_path, split, words_of
from weighbridge.host.machine import Machine
from weighbridge.model.agent import Hook, Scope

_COMMANDS = ("command", "bash", "powershell", "cmd", "script", "run")
_MOST = 500
_DEEPEST = 8


def hooks_in(
    machine: Machine,
    value: Any,  # noqa: ANN401  (whatever a configuration holds)
    places: tuple[str, ...],
    *,
    agent: str,
    scope: Scope,
    path: bytes,
    folder: bytes,
) -> Iterator[Hook]:
    """Yield the commands at these places of a configuration.

    Args:
        machine: whose permission bits are looked at.
        value: of the configuration.
        places: paths of names.
        agent: catalog id.
        scope: of the configuration.
        path: of the configuration.
        folder: the project or home that relative programs are in.
    """
    seen = 0
    for place in places:
        for key, found in everywhere(value, place):
            for where, event, matcher, words, text in _commands(found, key):
                seen += 1
                if seen > _MOST:
                    return
                program = script_path(words)
                file = _absolute(machine, program, folder)
                yield Hook(
                    agent=agent,
                    event=event[:100],
                    scope=scope,
                    path=path,
                    key=masked_key(where)[:300],
                    command=masked_text(text)[:400] if text else " ".join(masked_words(words))[:400],
                    matcher=matcher[:200],
                    program=file,
                    writable_by_all=writable_by_all(machine, file) if file is not None else None,
                    fetched_code=fetches_code(text or " ".join(words)),
                )


def _commands(value: Any, key: str) -> Iterator[tuple[str, str, str, tuple[str, ...], str]]:  # noqa: ANN401
    """Yield where, event, matcher, words and text of every command in a value."""
    name = key.rpartition("/")[2]
    if isinstance(value, str):
        if value.strip():
            yield key, name, "", tuple(split(value)), value
        return
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield key, name, "", tuple(value), ""
        return
    waiting: list[tuple[Any, str, str, str, int]] = [(value, key, name, "", 0)]
    while waiting:
        item, where, event, matcher, depth = waiting.pop(0)
        if depth > _DEEPEST:
            continue
        if isinstance(item, list):
            waiting += [(one, f"{where}/{n}", event, matcher, depth + 1) for n, one in enumerate(item[:_MOST])]
        elif isinstance(item, dict):
            own = item.get("matcher")
            matcher = own if isinstance(own, str) else matcher
            stated = [name for name in _COMMANDS if isinstance(item.get(name), str | list) and item.get(name)]
            for name in stated:
                command = item[name]
                if isinstance(command, list) and not all(isinstance(word, str) for word in command):
                    waiting.append((command, f"{where}/{name}", name, matcher, depth + 1))
                    continue
                words = words_of(command, item.get("args"))
                yield where, event, matcher, words, command if isinstance(command, str) and "args" not in item else ""
            for name, one in list(item.items())[:_MOST]:
                if isinstance(one, dict | list) and name not in stated and name not in ("args", "env"):
                    deeper = name if depth == 0 or event == key.rpartition("/")[2] else event
                    waiting.append((one, f"{where}/{name}", deeper, matcher, depth + 1))


def _absolute(machine: Machine, program: str | None, folder: bytes) -> bytes | None:
    """Return the file that is run; None if the command is only a name that the search path resolves."""
    if program is None or len(program) > 1000:
        return None
    if machine.platform == "windows":
        return program.encode("utf-8", "surrogateescape") if program[1:3] == ":\\" else None
    home = machine.homes()[0]
    for variable in ("$HOME", "${HOME}", "~"):
        if program == variable or program.startswith(variable + "/"):
            return home + program[len(variable) :].encode("utf-8", "surrogateescape")
    for variable in ("$CLAUDE_PROJECT_DIR", "${CLAUDE_PROJECT_DIR}", "$GEMINI_PROJECT_DIR", "${GEMINI_PROJECT_DIR}"):
        if program.startswith(variable + "/"):
            return folder + program[len(variable) :].encode("utf-8", "surrogateescape")
    if "$" in program or "`" in program or "\0" in program:
        return None
    if program.startswith("/"):
        return program.encode("utf-8", "surrogateescape")
    if "/" in program:
        return folder.rstrip(b"/") + b"/" + program.removeprefix("./").encode("utf-8", "surrogateescape")
    return None


def writable_by_all(machine: Machine, path: bytes) -> bytes | None:
    """Return the file or folder on the way to `path` that every user may write to; None if there is none.

    A folder with the sticky bit counts too: there everybody can make the file while it is missing. So does a file that
    is not there, if the folder it would be in is open to all. Source: POSIX.1-2024, 4.7 File Access Permissions.
    """
    if machine.platform == "windows" or not path.startswith(b"/"):
        return None
    parts = [part for part in path.split(b"/") if part]
    for count in range(len(parts), 0, -1):
        place = b"/" + b"/".join(parts[:count])
        try:
            mode = machine.stat(place, follow=True).st_mode
        except OSError:
            continue
        if mode & 0o002:
            return place
    return None
