"""Which agents of the catalog are on a machine, and on what that stands.

A program under a name that is the agent's alone, or a package under its publisher's name, is an agent; a configuration
alone is a trace. A program under a name that others use too counts only beside another sign of the same agent.
"""

from collections.abc import Iterable

from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.discover.agent_places import places, places_of
from weighbridge.discover.toolchain_catalog import normalized
from weighbridge.host.machine import Machine
from weighbridge.model.agent import AgentEvidence, InstalledAgent
from weighbridge.model.place import display
from weighbridge.model.toolchain import Ecosystem, InstalledTool

_PACKAGES = {
    "npm": Ecosystem.NPM,
    "pip": Ecosystem.PYPI,
    "brew": Ecosystem.BREW,
    "cask": Ecosystem.BREW,
    "vscode": Ecosystem.VSCODE,
    "jetbrains": Ecosystem.JETBRAINS,
}
PROGRAM_FOLDERS = (
    "{home}/.local/bin",
    "{home}/bin",
    "{home}/.npm-global/bin",
    "{home}/.bun/bin",
    "{home}/.cargo/bin",
    "{home}/.volta/bin",
    "{home}/.claude/local",
    "{home}/.opencode/bin",
    "{home}/.nvm/versions/node/*/bin",
    "{home}/Applications",
    "{local}/Programs",
    "{application}/npm",
)
"""Where programs are that one person installed. Beside these: `SYSTEM_FOLDERS`."""
SYSTEM_FOLDERS = {
    "linux": (b"/usr/local/bin", b"/usr/bin", b"/snap/bin", b"/opt"),
    "darwin": (b"/usr/local/bin", b"/opt/homebrew/bin", b"/Applications"),
    "windows": (b"C:\\Program Files",),
}
_ENDINGS = (".app", ".exe", ".cmd", ".appimage")


def installed_agents(machine: Machine, tools: Iterable[InstalledTool]) -> tuple[InstalledAgent, ...]:
    """Return the agents of which something is here, by id; the strongest evidence first."""
    programs = _programs(machine)
    by_package: dict[tuple[Ecosystem, str], list[InstalledTool]] = {}
    for tool in tools:
        by_package.setdefault((tool.ecosystem, normalized(tool.ecosystem, tool.name)), []).append(tool)
    found = []
    for agent in agents():
        packages = _packages(agent, by_package)
        configurations = _configurations(machine, agent)
        named = _named(agent.program.names, programs)
        if packages or configurations:
            named += _named(agent.program.shared, programs, interpreters=False)
        evidence = (*packages[:20], *named[:10], *configurations[:20])
        if evidence:
            version = next((tool.version for tool in _tools(agent, by_package) if tool.version), None)
            found.append(InstalledAgent(id=agent.id, title=agent.title, evidence=evidence, version=version))
    return tuple(found)


def _programs(machine: Machine) -> dict[str, bytes]:
    """Return programs by name, without ending and in the case that the system has."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    folders = [*(path for pattern in PROGRAM_FOLDERS for path in places(machine, pattern))]
    found: dict[str, bytes] = {}
    for folder in (*folders, *SYSTEM_FOLDERS[machine.platform]):
        try:
            entries = machine.list_directory(folder)
        except OSError:
            continue
        for entry in entries:
            name = display(entry.name)
            for ending in _ENDINGS:
                if name.lower().endswith(ending):
                    name = name[: -len(ending)]
            found.setdefault(name, folder + separator + entry.name)
    return found


_INTERPRETERS = frozenset({"node", "python3", "python", "code", "Code", "stable"})


def _named(names: tuple[str, ...], programs: dict[str, bytes], *, interpreters: bool = True) -> list[AgentEvidence]:
    plain = (name.removesuffix(".exe") for name in names)
    wanted = [name for name in dict.fromkeys(plain) if interpreters or name not in _INTERPRETERS]
    return [
        AgentEvidence(kind="program", detail=f"program {name}", path=programs[name])
        for name in wanted
        if name in programs
    ]


def _tools(agent: CatalogAgent, by_package: dict[tuple[Ecosystem, str], list[InstalledTool]]) -> list[InstalledTool]:
    found: dict[InstalledTool, None] = {}
    for kind, names in agent.packages.items():
        if kind in _PACKAGES:
            for name in names:
                key = _PACKAGES[kind], normalized(_PACKAGES[kind], name.rpartition("/")[2] if kind == "brew" else name)
                found |= dict.fromkeys(by_package.get(key, ()))
    return list(found)


def _packages(agent: CatalogAgent, by_package: dict[tuple[Ecosystem, str], list[InstalledTool]]) -> list[AgentEvidence]:
    return [
        AgentEvidence(
            kind="package", detail=" ".join(filter(None, (tool.ecosystem, tool.name, tool.version))), path=tool.path
        )
        for tool in _tools(agent, by_package)
    ]


def _configurations(machine: Machine, agent: CatalogAgent) -> list[AgentEvidence]:
    """Return the places of one person's configuration that are there; those that agents share are nobody's sign."""
    patterns = [file.path for file in agent.files if file.scope == "user"] + list(agent.state)
    found: dict[bytes, AgentEvidence] = {}
    for pattern in dict.fromkeys(patterns):
        if "**" in pattern or pattern.startswith(("{project}", "{editor}/settings.json", "{editor}/mcp.json")):
            continue
        for path in places_of(machine, agent, pattern):
            try:
                machine.stat(path, follow=True)
            except OSError:
                continue
            found.setdefault(path, AgentEvidence(kind="configuration", detail="configuration", path=path))
    return list(found.values())
