"""What system package managers installed: Homebrew by its folders, Debian by the status file of dpkg.

Sources: Homebrew documentation, "Formula Cookbook" (Cellar/NAME/VERSION) and "Cask Cookbook" (Caskroom); dpkg,
deb-control(5) and /var/lib/dpkg/status.
"""

from collections.abc import Iterator

from weighbridge.discover.toolchain_catalog import role_of
from weighbridge.host.machine import Machine
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached
from weighbridge.model.toolchain import Ecosystem, InstalledTool

BREW = {
    "linux": (b"/home/linuxbrew/.linuxbrew",),
    "darwin": (b"/opt/homebrew", b"/usr/local"),
    "windows": (),
}
DPKG = b"/var/lib/dpkg/status"
_MOST_BYTES = 64 << 20


def brew_tools(machine: Machine) -> Iterator[InstalledTool]:
    """Yield the AI tools that Homebrew installed, formulas and casks."""
    for prefix in BREW[machine.platform]:
        for cellar in (b"Cellar", b"Caskroom"):
            folder = prefix + b"/" + cellar
            for name in _names(machine, folder):
                role = role_of(Ecosystem.BREW, display(name))
                versions = (
                    [one for one in _names(machine, folder + b"/" + name) if not one.startswith(b".")] if role else []
                )
                for version in versions:
                    yield InstalledTool(
                        ecosystem=Ecosystem.BREW,
                        name=display(name),
                        version=display(version),
                        path=folder + b"/" + name + b"/" + version,
                        environment=prefix,
                        role=role,
                    )


def _names(machine: Machine, folder: bytes) -> list[bytes]:
    try:
        return [entry.name for entry in machine.list_directory(folder) if entry.kind == "directory"]
    except OSError:
        return []


def debian_tools(machine: Machine) -> Iterator[InstalledTool]:
    """Yield the AI tools that dpkg says are installed; nothing where there is no dpkg."""
    if machine.platform != "linux":
        return
    try:
        status = machine.read_file(DPKG, _MOST_BYTES)
    except (OSError, LimitReached):
        return
    for paragraph in status.split(b"\n\n"):
        fields = dict(line.split(b": ", 1) for line in paragraph.split(b"\n") if b": " in line and line[:1] != b" ")
        name = display(fields.get(b"Package", b""))
        if not name or not fields.get(b"Status", b"").endswith(b" installed"):
            continue
        role = role_of(Ecosystem.DEB, name)
        if role:
            version = display(fields.get(b"Version", b"")) or None
            yield InstalledTool(ecosystem=Ecosystem.DEB, name=name, version=version, path=DPKG, role=role)
