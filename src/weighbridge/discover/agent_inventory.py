"""Everything that files say about agents, in reading order. No process is started and no socket is opened."""

from collections.abc import Iterable

from weighbridge.discover.agent_catalog import CatalogAgent, ConfigFile, agents
from weighbridge.discover.agent_places import places_of
from weighbridge.discover.config_files import ConfigFiles, Loaded
from weighbridge.discover.config_text import everywhere
from weighbridge.discover.fingerprint import fingerprints
from weighbridge.discover.hooks import hooks_in
from weighbridge.discover.installed_agents import installed_agents
from weighbridge.discover.instructions import instruction_file
from weighbridge.discover.key_search import keys_in_files
from weighbridge.discover.noise import noise_of
from weighbridge.discover.permission_modes import permissions_in
from weighbridge.discover.skills import read_skill, skill_folders
from weighbridge.discover.tool_servers import definitions, tool_server
from weighbridge.host.machine import Machine
from weighbridge.model.agent import (
    AgentInventory,
    Hook,
    InstructionFile,
    PermissionMode,
    Scope,
    Skill,
    ToolServer,
)
from weighbridge.model.record import draft
from weighbridge.model.toolchain import InstalledTool

_MOST_PROJECTS = 500


@draft
class _Read:
    """One configuration, by path: what agents say of it may differ, so the catalog's entries are kept apart."""

    loaded: Loaded
    entries: list[tuple[CatalogAgent, ConfigFile]]


def agent_inventory(
    machine: Machine, projects: Iterable[bytes] = (), tools: Iterable[InstalledTool] = ()
) -> AgentInventory:
    """Return agents, tool servers, skills, hooks, permissions, instructions and keys.

    Args:
        machine: where.
        projects: folders whose own configurations are read, beside those that agents say they know.
        tools: packages that were found, as a sign of agents.
    """
    files = ConfigFiles(machine)
    present = installed_agents(machine, tools)
    ids = frozenset(agent.id for agent in present)
    user = _configurations(files, [], project=False)
    folders = tuple(dict.fromkeys((*projects, *_known_projects(machine, user))))[:_MOST_PROJECTS]
    homes = frozenset(machine.homes())
    folders = tuple(folder for folder in folders if folder not in homes or folder in tuple(projects))
    read = {**user, **_configurations(files, folders, project=True)}
    servers: list[ToolServer] = []
    hooks: dict[Hook, None] = {}
    permissions: dict[PermissionMode, None] = {}
    for one in read.values():
        servers += _servers(one)
        for agent, file in one.entries:
            folder = _folder_of(machine, one.loaded.path, file.scope, folders)
            common = {"agent": agent.id, "scope": file.scope, "path": one.loaded.path}
            value = one.loaded.value
            hooks |= dict.fromkeys(hooks_in(machine, value, file.hooks, folder=folder, **common))  # type: ignore[arg-type]
            permissions |= dict.fromkeys(permissions_in(value, file.modes, **common))  # type: ignore[arg-type]
    skills = _skills(files, folders, ids)
    instructions = _instructions(files, folders, ids)
    keys = keys_in_files(
        files,
        [
            (one.loaded, file, tuple(sorted({agent.id for agent, _ in one.entries})))
            for one in read.values()
            for _, file in one.entries
        ],
        folders,
        fingerprints(machine),
    )
    return AgentInventory(
        agents=present,
        tool_servers=tuple(sorted(servers, key=lambda server: (server.path, server.key))),
        skills=skills,
        hooks=tuple(hooks),
        permissions=tuple(permissions),
        instructions=instructions,
        keys=keys,
        unexamined=tuple(files.unexamined.values()),
        projects=folders,
    )


def _configurations(files: ConfigFiles, projects: Iterable[bytes], *, project: bool) -> dict[bytes, _Read]:
    """Return the configurations that are there, of users and administrators or of projects."""
    found: dict[bytes, _Read] = {}
    for agent in agents():
        for file in agent.files:
            if (file.scope is Scope.PROJECT) != project:
                continue
            for path in places_of(files.machine, agent, file.path, projects):
                loaded = files.config(path)
                if loaded is not None:
                    found.setdefault(path, _Read(loaded=loaded, entries=[])).entries.append((agent, file))
    return found


