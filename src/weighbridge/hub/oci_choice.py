"""Which manifest of a release a tag means to a client: the whole for OCI clients, one GGUF for Ollama.

latest, main            the newest release that is served
v1, a commit, 1.2       a branch, a release by its commit, a release by its version
Q4_K_M, tiny.gguf       of the newest release the part in this precision, or of this file
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.hub import branches, look_up, refusal, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.look_up import Asked, Served
from weighbridge.hub.manifest_modelpack import KIND as MODELPACK
from weighbridge.hub.manifest_ollama import KIND as OLLAMA
from weighbridge.hub.manifests import REFERRER, Frozen
from weighbridge.hub.model_files import LATEST, tag_of
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.releases import Release

PUSHED = "pushed"
"""A manifest that somebody pushed and signed as it is."""


class Meant(NamedTuple):
    """What a tag may mean."""

    served: Served
    part: str
    """The tag of a part of the release; empty for the usual one."""
    otherwise: Refusal | None = None
    """What is said if there is no such part; None: that the tag is not there."""


def meant_by(connection: Connection, asked: Asked, name: Name, tag: str) -> Meant | Refusal:
    """Return what a tag means to a caller, or why there is nothing."""
    direct = _served(connection, asked, name, tag)
    if not isinstance(direct, Refusal):
        return Meant(direct, "")
    main = _served(connection, asked, name, MAIN)
    if isinstance(main, Refusal):
        # A branch that waits says more than that there is no such tag; of `latest`, what `main` is says most.
        return main if tag == LATEST or direct.reason == refusal.NO_REVISION else direct
    if tag == LATEST:
        return Meant(main, "")
    if direct.reason in (refusal.REVOKED, refusal.EXPIRED) or _was_served(connection, main.model, tag):
        return direct  # it meant a release, and is never to mean something else without a word
    return Meant(main, tag, None if direct.reason == refusal.NO_REVISION else direct)


def chosen(frozen: Sequence[Frozen], tag: str, *, ollama: bool) -> Frozen | None:
    """Return the manifest that a client gets; None if the release has none for it.

    Args:
        frozen: the manifests of the release.
        tag: a quantization or file; empty for the usual one.
        ollama: whether the client takes no other than those of Docker.
    """
    kinds = (OLLAMA,) if ollama else (PUSHED, MODELPACK)
    for kind in kinds:
        for one in frozen:
            if one.kind == kind and (tag_of(one.tags, tag) if tag else ollama or not one.tags):
                return one
    # A release of one GGUF has one manifest for OCI clients, whatever its precision is called.
    if tag and not ollama and any(one.kind == OLLAMA and tag_of(one.tags, tag) for one in frozen):
        return chosen(frozen, "", ollama=False)
    return None


def tags(connection: Connection, model: Model, frozen: Sequence[Frozen]) -> list[str]:
    """Return the tags under which something of a model is served, in the order of their characters.

    Args:
        connection: to read with.
        model: whose.
        frozen: the manifests of the release that `main` means; none if it means none that is served.
    """
    found = set()
    for branch in branches.of_model(connection, model.model_id):
        release = releases.of_commit(connection, model.model_id, branch.served) if branch.served else None
        if release is not None and _is_model(release) and "/" not in branch.name:
            found.add(LATEST if branch.name == MAIN else branch.name)
    found |= {one.tags[0] for one in frozen if one.tags and one.kind != REFERRER}
    versions = {one.version for one in releases.of_model(connection, model.model_id) if _is_model(one) and one.version}
    newest = {version: releases.of_version(connection, model.model_id, version) for version in versions}
    found |= {version for version, release in newest.items() if release is not None and _is_model(release)}
    return sorted(tag for tag in found if tag)


def _served(connection: Connection, asked: Asked, name: Name, revision: str) -> Served | Refusal:
    """Return the release of a revision; of a page that stands where one was revoked, that it was."""
    found = look_up.served_release(connection, asked, name, revision)
    if isinstance(found, Refusal) or not found.release.is_tombstone:
        return found
    revoked = releases.of_commit(connection, found.model.model_id, found.release.parent_id) or found.release
    return refusal.of_release(asked.origin, found.model.full_name, revoked)


def _is_model(release: Release) -> bool:
    return release.is_served and not release.is_tombstone


def _was_served(connection: Connection, model: Model, tag: str) -> bool:
    branch = branches.find(connection, model.model_id, tag)
    return branch is not None and bool(branch.served)
