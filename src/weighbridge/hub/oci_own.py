"""What somebody sees of what they pushed themselves and that is not served: that it is here, and what is no model.

A client that pushes asks first what is here already (HEAD); it must not be refused for having pushed it before. But the
bytes and manifests of a model in quarantine go out to nobody, not even to who sent them.
"""

from sqlalchemy import Connection

from weighbridge.hub import models, oci_pushed, refusal, release_files, releases
from weighbridge.hub.look_up import Asked
from weighbridge.hub.names import Name
from weighbridge.hub.oci_pushed import Place, PushedBlob, PushedManifest
from weighbridge.hub.refusal import Refusal


def own_manifest(
    connection: Connection, asked: Asked, name: Name, place: Place, reference: str, *, content: bool
) -> PushedManifest | Refusal | None:
    """Return a manifest that the caller pushed, by tag or digest; None if there is none.

    Args:
        connection: to read with.
        asked: who asks.
        name: of the repository.
        place: the caller's part of it.
        reference: a tag or digest.
        content: whether its bytes are wanted, rather than that it is here.
    """
    found = oci_pushed.manifest(connection, place, reference) or oci_pushed.tagged(connection, place, reference)
    if found is None or not found.release_id or not content:
        return found
    return refusal.of_release(asked.origin, str(name), releases.by_id(connection, found.release_id))


def own_blob(
    connection: Connection, asked: Asked, name: Name, place: Place, digest: str, *, content: bool
) -> PushedBlob | Refusal | None:
    """Return a blob that the caller pushed or mounted; None if there is none. Arguments as those of `own_manifest`."""
    found = oci_pushed.blobs(connection, place, [digest]).get(digest)
    if found is None or not content:
        return found
    if not release_files.releases_with(connection, found.sha256, limit=1):
        return found
    model = models.by_name(connection, name)
    if model is not None and (mine := release_files.releases_with(connection, found.sha256, model_id=model.model_id)):
        return refusal.of_release(asked.origin, str(name), max(mine, key=lambda one: one.state_at))
    # What became of them elsewhere, and why, is for those who may see it there.
    return refusal.not_served(asked.origin, str(name))
