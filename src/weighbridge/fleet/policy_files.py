"""Files of policies that endpoints fetch by plain GET: metadata, and policies by digest; nothing else has a name."""

from sqlalchemy import Connection

from weighbridge.fleet import policy_repository, policy_versions
from weighbridge.sync.policy_updates import is_file

_POLICY = ".policy-"


def content_of(connection: Connection, name: str) -> bytes | None:
    """Return a file; None if there is none of that name."""
    if not is_file(name):
        return None
    digest, dot, _ = name.partition(_POLICY)
    if not dot:
        return policy_repository.file(connection, name)
    return policy_versions.bundle_of(connection, digest, int(name[len(digest) + len(_POLICY) :].removesuffix(".json")))
