"""Ends connections whose clients read nothing of what is sent to them: what waits for them lies in this process.

Nothing above TCP notices such a client, for nothing fails. Source: tcp(7), TCP_USER_TIMEOUT, which a connection takes
over from the socket that it came in by and which counts for a window that stays closed, too (Linux 4.20 and later).
"""

import os
import socket
import stat
import sys
from contextlib import suppress

UNREAD_MILLISECONDS = 60_000
"""How long a client may read nothing."""


def end_unread(port: int, milliseconds: int = UNREAD_MILLISECONDS) -> bool:
    """Have the system end connections to a port on which this process listens, if nothing is read.

    Args:
        port: which.
        milliseconds: how long nothing is read, before.

    Returns:
        whether the system does so; only Linux does.
    """
    if sys.platform != "linux":
        return False
    found = False
    for name in os.listdir("/proc/self/fd"):
        if not _is_socket(int(name)):
            continue
        with suppress(OSError), socket.socket(fileno=os.dup(int(name))) as one:
            listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and one.family != socket.AF_UNIX and one.getsockname()[1] == port:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
                found = True
    return found


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False
