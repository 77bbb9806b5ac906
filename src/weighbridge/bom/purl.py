"""Package URLs, where the type is registered and the facts suffice.

Source: ECMA-427 (package-url), sections on syntax and encoding, and the registered type definitions `generic`,
`huggingface`, `oci`, `pypi`. There is no registered type for Ollama, GGUF or ModelScope, so none is made up.
"""

import re

_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:")


def huggingface(repository: str, commit: str, subpath: str = "") -> str | None:
    """Return `pkg:huggingface/owner/name@commit#subpath`; None unless name and full commit are beyond doubt."""
    parts = repository.split("/")
    if len(parts) > 2 or not all(_HUB_NAME.fullmatch(part) for part in parts) or not _COMMIT.fullmatch(commit):
        return None
    return f"pkg:huggingface/{'/'.join(map(_encoded, parts))}@{commit}{_subpath(subpath)}"


def oci(repository: str, digest: str, tag: str = "") -> str | None:
    """Return the purl of an OCI artifact by its manifest's SHA-256.

    Args:
        repository: host and path, `registry.example/library/name`.
        digest: SHA-256 of the manifest, hex.
        tag: tag under which it was fetched.
    """
    name = repository.rpartition("/")[2].lower()
    if not name or not _DIGEST.fullmatch(digest):
        return None
    qualifiers = [f"repository_url={'/'.join(map(_encoded, repository.lower().split('/')))}"]
    if tag:
        qualifiers.append(f"tag={_encoded(tag)}")
    return f"pkg:oci/{_encoded(name)}@sha256:{digest}?{'&'.join(qualifiers)}"


def generic(name: str, sha256: str) -> str | None:
    """Return `pkg:generic/name?checksum=sha256:hex`: a file known by its content alone."""
    if not name or not _DIGEST.fullmatch(sha256):
        return None
    return f"pkg:generic/{_encoded(name)}?checksum=sha256:{sha256}"


def pypi(name: str, version: str) -> str | None:
    """Return `pkg:pypi/name@version` with the name normalized as package indexes do (PEP 503)."""
    normal = re.sub(r"[-_.]+", "-", name).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", normal) or not version:
        return None
    return f"pkg:pypi/{normal}@{_encoded(version)}"


def _subpath(path: str) -> str:
    steps = [_encoded(step) for step in path.split("/") if step not in ("", ".", "..")]
    return "#" + "/".join(steps) if steps else ""


def _encoded(text: str) -> str:
    content = text.encode("utf-8", "backslashreplace")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in content)
