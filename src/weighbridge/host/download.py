"""Large answers of the one server that somebody named, piece by piece as they come; never followed elsewhere.

Beside `fleet_http`, whose answers are small and held whole. Several at a time may use one client.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from weighbridge.host.fleet_http import CONNECT_SECONDS, FleetClient, HttpError, reason_of

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

SILENT_SECONDS = 60.0
"""After so long without a byte a download counts as broken."""
_PIECE = 1 << 20


class Download(NamedTuple):
    """An answer whose body is still to come."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    pieces: Iterator[bytes]
    """The body, as it comes. Raises HttpError."""


@contextmanager
def download(client: FleetClient, path: str, headers: Mapping[str, str]) -> Iterator[Download]:
    """Ask for something large.

    Args:
        client: the way to the server.
        path: begins with a slash.
        headers: besides those that every request has.

    Raises:
        HttpError: there is no answer, or it leads elsewhere.
    """
    import urllib3

    try:
        reply = client.pooled().request(
            "GET",
            client.address.url + path,
            headers={**client.usual_headers, **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS),
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise HttpError(reason_of(error)) from None
    found = {name.lower(): value for name, value in reply.headers.items()}
    try:
        if 300 <= reply.status < 400:
            raise HttpError(f"it sends on to {found.get('location', 'elsewhere')[:200]!r}, which is not followed")
        yield Download(reply.status, found, _pieces(reply))
    finally:
        # What was not read would have to be thrown away: a new connection is cheaper.
        reply.close()


def _pieces(reply: "BaseHTTPResponse") -> Iterator[bytes]:
    import urllib3

    read: Any = reply.read
    try:
        while piece := read(_PIECE):
            yield piece
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise HttpError(reason_of(error)) from None