def _known_projects(machine: Machine, read: dict[bytes, _Read]) -> list[bytes]:
    """Return the folders that agents remember to have worked in, if they are still there, on disks of this machine."""
    found: dict[bytes, None] = {}
    remote = tuple(noise_of(machine).network)
    for one in read.values():
        for _, file in one.entries:
            for key in file.projects:
                for _, value in everywhere(one.loaded.value, key):
                    names = value if isinstance(value, dict | list) else []
                    for name in list(names)[:_MOST_PROJECTS]:
                        path = str(name).encode("utf-8", "surrogateescape")
                        # Asking a network filesystem that is away can take minutes.
                        if not path.startswith(remote) and _is_folder(machine, path):
                            found[path] = None
    return list(found)


def _is_folder(machine: Machine, path: bytes) -> bool:
    absolute = path[1:3] == b":\\" if machine.platform == "windows" else path.startswith(b"/")
    if not absolute or b"\0" in path or path == b"/":
        return False
    try:
        return machine.stat(path, follow=True).st_mode & 0o170000 == 0o040000
    except OSError:
        return False


def _folder_of(machine: Machine, path: bytes, scope: Scope, projects: tuple[bytes, ...]) -> bytes:
    """Return the folder that relative programs of a configuration are in."""
    if scope is Scope.PROJECT:
        inside = [folder for folder in projects if path.startswith(folder)]
        if inside:
            return max(inside, key=len)
    return next((home for home in machine.homes() if path.startswith(home)), machine.homes()[0])


def _servers(one: _Read) -> list[ToolServer]:
    """Return the tool servers of one configuration, each with all agents that read it there."""
    found: dict[str, tuple[str, dict[str, object], list[str], Scope]] = {}
    for agent, file in one.entries:
        for key, name, item in definitions(one.loaded.value, file.servers):
            found.setdefault(key, (name, item, [], file.scope))[2].append(agent.id)
    return [
        tool_server(key, name, item, agents=tuple(dict.fromkeys(ids)), scope=scope, path=one.loaded.path)
        for key, (name, item, ids, scope) in found.items()
    ]


def _skills(files: ConfigFiles, projects: tuple[bytes, ...], present: frozenset[str]) -> tuple[Skill, ...]:
    machine = files.machine
    readers: dict[bytes, tuple[Scope, dict[str, None], bytes]] = {}
    for agent in agents():
        for folder in agent.skills:
            for path in places_of(machine, agent, folder.path, projects):
                try:
                    real = machine.resolve(path)
                    machine.stat(path, follow=True)
                except OSError:
                    continue
                readers.setdefault(real, (folder.scope, {}, path))[1][agent.id] = None
    found = []
    for scope, ids, path in readers.values():
        for skill_folder in skill_folders(machine, path):
            reading = tuple(sorted(ids))
            skill, unexamined = read_skill(
                machine,
                skill_folder,
                scope=scope,
                agents=tuple(one for one in reading if one in present),
                readers=reading,
            )
            found.append(skill)
            for item in unexamined:
                files.note(item.path, item.reason)
    return tuple(sorted(found, key=lambda skill: skill.path))


def _instructions(
    files: ConfigFiles, projects: tuple[bytes, ...], present: frozenset[str]
) -> tuple[InstructionFile, ...]:
    readers: dict[bytes, tuple[Scope, dict[str, None]]] = {}
    for agent in agents():
        for folder in agent.instructions:
            for path in places_of(files.machine, agent, folder.path, projects):
                readers.setdefault(path, (folder.scope, {}))[1][agent.id] = None
    found = []
    for path, (scope, ids) in sorted(readers.items()):
        reading = tuple(sorted(ids))
        agents_here = tuple(one for one in reading if one in present)
        one = instruction_file(files, path, scope=scope, agents=agents_here, readers=reading)
        if one is not None:
            found.append(one)
    return tuple(found)
