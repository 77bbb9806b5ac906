"""Questions to the fleet and their answers, as the API gives them, wherever the fleet is."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlencode

from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.fleet.store import Store
    from weighbridge.host.fleet_http import FleetClient, HttpReply

Answer = dict[str, Any]
"""As the API's JSON has it."""
_LARGEST_ANSWER = 64 << 20
_AT_ONCE = 500
_MOST_EMPTY = 50
"""Stretches without a row that are looked through before what was looked at is said instead."""


class Asker(Protocol):
    """Who answers. Every method raises WeighbridgeError."""

    def ask(self, what: str, query: str, after: str, limit: int) -> Answer:
        """Return a piece of a list."""
        ...

    def hunt(self, text: str, places: int) -> Answer:
        """Return what is known of the digests in a text."""
        ...

    def fields(self) -> list[Answer]:
        """Return what may be asked of each list."""
        ...


class Pieces(NamedTuple):
    """Rows of a list from its beginning."""

    rows: list[Answer]
    is_more: bool
    back_to: int | None
    """Not all was looked at: only what was received after this time."""


def pieces(asker: Asker, what: str, query: str, limit: int) -> Pieces:
    """Return up to `limit` rows, in as many pieces as it takes."""
    rows: list[Answer] = []
    after, empty = "", 0
    while True:
        found = asker.ask(what, query, after, min(_AT_ONCE, limit - len(rows)))
        rows += found["rows"]
        after, back_to = found["after"], found.get("back_to")
        empty = 0 if found["rows"] else empty + 1
        if not after or len(rows) >= limit or empty >= _MOST_EMPTY:
            return Pieces(rows, bool(after), back_to if after else None)


class Local:
    """The database itself: whoever may read it sees everything."""

    def __init__(self, store: "Store", now: datetime) -> None:
        self._store, self._now = store, now

    def ask(self, what: str, query: str, after: str, limit: int) -> Answer:
        """Return a piece of a list."""
        from weighbridge.fleet import list_routes, record_routes
        from weighbridge.fleet.listing import Asked
        from weighbridge.fleet.permissions import EVERYTHING

        if what == "records":
            return self._built(
                lambda connection: record_routes.records(
                    connection, EVERYTHING, query, self._now, after=after, limit=limit
                )
            )
        lists = {
            "artifacts": list_routes.artifacts,
            "endpoints": list_routes.endpoints,
            "findings": list_routes.findings,
        }
        asked = Asked(query=query, after=after, limit=limit)
        return self._built(lambda connection: lists[what](connection, EVERYTHING, asked, self._now))

    def hunt(self, text: str, places: int) -> Answer:
        """Return what is known of the digests in a text."""
        from weighbridge.fleet import hunt_routes
        from weighbridge.fleet.permissions import EVERYTHING

        return self._built(lambda connection: hunt_routes.catch(connection, EVERYTHING, text, places))

    def fields(self) -> list[Answer]:
        """Return what may be asked of each list."""
        import msgspec

        from weighbridge.fleet.query_help_routes import LISTS, help_of

        return [msgspec.to_builtins(help_of(name)) for name in LISTS]

    def _built(self, job: Any) -> Answer:  # noqa: ANN401  (any question)
        import msgspec

        found: Answer = msgspec.to_builtins(self._store.read_now(job))
        return found


class Remote:
    """A server's API, over TLS, with a token."""

    def __init__(self, client: "FleetClient", token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def ask(self, what: str, query: str, after: str, limit: int) -> Answer:
        """Return a piece of a list."""
        address = urlencode({"q": query, "after": after, "limit": limit}, errors="replace")
        return self._answer(f"/api/v1/{what}?{address}")

    def hunt(self, text: str, places: int) -> Answer:
        """Return what is known of the digests in a text."""
        return self._answer("/api/v1/hunt", json.dumps({"digests": text, "places": places}).encode())

    def fields(self) -> list[Answer]:
        """Return what may be asked of each list."""
        found: Any = self._answer("/api/v1/fields")
        return list(found)

    def _answer(self, path: str, body: bytes | None = None) -> Answer:
        from weighbridge.host.fleet_http import HttpError

        try:
            if body is None:
                reply = self._client.get(path, _LARGEST_ANSWER, self._headers)
            else:
                headers = self._headers | {"Content-Type": "application/json"}
                reply = self._client.post(path, body, headers, _LARGEST_ANSWER)
        except HttpError as error:
            raise WeighbridgeError(
                "E-enroll-unreachable",
                f"{self._client.address.url} cannot be asked: {error}",
                "is it up, is --ca the right file, does a proxy stand between?",
                exit_code=1,
            ) from None
        return self._read(reply)

    def _read(self, reply: "HttpReply") -> Answer:
        try:
            found = json.loads(reply.body)
        except (ValueError, RecursionError):
            found = None
        if reply.status == 200 and isinstance(found, dict | list):
            return found  # type: ignore[return-value]  # of the fields it is a list
        said = found if isinstance(found, dict) else {}
        code, detail = str(said.get("code", "")), str(said.get("detail", ""))
        if not code.startswith("E-") or not detail:
            code, detail = (
                "E-enroll-unreachable",
                f"{self._client.address.url} answered {reply.status} and no fleet's JSON",
            )
        raise WeighbridgeError(
            code[:40], detail[:1000], str(said.get("hint", "is this the address of a fleet server?"))[:1000]
        )
