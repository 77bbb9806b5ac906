"""Signing and verifying models on a machine: list the files, hash them in parallel, hand the digests to `signing`.

In: a machine, a path, keys. Out: a signature file, or a `Verification`. Opens no socket; writes nothing.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ranges import range_digests
from weighbridge.pipeline.signed_files import Listing, list_files
from weighbridge.signing.manifest import IGNORED, WHOLE, Manifest, Resource
from weighbridge.signing.sign import signature_file
from weighbridge.signing.verification import (
    Kind,
    Outcome,
    Problem,
    Signed,
    Trust,
    Verification,
    compare,
    open_signature,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

Progress = Callable[[int], None]


def sign_model(
    machine: Machine,
    path: bytes,
    key: "EllipticCurvePrivateKey",
    *,
    chain: "tuple[Certificate, ...]" = (),
    ignored: tuple[str, ...] = (),
    signature: bytes | None = None,
    progress: Progress | None = None,
) -> tuple[bytes, Manifest]:
    """Return the signature file of a model and what it covers. Links to files are seen through.

    Args:
        machine: where.
        path: a file or a folder, absolute.
        key: signs.
        chain: certificates of the key, the leaf first; empty for a signature by key alone.
        ignored: paths relative to the model that are left out.
        signature: where the signature file will be; it is left out.
        progress: gets the bytes done since its last call.

    Raises:
        WeighbridgeError: `E-model-unreadable` if anything in the model cannot be signed.
    """
    found = list_files(machine, path, ignored, follow_links=True, signature=signature)
    if found.problems:
        problem = found.problems[0]
        raise WeighbridgeError("E-model-unreadable", f"{problem.path} {problem.reason}", "replace it, or use --ignore")
    if not found.files:
        raise WeighbridgeError("E-model-unreadable", "there are no files to sign", "give the model's own folder")
    if found.single:
        found.files = {WHOLE: next(iter(found.files.values()))}
    digests, problems, _ = _whole(machine, found, progress)
    if problems:
        raise WeighbridgeError(
            "E-model-unreadable",
            f"{problems[0].path} {problems[0].reason}",
            "check that you may read it and that nothing writes to it",
        )
    separator = b"\\" if machine.platform == "windows" else b"/"
    manifest = Manifest(
        name=machine.resolve(path).rsplit(separator, 1)[-1].decode("utf-8", "replace") or "model",
        resources=tuple(Resource(path=name, digest=digest) for name, digest in digests.items()),
        allow_links=found.links,
        ignored=(*IGNORED, *ignored),
    )
    return signature_file(manifest, key, chain), manifest


def verify_model(
    machine: Machine,
    path: bytes,
    content: bytes,
    trust: Trust,
    *,
    signature: bytes | None = None,
    follow_links: bool = False,
    ignored: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Verification:
    """Return whether the model at `path` is the one that the signature file `content` was made for.

    Args:
        machine: where.
        path: a file or a folder, absolute.
        content: the signature file.
        trust: a key, or roots and a time.
        signature: path of the signature file, which is not part of the model.
        follow_links: whether links count as their content although the signer saw none.
        ignored: paths relative to the model that may be there unsigned, beside those that the signature names.
        progress: gets the bytes done since its last call.
    """
    opened = open_signature(content, trust)
    if isinstance(opened, Verification):
        return opened
    manifest = opened.manifest
    names = {resource.path for resource in manifest.resources}
    follow = follow_links or manifest.allow_links
    left_out = (*manifest.ignored, *ignored)
    found = list_files(machine, path, left_out, follow_links=follow, signature=signature, listed=names)
    if found.single and names == {WHOLE}:
        found.files = {WHOLE: next(iter(found.files.values()))}
    if manifest.shard_size is None and manifest.algorithm == "sha256":
        measured, problems, size = _whole(machine, found, progress)
        signed = {resource.path: resource.digest for resource in manifest.resources}
        unread = {problem.path for problem in problems}
        problems += tuple(problem for problem in compare(signed, measured) if problem.path not in unread)
    else:
        problems, size = _ranged(machine, found, manifest, progress)
    return _answer(opened, tuple(found.problems), problems, len(found.files), size)


def _answer(
    opened: Signed, odd: tuple[Problem, ...], problems: tuple[Problem, ...], files: int, size: int
) -> Verification:
    named = {problem.path for problem in odd}
    every = (*odd, *(problem for problem in problems if problem.path not in named))
    return Verification(
        outcome=Outcome.FAILED if every else Outcome.VERIFIED,
        method=opened.method,
        signer=opened.signer,
        revocation=opened.revocation,
        problems=tuple(sorted(every, key=lambda problem: problem.path)),
        files=files,
        size=size,
    )


def _whole(
    machine: Machine, found: Listing, progress: Progress | None
) -> tuple[dict[str, str], tuple[Problem, ...], int]:
    """Return SHA-256 by name, what could not be hashed, and the bytes hashed. Content under two names is read once."""
    names: dict[bytes, list[str]] = {}
    for name, path in found.files.items():
        names.setdefault(path, []).append(name)
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    size = 0
    for path, result in machine.digest(list(names), progress=progress):
        for name in names[path]:
            if isinstance(result, OSError):
                problems.append(_unreadable(name, result))
            else:
                digests[name] = result.sha256
        size += 0 if isinstance(result, OSError) else result.size
    return digests, tuple(problems), size


def _ranged(
    machine: Machine, found: Listing, manifest: Manifest, progress: Progress | None
) -> tuple[tuple[Problem, ...], int]:
    """Compare ranges, or digests of other kinds than the host's own."""
    signed: dict[str, dict[tuple[int, int | None], str]] = {}
    for resource in manifest.resources:
        signed.setdefault(resource.path, {})[resource.start, resource.end] = resource.digest
    measured: dict[str, str] = {}
    problems: list[Problem] = []
    size = 0
    for name, path in found.files.items():
        try:
            digests = range_digests(machine, path, manifest.algorithm, manifest.shard_size, progress)
            size += machine.stat(path).st_size
        except OSError as error:
            problems.append(_unreadable(name, error))
            continue
        if digests or name in signed:  # an empty file has no range, so no signature by ranges can name it
            measured[name] = _joined(digests)
    unread = {problem.path for problem in problems}
    found_wrong = compare({name: _joined(ranges) for name, ranges in signed.items()}, measured)
    return (*problems, *(problem for problem in found_wrong if problem.path not in unread)), size


def _joined(ranges: Mapping[tuple[int, int | None], str]) -> str:
    """Return one text for all ranges of a file, so that a missing, doubled or moved range differs."""
    return ",".join(f"{start}-{end}:{digest}" for (start, end), digest in sorted(ranges.items(), key=lambda i: i[0][0]))


def _unreadable(name: str, error: OSError) -> Problem:
    reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
    return Problem(kind=Kind.UNREADABLE, path=name, reason=reason)
