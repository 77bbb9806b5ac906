"""What a file in `agents/` says, checked.

One TOML file per agent, the file name is its id. `title`, `source` (where the facts were read), `checked` (when) and
`confidence` (source, docs, peer, unverified) hold for the whole file; a table with its own `source`, `checked` and
`confidence` was read elsewhere. What an unverified table says of not asking is told as hearsay (`wb agent audit`).

    [program]        names: file names that are this program and no other; shared: names that others have too, which
                     count only together with one of paths (patterns of the program's path) or of arguments (parts of a
                     script's path on the command line); autonomy: arguments that switch asking off; setup: arguments
                     with which it only installs something, so that the former mean something else; markers:
                     variables that it sets for what it starts, `NAME` or `NAME=value`; units: names of services;
                     host: people work in it too (an editor, a terminal), so what it starts may be their own doing
    [packages]       npm, pip, brew, cask, vscode, jetbrains: names; publishers decide, not titles
    [environment]    keys: variables that hold its keys; [[environment.moved]] variable, and which beginning of its
                     places (`replaces`) is at the variable's value, or `below` it, if that is set
    [[file]]         path, scope (user, project, plugin, managed), and what stands in it by paths of names, `/` between
                     them and `*` for any: servers, hooks, environment, secrets, [[file.mode]]; store: it is made to
                     keep credentials
    [[skills]]       path, scope: folders of skills
    [[instructions]] path, scope
    [[state]]        path: folders and files that show it was configured here

Places begin with `{home}`, `{project}` or a base of `agent_bases.py`; `*` stands for one name, `**` for any folders.
"""

from functools import cache
from typing import Any

from weighbridge.discover.agent_bases import BEGINNINGS
from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.signature import CONFIDENCES
from weighbridge.model.agent import Scope
from weighbridge.model.record import record

_TABLES = {"program", "packages", "environment", "file", "skills", "instructions", "state"}
_FACTS = {"title", "source", "checked", "confidence"}
_PROVENANCE = {"source", "checked", "confidence"}
_PROGRAM = ("names", "shared", "paths", "arguments", "autonomy", "setup", "markers", "units")
_PACKAGES = ("npm", "pip", "brew", "cask", "vscode", "jetbrains", "winget", "docker")
_FILE = {"path", "scope", "servers", "hooks", "environment", "secrets", "mode", "store", "projects", *_PROVENANCE}
_MODE = {"key", "autonomous", "meaning", *_PROVENANCE}


@record
class Program:
    """How a running agent is told from other processes."""

    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    autonomy: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    host: bool = False
    """Whether people work in it too, so that what it starts need not be the agent's doing."""


@record
class Mode:
    """A setting that decides about asking."""

    key: str
    autonomous: tuple[str, ...]
    """Values with which it does not ask, or entries of a list of what runs without asking."""
    meaning: str
    verified: bool = True
    """Whether somebody read in the agent's code or documentation that this is so."""


@record
class ConfigFile:
    """A configuration file and what stands where in it."""

    path: str
    scope: Scope
    servers: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    """Mappings of variable names to values."""
    secrets: tuple[str, ...] = ()
    """Values that are secrets whatever they look like."""
    projects: tuple[str, ...] = ()
    """Mappings whose names, or lists whose items, are project folders."""
    modes: tuple[Mode, ...] = ()
    store: bool = False


@record
class Folder:
    """A place that an agent reads as a whole."""

    path: str
    scope: Scope


@record
class MovedPlace:
    """A variable that moves places of an agent."""

    variable: str
    replaces: str
    below: str = ""


@record
class CatalogAgent:
    """One agent of the catalog."""

    id: str
    title: str
    source: str
    checked: str
    confidence: str
    program: Program = Program()
    packages: dict[str, tuple[str, ...]]
    keys: tuple[str, ...] = ()
    moved: tuple[MovedPlace, ...] = ()
    files: tuple[ConfigFile, ...] = ()
    skills: tuple[Folder, ...] = ()
    instructions: tuple[Folder, ...] = ()
    state: tuple[str, ...] = ()


@cache
def agents() -> tuple[CatalogAgent, ...]:
    """Return the agents of the catalog, sorted by id."""
    return tuple(agent_of(agent_id, content) for agent_id, content in sorted(compiled_agents()["agents"].items()))


