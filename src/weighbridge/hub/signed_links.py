"""Addresses of blobs that are their own proof, for clients that fetch bytes without saying who they are.

    {origin}/blobs/sha256/<digest>?exp=<seconds>&of=<namespace/name>&by=<account>&via=<token>&sig=<hmac>

Ollama takes bytes from a `Location` without its token, and a client of the Hugging Face Hub drops the token on its way
to another host. A link opens what a served release holds at the moment of asking: one that was revoked meanwhile is
refused, however long the link lasts, and so is a namespace that its account may no longer read, or a link that was made
for a token or a key which has ended.
Source: OCI distribution 1.1, "Pulling blobs" (redirects).
"""

import hmac
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import (
    blob_index,
    dialects,
    manifests,
    models,
    proofs,
    refusal,
    release_files,
    releases,
    server_secret,
)
from weighbridge.hub.blob_index import RELEASED, Blob
from weighbridge.hub.call import Call, Route
from weighbridge.hub.caller import Caller, may_read
from weighbridge.hub.hub import Hub
from weighbridge.hub.identify import OF_THE_HUB
from weighbridge.hub.models import Model
from weighbridge.hub.pulls import note_pull
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.releases import Release
from weighbridge.hub.serving import serve_blob
from weighbridge.hub.serving_small import serve_bytes

_PURPOSE = "links"


def link(hub: Hub, sha256: str, *, lasts: int = 3600, name: str = "", by: str = "", via: str = "") -> str:
    """Return an address that serves a blob to whoever has it.

    Args:
        hub: whose blob.
        sha256: which.
        lasts: seconds.
        name: the model that it is asked for, `namespace/name`; a link that names one opens what served releases of
            this model hold, any other what any served release holds.
        by: the id of the account that it is made for, whose pulls are noted.
        via: the id of the token or key that stood for this account; the link ends with it.
    """
    ends = hub.server.clock() // 1000 + lasts
    optional = {"of": name, "by": by, "via": via}
    said = {"exp": str(ends)} | {key: value for key, value in optional.items() if value}
    query = said | {"sig": _signature(hub, sha256, ends, name, by, via)}
    return f"{hub.origin}/blobs/sha256/{sha256}?{urlencode(query, quote_via=quote, safe='/')}"


async def signed_blob(call: Call) -> None:
    """Serve a blob to the bearer of a link."""
    sha256, query, hub = call.parts["sha256"], call.query, call.hub
    ends, name, by, via = (query.get(key, "") for key in ("exp", "of", "by", "via"))
    whole = ends.isascii() and ends.isdigit() and len(ends) <= 12
    if not whole or not hmac.compare_digest(
        _signature(hub, sha256, int(ends), name, by, via).encode(), query.get("sig", "").encode("utf-8", "replace")
    ):
        raise RefusedError(403, "E-blob-link", "this link was not made by this hub", "ask for the model again")
    now = hub.server.clock()
    if int(ends) <= now // 1000:
        raise RefusedError(403, "E-blob-link", "this link has ended", "ask for the model again")

    def job(connection: Connection) -> tuple[Blob | bytes, Release] | Refusal:
        return _served(connection, hub.origin, sha256, name, _bearer(connection, now, by, via))

    found = await hub.server.store.read(job)
    if isinstance(found, Refusal):
        said = dialects.refused("oci", found)
        await call.reply(said.status, said.body, said.headers)
        return
    content, release = found
    headers = {"docker-content-digest": f"sha256:{sha256}"}
    try:
        if isinstance(content, Blob):
            await serve_blob(call, content, headers)
        else:
            await serve_bytes(call, content, headers)
    finally:
        note_pull(hub, call, release, None, call.sent, call.status, by=by)


def _served(
    connection: Connection, origin: str, sha256: str, name: str, bearer: Caller | None
) -> tuple[Blob | bytes, Release] | Refusal:
    model = models.by_text(connection, name) if name else None
    if bearer is None or (model is not None and not _reads(connection, bearer, model)):
        return refusal.unknown(origin, name or "this")
    if not name:
        holders = [
            one
            for one in release_files.releases_with(connection, sha256)
            if _reads(connection, bearer, models.by_id(connection, one.model_id))
        ]
    else:
        holders = [] if model is None else release_files.releases_with(connection, sha256, model_id=model.model_id)
    served = [one for one in holders if one.is_served]
    blob = blob_index.find(connection, sha256)
    if blob is not None and blob.place == RELEASED and served:
        return blob, served[0]
    small = manifests.small_contents(connection, model.model_id, f"sha256:{sha256}") if model is not None else []
    for release_id, content in small:
        release = releases.by_id(connection, release_id)
        if release.is_served:
            return content, release
        holders.append(release)
    if holders:
        latest = max(holders, key=lambda one: one.state_at)
        return refusal.of_release(origin, models.by_id(connection, latest.model_id).full_name, latest)
    return refusal.no_file(origin, name or "The hub", f"sha256:{sha256}")


def _bearer(connection: Connection, now: int, by: str, via: str) -> Caller | None:
    """Return whom a link was made for; None for an account that may not come in any more, or not by this."""
    if not by:
        return Caller(viewer=None)
    held = proofs.holder(connection, now, by, via)
    return None if held is None else Caller(viewer=viewer_of(held.account, token_id=via, limit=OF_THE_HUB))


def _reads(connection: Connection, bearer: Caller, model: Model) -> bool:
    # A link for nobody in particular was made where no account was needed.
    return may_read(connection, bearer, model.namespace, open_to_all=bearer.viewer is None)


def _signature(hub: Hub, sha256: str, ends: int, name: str, by: str, via: str) -> str:
    return hmac.new(_secret(hub), f"{sha256}\n{ends}\n{name}\n{by}\n{via}".encode(), "sha256").hexdigest()


def _secret(hub: Hub) -> bytes:
    if not hub.link_secret:
        now = hub.server.clock()
        hub.link_secret = hub.server.store.write_now(
            lambda connection: server_secret.secret_for(connection, now, _PURPOSE)
        )
    return hub.link_secret


ROUTES = (
    Route(
        methods=("GET", "HEAD"),
        pattern=r"/blobs/sha256/(?P<sha256>[0-9a-f]{64})",
        access="signed",
        answer=signed_blob,
        face="blob",
    ),
)
