"""The kernel's texts about one process, read.

In: the content of files in `/proc/PID`. Out: values. Source: proc_pid_stat(5), proc_pid_status(5), proc_pid_io(5),
proc_pid_cgroup(5).
"""

import os
import re

from weighbridge.host.live import ProcessEntry

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_CONTAINER = re.compile(rb"(?:^|[/-])([0-9a-f]{64})(?=\.scope(?:/|$)|/|$)", re.M)
"""How Docker, containerd, CRI-O and Podman name the control group of a container, with either driver."""
_LXC = re.compile(rb"/lxc(?:\.payload)?[./]([A-Za-z0-9][A-Za-z0-9_.-]{0,63})(?:/|$)", re.M)


def parse_stat(text: bytes, user: int | None) -> ProcessEntry:
    """Return what `/proc/PID/stat` says. Raises ValueError if it makes no sense.

    Args:
        text: its content; the name in it may hold anything, so it ends at the last parenthesis.
        user: who the process belongs to, which is not in it.
    """
    opening, closing = text.index(b"("), text.rindex(b")")
    fields = text[closing + 2 :].split(b" ", 22)
    if len(fields) < 22:
        raise ValueError("cut short")
    return ProcessEntry(
        int(text[:opening]),
        int(fields[1]),
        int(fields[19]),
        text[opening + 1 : closing],
        user,
        int(fields[3]),
        int(fields[4]),
        int(fields[11]) + int(fields[12]),
        int(fields[21]) * _PAGE_BYTES,
        int(fields[20]),
    )


def parse_user(status: bytes) -> int | None:
    """Return the real user of `/proc/PID/status`."""
    start = status.find(b"\nUid:\t")
    return int(status[start + 6 :].split(None, 1)[0]) if start >= 0 else None


def parse_bytes_read(text: bytes) -> int:
    """Return `rchar` of `/proc/PID/io`: bytes that the process read, from the disk or from memory.

    Raises ValueError if it is not there.
    """
    for line in text.splitlines():
        if line.startswith(b"rchar: "):
            return int(line[7:])
    raise ValueError("no rchar")


def parse_container(text: bytes) -> str | None:
    """Return the id of the innermost container that `/proc/PID/cgroup` names; None outside of one."""
    for pattern in (_CONTAINER, _LXC):
        if found := pattern.findall(text):
            return bytes(found[-1]).decode("ascii")
    return None


def parse_units(text: bytes) -> str | None:
    """Return the units of systemd that `/proc/PID/cgroup` names, outermost first, `/` between them; None without any.

    Source: systemd, "Control Group APIs and Delegation"; systemd.unit(5), unit name escapes.
    """
    for line in text.splitlines():
        controllers, _, path = line.partition(b":")[2].partition(b":")
        if controllers in (b"", b"name=systemd"):
            units = [part for part in path.split(b"/") if part.endswith((b".service", b".scope"))]
            if units:
                return b"/".join(units).decode("utf-8", "backslashreplace")
    return None


def split_words(text: bytes) -> tuple[bytes, ...]:
    """Return the words of `/proc/PID/cmdline` or `environ`: each ends with a zero byte.

    A process that wrote over its arguments (`setproctitle`) may leave zeros at the end or none at all.
    """
    return tuple(text.rstrip(b"\0").split(b"\0")) if text.strip(b"\0") else ()