def agent_of(agent_id: str, content: dict[str, Any]) -> CatalogAgent:
    """Return the agent with the content of its file. Raises ValueError naming the file and the key at fault."""
    _known(agent_id, content, _TABLES | _FACTS)
    _provenance(agent_id, content)
    if not isinstance(content.get("title"), str) or not content["title"]:
        raise ValueError(f"{agent_id}: title is a text")
    program = _table(agent_id, content, "program", {*_PROGRAM, "host", *_PROVENANCE})
    packages = _table(agent_id, content, "packages", {*_PACKAGES, *_PROVENANCE})
    environment = _table(agent_id, content, "environment", {"keys", "moved", *_PROVENANCE})
    return CatalogAgent(
        id=agent_id,
        title=content["title"],
        source=content["source"],
        checked=str(content["checked"]),
        confidence=content["confidence"],
        program=Program(
            host=program.get("host") is True, **{name: _texts(agent_id, program, name) for name in _PROGRAM}
        ),
        packages={name: _texts(agent_id, packages, name) for name in _PACKAGES if name in packages},
        keys=_texts(agent_id, environment, "keys"),
        moved=tuple(_moved(agent_id, item) for item in _tables(agent_id, environment, "moved")),
        files=tuple(_file(agent_id, item, content["confidence"]) for item in _tables(agent_id, content, "file")),
        skills=tuple(_folder(agent_id, item) for item in _tables(agent_id, content, "skills")),
        instructions=tuple(_folder(agent_id, item) for item in _tables(agent_id, content, "instructions")),
        state=tuple(_path(agent_id, item) for item in _tables(agent_id, content, "state")),
    )


def _moved(agent_id: str, item: dict[str, Any]) -> MovedPlace:
    _known(agent_id, item, {"variable", "replaces", "below", *_PROVENANCE})
    variable = item.get("variable")
    if not isinstance(variable, str) or not variable:
        raise ValueError(f"{agent_id}: a moved place has a variable")
    return MovedPlace(
        variable=variable,
        replaces=_path(agent_id, {"path": item.get("replaces")}),
        below=str(item.get("below", "")),
    )


def _file(agent_id: str, item: dict[str, Any], whole: str) -> ConfigFile:
    _known(agent_id, item, _FILE)
    confidence = item.get("confidence", whole)
    modes = []
    for mode in _tables(agent_id, item, "mode"):
        _known(agent_id, mode, _MODE)
        values = mode.get("autonomous")
        if not isinstance(mode.get("key"), str) or not isinstance(values, list) or not values:
            raise ValueError(f"{agent_id}: a mode has a key and a list of autonomous values")
        modes.append(
            Mode(
                key=mode["key"],
                autonomous=tuple(map(setting_text, values)),
                meaning=str(mode.get("meaning", "")),
                verified=mode.get("confidence", confidence) != "unverified",
            )
        )
    return ConfigFile(
        path=_path(agent_id, item),
        scope=_scope(agent_id, item),
        servers=_texts(agent_id, item, "servers"),
        hooks=_texts(agent_id, item, "hooks"),
        environment=_texts(agent_id, item, "environment"),
        secrets=_texts(agent_id, item, "secrets"),
        projects=_texts(agent_id, item, "projects"),
        modes=tuple(modes),
        store=bool(item.get("store", False)),
    )


def setting_text(value: object) -> str:
    """Return a setting as one text: `true` for every way to say so."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _folder(agent_id: str, item: dict[str, Any]) -> Folder:
    _known(agent_id, item, {"path", "scope", *_PROVENANCE})
    return Folder(path=_path(agent_id, item), scope=_scope(agent_id, item))


def _scope(agent_id: str, item: dict[str, Any]) -> Scope:
    scope = item.get("scope") or ("project" if str(item["path"]).startswith("{project}") else "user")
    try:
        return Scope(scope)
    except ValueError:
        raise ValueError(f"{agent_id}: scope is one of {', '.join(Scope)}") from None


def _path(agent_id: str, item: dict[str, Any]) -> str:
    path = item.get("path")
    if not isinstance(path, str) or not path.startswith(BEGINNINGS):
        raise ValueError(f"{agent_id}: a path begins with one of {', '.join(BEGINNINGS)}: {path!r}")
    return path


def _tables(agent_id: str, content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = content.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise ValueError(f"{agent_id}: {key} is a list of tables")
    for item in tables:
        if _PROVENANCE & set(item):
            _provenance(agent_id, item)
    return tables


def _table(agent_id: str, content: dict[str, Any], key: str, known: set[str]) -> dict[str, Any]:
    table = content.get(key, {})
    if not isinstance(table, dict):
        raise ValueError(f"{agent_id}: {key} is a table")
    _known(agent_id, table, known)
    if _PROVENANCE & set(table):
        _provenance(agent_id, table)
    return table


def _texts(agent_id: str, table: dict[str, Any], key: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise ValueError(f"{agent_id}: {key} is a list of texts")
    return tuple(values)


def _known(agent_id: str, table: dict[str, Any], known: set[str]) -> None:
    if unknown := set(table) - known:
        raise ValueError(f"{agent_id}: unknown key {min(unknown)!r}")


def _provenance(agent_id: str, table: dict[str, Any]) -> None:
    if missing := _PROVENANCE - set(table):
        raise ValueError(f"{agent_id}: missing key {min(missing)!r}")
    if table["confidence"] not in CONFIDENCES:
        raise ValueError(f"{agent_id}: confidence is one of {', '.join(CONFIDENCES)}")
