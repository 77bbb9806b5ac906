"""What a model signature covers: every file, or every range of every file, with its digest.

Source: OMS 1.0, sections 5 and 6 (predicate, canonicalization, root digest) and 8.3; in-toto Statement v1.
"""

import hashlib
import re
from typing import Any

from weighbridge.model.record import record
from weighbridge.signing.strict_json import canonical, parse

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://model_signing/signature/v1.0"
OLD_PREDICATE_TYPE = "https://model_signing/Digests/v0.1"
IGNORED = (".git", ".gitattributes", ".github", ".gitignore")
"""Excluded at the root of every model (section 6.2)."""
WHOLE = "."
"""Name of a model that is one file. The specification asks for the file's own name (section 6.1.2); the reference
implementation writes and verifies this one only, and both are accepted here."""
DIGEST_LENGTHS = {"sha256": 64, "blake2b": 128, "blake3": 64}
LARGEST_BYTES = 48 << 20
_HEX = re.compile(r"[0-9a-f]+")
_RANGE = re.compile(r"(.+):(0|[1-9][0-9]{0,18}):([1-9][0-9]{0,18})", re.DOTALL)


@record
class Resource:
    """One signed file, or one range of it."""

    path: str
    """Relative to the model, with `/`."""
    digest: str
    """Lower-case hex."""
    start: int = 0
    end: int | None = None
    """First byte that is not covered; None for a whole file."""


@record
class Manifest:
    """Everything that a signature covers, and how it was listed."""

    name: str
    resources: tuple[Resource, ...]
    algorithm: str = "sha256"
    shard_size: int | None = None
    """Bytes per range; None if files are hashed whole."""
    allow_links: bool = False
    """Whether symbolic links to files were followed."""
    ignored: tuple[str, ...] = ()


def statement(manifest: Manifest) -> bytes:
    """Return the in-toto statement that is signed; equal manifests of whole files give equal bytes."""
    resources = sorted(manifest.resources, key=lambda resource: resource.path)
    root = hashlib.sha256(b"".join(bytes.fromhex(resource.digest) for resource in resources)).hexdigest()
    serialization: dict[str, Any] = {
        "method": "files",
        "hash_type": manifest.algorithm,
        "allow_symlinks": manifest.allow_links,
        "ignore_paths": sorted(manifest.ignored),
    }
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": [{"name": manifest.name, "digest": {"sha256": root}}],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "serialization": serialization,
                "resources": [
                    {"name": one.path, "algorithm": manifest.algorithm, "digest": one.digest} for one in resources
                ],
            },
        }
    )


def read_statement(payload: bytes) -> Manifest:
    """Return the manifest of a statement. Raises ValueError with a reason for a person."""
    document = parse(payload, LARGEST_BYTES)
    if not isinstance(document, dict) or document.get("_type") != STATEMENT_TYPE:
        raise ValueError("is no in-toto statement, version 1")
    kind = document.get("predicateType")
    if kind == OLD_PREDICATE_TYPE:
        raise ValueError("is in the format of model_signing 0.2, which is withdrawn; have the model signed again")
    if kind != PREDICATE_TYPE:
        raise ValueError(f"is about something else than a model: {str(kind)[:100]!r}")
    name, root = _subject(document.get("subject"))
    predicate = document.get("predicate")
    if not isinstance(predicate, dict):
        raise ValueError("has no predicate")
    serialization, listed = predicate.get("serialization"), predicate.get("resources")
    if not isinstance(serialization, dict) or not isinstance(listed, list) or not listed:
        raise ValueError("lists no files, or does not say how they were listed")
    algorithm, shard_size = _method(serialization)
    ignored = serialization.get("ignore_paths", [])
    if not isinstance(ignored, list) or not all(isinstance(path, str) and path for path in ignored):
        raise ValueError("has ignored paths that are no texts")
    if any(_normal(path) == "" for path in ignored):
        raise ValueError("ignores the whole model")
    resources = tuple(_resource(one, algorithm, shard_size) for one in listed)
    if len({(one.path, one.start) for one in resources}) != len(resources):
        raise ValueError("lists a file twice")
    # The order is that of the list: the reference implementation sorts path components, the text whole names.
    if hashlib.sha256(b"".join(bytes.fromhex(one.digest) for one in resources)).hexdigest() != root:
        raise ValueError("contradicts itself: the digest of the whole is not that of its parts")
    return Manifest(
        name=name,
        resources=resources,
        algorithm=algorithm,
        shard_size=shard_size,
        allow_links=serialization.get("allow_symlinks") in (True, "true"),
        ignored=tuple(ignored),
    )


def is_ignored(path: str, ignored: tuple[str, ...]) -> bool:
    """Tell whether `path` (relative, with `/`) is, or lies below, an ignored path. No patterns (section 6.2.1)."""
    return any(path == one or path.startswith(one + "/") for one in map(_normal, (*IGNORED, *ignored)) if one)


def _normal(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def _subject(subjects: object) -> tuple[str, str]:
    if not isinstance(subjects, list) or len(subjects) != 1 or not isinstance(subjects[0], dict):
        raise ValueError("must have one subject")
    name, digests = subjects[0].get("name"), subjects[0].get("digest")
    root = digests.get("sha256") if isinstance(digests, dict) else None
    if not isinstance(name, str) or not name or not isinstance(root, str):
        raise ValueError("must have one subject with a name and a SHA-256")
    return name, root


def _method(serialization: dict[str, Any]) -> tuple[str, int | None]:
    method, algorithm = serialization.get("method"), serialization.get("hash_type")
    if not isinstance(algorithm, str) or algorithm not in DIGEST_LENGTHS:
        raise ValueError(f"uses an unknown digest: {str(algorithm)[:40]!r}")
    size = serialization.get("shard_size")
    if isinstance(size, float) and size.is_integer():
        size = int(size)  # as the reference implementation writes it: its JSON knows no other numbers
    if method == "files" and size is None:
        return algorithm, None
    if method == "shards" and isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return algorithm, size
    raise ValueError(f"uses an unknown method: {str(method)[:40]!r}")


def _resource(value: object, algorithm: str, shard_size: int | None) -> Resource:
    if not isinstance(value, dict):
        raise ValueError("lists something that is no file")
    name, digest = value.get("name"), value.get("digest")
    # The reference implementation adds the shard size to the name of the digest.
    kinds = (algorithm, f"{algorithm}-sharded-{shard_size}")
    if not isinstance(name, str) or not isinstance(digest, str) or value.get("algorithm") not in kinds:
        raise ValueError("lists a file without name or digest, or with another kind of digest")
    if len(digest) != DIGEST_LENGTHS[algorithm] or not _HEX.fullmatch(digest):
        raise ValueError(f"has an impossible digest for {name[:100]!r}")
    start, end = 0, None
    if shard_size is not None:
        found = _RANGE.fullmatch(name)
        if found is None:
            raise ValueError(f"names no range of a file: {name[:100]!r}")
        name, start, end = found[1], int(found[2]), int(found[3])
        if not 0 < end - start <= shard_size or start % shard_size:
            raise ValueError(f"has a range that does not fit its shard size: {name[:100]!r}")
    if name != WHOLE and any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError(f"names a path that leaves the model or is not canonical: {name[:100]!r}")
    return Resource(path=name, digest=digest, start=start, end=end)
