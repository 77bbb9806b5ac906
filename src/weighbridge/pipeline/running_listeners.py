"""Which process accepts connections where, and how far that reaches.

In: the running machine. Out: listeners by process. Whose a socket is, is asked once for every socket.
"""

from collections.abc import Iterable
from ipaddress import ip_address

from weighbridge.host.live import Live, SocketListener
from weighbridge.model.running import Listener


class SocketOwners:
    """Remembers which processes hold which listening sockets.

    Args:
        live: the running machine.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._known: dict[int, tuple[int, ...]] = {}

    def by_process(self) -> tuple[dict[int, list[SocketListener]], list[SocketListener]]:
        """Return listening sockets by process, and those whose owner is not visible."""
        sockets = self._live.listeners()
        self._learn(one.inode for one in sockets)
        owned: dict[int, list[SocketListener]] = {}
        unowned = []
        for one in sockets:
            for pid in self._known[one.inode]:
                owned.setdefault(pid, []).append(one)
            if not self._known[one.inode]:
                unowned.append(one)
        return owned, unowned

    def _learn(self, inodes: Iterable[int]) -> None:
        present = {*inodes}
        new = present.difference(self._known)
        owners = self._live.socket_owners(new) if new else {}
        self._known = {inode: self._known.get(inode) or owners.get(inode, ()) for inode in present}


def listener_of(socket: SocketListener) -> Listener:
    """Return what is known of a socket without asking it."""
    unix = socket.transport == "unix"
    return Listener(
        transport=socket.transport,
        address=socket.address,
        port=None if unix else socket.port,
        exposed=not unix and not _is_loopback(socket.address),
    )


def _is_loopback(address: str) -> bool:
    bound = ip_address(address.partition("%")[0])
    mapped = getattr(bound, "ipv4_mapped", None)
    return bound.is_loopback or (mapped is not None and mapped.is_loopback)
