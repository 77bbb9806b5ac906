"""Tools for AI on a machine: libraries, converters, user interfaces, plugins and editor extensions."""

from enum import StrEnum

from weighbridge.model.finding import Unexamined
from weighbridge.model.record import record


class Ecosystem(StrEnum):
    """Who installs and names a tool; purl types where one fits."""

    PYPI = "pypi"
    NPM = "npm"
    BREW = "brew"
    DEB = "deb"
    VSCODE = "vscode-extension"
    JETBRAINS = "jetbrains-plugin"
    COMFYUI = "comfyui-node"


@record
class InstalledTool:
    """One tool at one place."""

    ecosystem: Ecosystem
    name: str
    version: str | None
    """As the installer recorded it; None if nothing says."""
    path: bytes
    """What says that it is installed: its metadata folder or manifest."""
    environment: bytes = b""
    """Folder of the environment that holds it (virtual environment, `node_modules`, editor's extensions)."""
    role: str = ""
    """What the catalog says it is for (`runtime`, `converter`, `agent`, ...); empty if it does not know."""


@record
class Advisory:
    """Versions of a tool that are known to be bad, from `discover/known_bad.toml`."""

    id: str
    """Of whoever published it (`CVE-2024-50050`, `GHSA-...`)."""
    ecosystem: Ecosystem
    name: str
    versions: tuple[str, ...]
    """Ranges: `<0.14.2`, `>=1.0,<1.3.1`, `==8.3.41`; one of them is enough."""
    severity: str
    kind: str
    """`vulnerable` or `malicious`."""
    what: str
    fixed: str
    """First good version; empty if there is none."""
    source: str
    checked: str
    verified: bool = True
    """Whether the advisory could be read where `source` says; what could not is hearsay, and weighs less."""


@record
class ToolInventory:
    """The tools that were found, and what could not be read."""

    tools: tuple[InstalledTool, ...] = ()
    unexamined: tuple[Unexamined, ...] = ()
    environments: tuple[bytes, ...] = ()
    """Every Python environment and `node_modules` that was looked into."""
