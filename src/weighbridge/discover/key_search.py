"""Where keys are looked for, and nowhere else: configurations of agents, `.env` files beside them, shell profiles.

What is found is a format, a place and a fingerprint; see `keys.py`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from weighbridge.discover.agent_catalog import ConfigFile, agents
from weighbridge.discover.agent_places import places
from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.config_files import ConfigFiles, Loaded, readable_by
from weighbridge.discover.config_text import everywhere
from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.discover.keys import FoundKey, is_secret, keys_in, named_secrets, secret_of
from weighbridge.discover.tool_servers import command_of, definitions, secrets_of, url_of
from weighbridge.discover.word_secrets import secrets_in_url, secrets_in_words
from weighbridge.host.machine import Machine
from weighbridge.model.agent import LeakedKey, Scope

Kind = Literal["configuration", "project file", "shell profile", "credential store", "environment"]


def search_places(machine: Machine, projects: tuple[bytes, ...]) -> Iterator[tuple[bytes, Kind]]:
    """Yield the files outside of agents' own configurations in which keys are looked for."""
    listed = compiled_agents()["key_places"]
    kinds: tuple[tuple[str, Kind], ...] = (
        ("profiles", "shell profile"),
        ("projects", "project file"),
        ("stores", "credential store"),
    )
    for name, kind in kinds:
        for pattern in listed[name]:
            for path in places(machine, pattern, projects):
                yield path, kind


def keys_in_files(
    files: ConfigFiles,
    configurations: Iterable[tuple[Loaded, ConfigFile, tuple[str, ...]]],
    projects: tuple[bytes, ...],
    fingerprints: Fingerprints,
) -> tuple[LeakedKey, ...]:
    """Return the keys in configurations and in the other places, each once a file, line and fingerprint.

    Args:
        files: reader.
        configurations: what was read, what the catalog says of it, and the agents that read it.
        projects: folders with configurations of their own.
        fingerprints: of this machine.
    """
    found: dict[tuple[bytes, str], LeakedKey] = {}
    for loaded, file, readers in configurations:
        kind: Kind = "credential store" if file.store else "configuration"
        if file.scope is Scope.PROJECT:
            kind = "project file"
        for key in _in_configuration(loaded, file, fingerprints):
            _add(files.machine, found, loaded, key, kind, readers)
    variables = frozenset(compiled_agents()["key_places"]["variables"]) | {
        name for agent in agents() for name in agent.keys
    }
    for path, kind in search_places(files.machine, projects):
        text = files.text(path)
        if text is None:
            continue
        loaded = Loaded(path=path, text=text[0], value=None, mode=text[1])
        for key in (*keys_in(text[0], fingerprints), *named_secrets(text[0], fingerprints, variables)):
            _add(files.machine, found, loaded, key, kind, ())
    return tuple(sorted(found.values(), key=lambda one: (one.path or b"", one.line or 0, one.format)))


def _add(
    machine: Machine,
    found: dict[tuple[bytes, str], LeakedKey],
    loaded: Loaded,
    key: FoundKey,
    kind: Kind,
    readers: tuple[str, ...],
) -> None:
    place = loaded.path, key.fingerprint
    known = found.get(place)
    if known is not None:
        readers = tuple(sorted({*known.agents, *readers}))
        if known.format != "by-name" or key.format == "by-name":
            key = FoundKey(
                format=known.format,
                provider=known.provider,
                fingerprint=known.fingerprint,
                line=known.line or key.line,
                name=known.name or key.name,
            )
    found[place] = LeakedKey(
        format=key.format,
        provider=key.provider,
        fingerprint=key.fingerprint,
        path=loaded.path,
        line=key.line or None,
        name=key.name,
        agents=readers,
        place=kind,
        readable_by=readable_by(machine, loaded.path, loaded.mode),
    )


def _in_configuration(loaded: Loaded, file: ConfigFile, fingerprints: Fingerprints) -> Iterator[FoundKey]:
    """Yield keys by their form anywhere in the text, and secrets by their names where the catalog says they stand."""
    yield from keys_in(loaded.text, fingerprints)
    if loaded.value is None:
        names = {name for agent in agents() for name in agent.keys}
        yield from named_secrets(loaded.text, fingerprints, names)
    for name, value in _named_values(loaded.value, file):
        yield secret_of(name, value, fingerprints, _line_of(loaded.text, value))


def _named_values(value: Any, file: ConfigFile) -> Iterator[tuple[str, str]]:  # noqa: ANN401  (a configuration)
    for key, _, item in definitions(value, file.servers):
        del key
        for name, one in secrets_of(item):
            if is_secret(name, _bare(one)):
                yield name, _bare(one)
        words = command_of(item)
        yield from secrets_in_words(words)
        url = url_of(item, words)
        if url:
            yield from secrets_in_url(url)
    for path in file.environment:
        for _, variables in everywhere(value, path):
            if isinstance(variables, dict):
                for name, one in variables.items():
                    if isinstance(one, str) and is_secret(str(name), one):
                        yield str(name), one
    for path in file.secrets:
        for key, one in everywhere(value, path):
            name = key.rpartition("/")[2]
            for text in one if isinstance(one, list) else [one]:
                if isinstance(text, str) and is_secret(f"{name}_token", text.rpartition("=")[2]):
                    yield name, text.rpartition("=")[2]


def _bare(value: str) -> str:
    """Return a header's value without its scheme."""
    scheme, blank, rest = value.partition(" ")
    return rest.strip() if blank and scheme.lower() in ("bearer", "basic", "token") else value


def _line_of(text: bytes, value: str) -> int:
    """Return the line on which a value stands, from 1; 0 if it is written otherwise there."""
    place = text.find(value.encode("utf-8", "surrogatepass"))
    return text.count(b"\n", 0, place) + 1 if place >= 0 else 0
