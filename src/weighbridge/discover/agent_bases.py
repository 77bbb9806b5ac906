"""What places in the catalog of agents begin with: folders that systems and people put elsewhere."""

from weighbridge.host.machine import Platform

EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf", "Kiro", "Antigravity", "Trae")
BASES: dict[str, dict[Platform, tuple[str | None, str]]] = {
    "{config}": {
        "linux": ("XDG_CONFIG_HOME", "{home}/.config"),
        "darwin": ("XDG_CONFIG_HOME", "{home}/.config"),
        "windows": (None, "{home}\\.config"),
    },
    "{data}": {
        "linux": ("XDG_DATA_HOME", "{home}/.local/share"),
        "darwin": ("XDG_DATA_HOME", "{home}/.local/share"),
        "windows": (None, "{home}\\.local\\share"),
    },
    "{application}": {
        "linux": ("XDG_CONFIG_HOME", "{home}/.config"),
        "darwin": (None, "{home}/Library/Application Support"),
        "windows": ("APPDATA", "{home}\\AppData\\Roaming"),
    },
    "{local}": {"windows": ("LOCALAPPDATA", "{home}\\AppData\\Local")},
    "{library}": {"darwin": (None, "/Library/Application Support")},
    "{etc}": {"linux": (None, "/etc")},
    "{programdata}": {"windows": ("PROGRAMDATA", "C:\\ProgramData")},
    "{programfiles}": {"windows": ("PROGRAMFILES", "C:\\Program Files")},
}
"""Base -> platform -> variable that moves it, and where it is otherwise; other platforms have no such place.
Sources: XDG Base Directory Specification 0.8; Apple File System Programming Guide; Windows known folders."""
EDITOR_BASES = ("{application}/{editor}/User",)
BEGINNINGS = ("{home}", "{project}", "{editor}", *BASES)
