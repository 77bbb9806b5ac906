"""Files of policies that endpoints fetch by plain GET: metadata, and policies by digest; nothing else has a name."""

from sqlalchemy import Connection

from weighbridge.fleet import policy_repository, policy_versions, rulings
from weighbridge.sync.policy_updates import is_file

_DIGEST = 64


def content_of(connection: Connection, name: str) -> bytes | None:
    """Return a file; None if there is none of that name."""
    if not is_file(name):
        return None
    digest, _, rest = name.partition(".")
    if len(digest) != _DIGEST:
        return policy_repository.file(connection, name)
    kind, _, number = rest.removesuffix(".json").partition("-")
    if kind != "policy":
        return rulings.text_of(connection, kind, int(number), digest)
    return policy_versions.bundle_of(connection, digest, int(number))
