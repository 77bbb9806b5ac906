"""One bounded GET to a server of this very machine, over TCP on a loopback address or over a UNIX socket.

No name is looked up, no proxy is asked, no redirect is followed, nothing but GET is ever sent.
Source: RFC 9112 (message syntax, chunked coding), RFC 9110 (status, fields).
"""

import os
import socket
import time
from ipaddress import ip_address

from weighbridge.host.live import HttpAnswer

_LONGEST_NAME = 107
"""Bytes of a name that fit into `sun_path` (unix(7)); longer ones are reached through their folder."""
_LARGEST_HEAD = 16_384
_LARGEST_CHUNK_LINE = 1_024
_USER_AGENT = "weighbridge"


def loopback_address(address: str) -> str:
    """Return the loopback address that leads to a listener bound to `address`.

    Raises OSError if none does: a listener on another address of this machine is not asked.
    """
    bound = ip_address(address)
    if bound.is_unspecified:
        return "127.0.0.1" if bound.version == 4 else "::1"
    mapped = getattr(bound, "ipv4_mapped", None)
    if bound.is_loopback or (mapped is not None and mapped.is_loopback):
        return address
    raise OSError(f"listens on {address}, which is not a loopback address")


def get_tcp(address: str, port: int, path: str, limit: int, seconds: float) -> HttpAnswer:
    """Return the answer of the server on a loopback address. Raises OSError."""
    host = loopback_address(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + seconds
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        connection.connect((host, port))
        named = f"[{host}]" if family == socket.AF_INET6 else host
        return _ask(connection, f"{named}:{port}", path, limit, deadline)


def get_unix(name: bytes, path: str, limit: int, seconds: float) -> HttpAnswer:
    """Return the answer of the server on a UNIX socket; a zero byte begins an abstract name. Raises OSError."""
    deadline = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        if len(name) <= _LONGEST_NAME:
            connection.connect(name)
        else:
            folder = os.open(os.path.dirname(name), os.O_RDONLY | getattr(os, "O_PATH", 0))
            try:
                connection.connect(b"/proc/self/fd/%d/" % folder + os.path.basename(name))
            finally:
                os.close(folder)
        return _ask(connection, "localhost", path, limit, deadline)


def _ask(connection: socket.socket, host: str, path: str, limit: int, deadline: float) -> HttpAnswer:
    if not path.startswith("/") or not path.isascii() or any(character <= " " for character in path):
        raise ValueError(f"not a path: {path!r}")
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {_USER_AGENT}\r\n"
        "Accept: application/json, */*;q=0.5\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(request.encode("ascii"))
    return _Reply(connection, deadline).read(limit)


class _Reply:
    """What comes back, read piece by piece until its end, the limit or the deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._waiting = b""
        self._patient = False
        """Whether the deadline only cuts the body short: a stream of events never ends by itself."""
        self._late = False

    def read(self, limit: int) -> HttpAnswer:
        status, headers = self._head()
        if status in (204, 304):
            return HttpAnswer(status, headers, b"")
        self._patient = True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return HttpAnswer(status, headers, self._chunks(limit), self._late)
        length = headers.get("content-length", "")
        most = min(limit, int(length)) if length.isdecimal() and len(length) < 20 else limit
        return HttpAnswer(status, headers, self._exactly(most), self._late)

    def _head(self) -> tuple[int, dict[str, str]]:
        """Return the first head that is not an interim one (RFC 9110, section 15.2)."""
        for _ in range(4):
            lines = self._until(b"\r\n\r\n", _LARGEST_HEAD).decode("latin-1").split("\r\n")
            version, _, rest = lines[0].partition(" ")
            if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
                raise OSError("does not speak HTTP")
            status = int(rest[:3])
            if status >= 200:
                fields = (line.partition(":") for line in lines[1:])
                return status, {name.strip().lower(): value.strip() for name, colon, value in fields if colon}
        raise OSError("never comes to an answer")

    def _chunks(self, limit: int) -> bytes:
        body = b""
        while len(body) < limit:
            try:
                line = self._until(b"\r\n", _LARGEST_CHUNK_LINE)
                size = int(line.partition(b";")[0].strip(), 16)
            except (OSError, ValueError):
                break  # cut short: what came is the answer
            if size <= 0:
                break
            body += self._exactly(min(size, limit - len(body)))
            self._exactly(2)
        return body

    def _until(self, mark: bytes, most: int) -> bytes:
        while mark not in self._waiting:
            if len(self._waiting) > most or not self._more():
                raise OSError("does not speak HTTP")
        found, _, self._waiting = self._waiting.partition(mark)
        return found

    def _exactly(self, length: int) -> bytes:
        while len(self._waiting) < length and self._more():
            pass
        found, self._waiting = self._waiting[:length], self._waiting[length:]
        return found

    def _more(self) -> bool:
        """Wait for the next piece; False at the end. Raises OSError if the server falls silent before it answered."""
        left = self._deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError("timed out")
            self._connection.settimeout(left)
            piece = self._connection.recv(65_536)
        except OSError:
            if not self._patient:
                raise
            piece = b""
            self._late = True
        self._waiting += piece
        return bool(piece)
