"""One model, from every context: what it is, which release is served, what weighing said, how it is used."""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.permissions import Permission
from weighbridge.hub import branches, heads, models, release_files, releases, weighed
from weighbridge.hub.branches import MAIN
from weighbridge.hub.caller import Caller, may_read, may_review
from weighbridge.hub.look_up import release_of
from weighbridge.hub.manifest_evidence import is_signature
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import PENDING, State
from weighbridge.hub.usage import Use, uses
from weighbridge.hub.weighed import Weighed

MOST_FILES = 200
MOST_RELEASES = 50


class ModelPage(Struct, frozen=True, kw_only=True):
    """What a page about a model shows."""

    model: Model
    release: Release | None
    """The one that is shown: what was asked for, else what `main` means; None: there is none yet. Of one that was never
    served, who neither decides nor brought it is told no more than its state."""
    is_main: bool
    """Whether `main` means it."""
    weighed: Weighed | None
    files: list[ReleaseFile]
    """At most `MOST_FILES`."""
    releases: list[Release]
    """The newest first; those that are not served only for who reviews."""
    uses: list[Use]
    """Empty where nothing is served."""
    signatures: list[str]
    """Files that sign it, as its makers do: `model.sig`."""
    pulls: int
    """How often the model was pulled: an account, with one tool, on one day counts once."""


def read(connection: Connection, caller: Caller, origin: str, name: Name, revision: str = "") -> ModelPage | None:
    """Return what a caller sees of a model; None where they see nothing of it.

    Args:
        connection: to read with.
        caller: who asks.
        origin: of the hub.
        name: of the model.
        revision: a branch, tag or commit; empty for `main`.
    """
    model = models.by_name(connection, name)
    if model is None or not may_read(connection, caller, model.namespace, open_to_all=False):
        return None
    reviews = may_review(connection, caller, model.namespace)
    known = releases.of_model(connection, model.model_id, limit=MOST_RELEASES)
    head = heads.of_model(connection, model.model_id)
    release = release_of(connection, model, revision or MAIN)
    if not revision and head is not None and (release is None or not release.is_served):
        release = releases.find(connection, head.release_id)
    if release is None and revision:
        return None
    main = branches.find(connection, model.model_id, MAIN)
    is_main = release is not None and main is not None and main.served == release.commit_id
    asked_by = MAIN if is_main else release.commit_id if release is not None else ""
    if not is_main and release is not None and head is not None and head.release_id == release.release_id:
        asked_by = head.revision
    # Before a decision, only who decides sees what is in a release.
    sees = release is not None and (release.is_served or reviews)
    files = release_files.of_release(connection, release.release_id, limit=MOST_FILES) if release and sees else []
    return ModelPage(
        model=model,
        release=release if release is None or sees or _is_told(release, caller) else _only_that_it_waits(release),
        is_main=is_main,
        weighed=weighed.of_release(connection, release.release_id) if release and sees else None,
        files=files,
        releases=[one for one in known if reviews or one.is_served or _is_told(one, caller)],
        uses=uses(origin, model, release, files, revision=asked_by) if release and release.is_served else [],
        signatures=[one.path for one in files if is_signature(one.path)],
        pulls=head.pulls if head is not None else 0,
    )


def _only_that_it_waits(release: Release) -> Release:
    """Return what everybody learns of a release that they could never have: its state, as refusals say it."""
    if release.state in (State.REVOKED, State.EXPIRED):
        return release
    unsaid = dict.fromkeys(("commit_id", "parent_id", "version", "title", "formats", "assessment", "decision"), "")
    unsaid |= dict.fromkeys(("license", "guidance", "data_classes"), "")
    if release.state in PENDING:
        unsaid["state_why"] = ""
    return msgspec.structs.replace(release, size=0, files=0, **unsaid)


def _is_told(release: Release, caller: Caller) -> bool:
    """Tell whether somebody who does not decide learns of a release that is not served: one that they brought."""
    viewer = caller.viewer
    return viewer is not None and (viewer.name == release.created_by or viewer.may(Permission.HUB_MANAGE))
