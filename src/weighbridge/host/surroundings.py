"""Where a machine keeps things, as rules over its platform and environment: shared by real and fake machine."""

from collections.abc import Callable

from weighbridge.host.machine import Mount, Platform

_APPLICATION = b"weighbridge"


def state_folder(platform: Platform, environment: Callable[[str], str | None], home: bytes) -> bytes:
    """Return the one folder that Weighbridge writes to.

    `WEIGHBRIDGE_STATE` overrides. Else: XDG Base Directory Specification 0.8 on Linux, `~/Library/Application Support`
    on macOS, `%LOCALAPPDATA%` on Windows.
    """
    override = environment("WEIGHBRIDGE_STATE")
    if override:
        return override.encode("utf-8", "surrogateescape")
    if platform == "windows":
        local = environment("LOCALAPPDATA")
        base = local.encode("utf-8", "surrogateescape") if local else home + b"\\AppData\\Local"
        return base + b"\\" + _APPLICATION
    if platform == "darwin":
        return home + b"/Library/Application Support/" + _APPLICATION
    state = environment("XDG_STATE_HOME")
    base = state.encode("utf-8", "surrogateescape") if state and state.startswith("/") else home + b"/.local/state"
    return base + b"/" + _APPLICATION


def parse_mountinfo(text: bytes) -> tuple[Mount, ...]:
    """Return the mounts that the text of `/proc/self/mountinfo` lists.

    Source: proc_pid_mountinfo(5): fields are separated by spaces, the mount point is the fifth, optional fields end
    at a lone `-`, the type follows; space, tab, newline and backslash are octal escapes.
    """
    mounts = []
    for line in text.splitlines():
        before, separator, after = line.partition(b" - ")
        fields = before.split(b" ")
        if separator and len(fields) > 4:
            mounts.append(Mount(_unescaped(fields[4]), after.split(b" ", 1)[0].decode("utf-8", "replace")))
    return tuple(mounts)


def _unescaped(field: bytes) -> bytes:
    for escape, plain in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
        field = field.replace(escape, plain)
    return field


PLACEHOLDER_FLAG_DARWIN = 0x40000000
"""`SF_DATALESS` of macOS `sys/stat.h`: the content is in the cloud, reading would fetch it."""
PLACEHOLDER_ATTRIBUTES_WINDOWS = 0x1000 | 0x40000 | 0x400000
"""`FILE_ATTRIBUTE_OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS` of the Windows file attribute constants."""


def is_placeholder(status: object, platform: Platform) -> bool:
    """Tell whether a file's content is not on this machine, so that reading it would fetch it over the network.

    Args:
        status: `os.stat_result` or a `Stat`; flags and attributes are used where it has them.
        platform: whose rules apply.
    """
    if platform == "darwin":
        flags = getattr(status, "st_flags", None)
        if flags is not None:
            return bool(flags & PLACEHOLDER_FLAG_DARWIN)
        return getattr(status, "st_blocks", 1) == 0 and getattr(status, "st_size", 0) > 0
    if platform == "windows":
        return bool(getattr(status, "st_file_attributes", 0) & PLACEHOLDER_ATTRIBUTES_WINDOWS)
    return False
