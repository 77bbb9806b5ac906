"""What a caller gets for a name and a revision: a release that is served, or a refusal. Every face asks here."""

from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import blob_index, branches, models, refusal, release_files, releases
from weighbridge.hub.blob_index import RELEASED, Blob
from weighbridge.hub.branches import MAIN
from weighbridge.hub.caller import Caller, may_read
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name, is_commit
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release


class Asked(NamedTuple):
    """Who asks, under which origin, and whether an account is not needed to read."""

    caller: Caller
    origin: str
    open_to_all: bool


class Served(NamedTuple):
    """A release that the caller may have."""

    model: Model
    release: Release


def served_release(connection: Connection, asked: Asked, name: Name, revision: str = MAIN) -> Served | Refusal:
    """Return what a revision (branch, tag, commit, version) of a model means to a caller, or why there is nothing."""
    model = readable_model(connection, asked, name)
    if isinstance(model, Refusal):
        return model
    release = release_of(connection, model, revision)
    if release is None:
        return refusal.no_revision(asked.origin, model.full_name, revision)
    if not release.is_served:
        return refusal.of_release(asked.origin, model.full_name, release)
    return Served(model, release)


def readable_model(connection: Connection, asked: Asked, name: Name) -> Model | Refusal:
    """Return the model of a name, if the caller may read in its namespace, or why not."""
    if asked.caller.viewer is None and not asked.open_to_all:
        return refusal.no_account(asked.origin)
    # Both are asked whatever the first says: what is hidden takes as long as what is not there.
    model = models.by_name(connection, name)
    allowed = may_read(connection, asked.caller, name.namespace, open_to_all=asked.open_to_all)
    if model is None or not allowed:
        return refusal.unknown(asked.origin, str(name))
    return model


def release_of(connection: Connection, model: Model, revision: str) -> Release | None:
    """Return the release that a branch, tag, commit or version means to readers; one nobody approved if need be.

    What a branch or a tag is called comes before what people call a release.
    """
    if is_commit(revision):
        # Whatever else is called so: a commit that somebody pinned means itself.
        return releases.of_commit(connection, model.model_id, revision)
    branch = branches.find(connection, model.model_id, revision)
    if branch is None:
        return releases.of_version(connection, model.model_id, revision)
    return releases.of_commit(connection, model.model_id, branch.served or branch.staged)


def served_file(
    connection: Connection, asked: Asked, name: Name, revision: str, path: str
) -> tuple[Served, ReleaseFile, Blob] | tuple[Served, Refusal] | Refusal:
    """Return a file of a served release, or why there is none: with the release, where only the file is missing.

    Raises:
        RefusedError: 503 for bytes that are still in quarantine, whatever the catalog says.
    """
    found = served_release(connection, asked, name, revision)
    if isinstance(found, Refusal):
        return found
    file = release_files.at_path(connection, found.release.release_id, path)
    blob = None if file is None else blob_index.find(connection, file.sha256)
    if file is None or blob is None:
        return found, refusal.no_file(asked.origin, found.model.full_name, path)
    if blob.place != RELEASED:
        hint = "ask again in some seconds"
        raise RefusedError(503, "E-blob-read", f"{path[:200]} is on its way out of quarantine", hint, 5.0)
    return found, file, blob


def served_blob(connection: Connection, asked: Asked, name: Name, sha256: str) -> Blob | Refusal:
    """Return bytes by digest, if a served release of this very model holds them: a digest alone opens nothing."""
    model = readable_model(connection, asked, name)
    if isinstance(model, Refusal):
        return model
    holders = release_files.releases_with(connection, sha256, model_id=model.model_id)
    blob = blob_index.find(connection, sha256)
    if any(one.is_served for one in holders) and blob is not None and blob.place == RELEASED:
        return blob
    if holders:
        return refusal.of_release(asked.origin, model.full_name, min(holders, key=lambda one: one.is_served))
    return refusal.no_file(asked.origin, model.full_name, f"sha256:{sha256}")
