"""What a request of an OCI client means: whose repository, which reference, which kinds of manifests, which tool.

Source: OCI distribution 1.1, "Pulling manifests"; OCI image-spec 1.1, "Digests"; RFC 9110, section 12.5.1.
"""

import re
from typing import NamedTuple

from weighbridge.hub import media_types
from weighbridge.hub.call import Call
from weighbridge.hub.names import Name, parse_name
from weighbridge.model.errors import WeighbridgeError

LONGEST_NAME = 200
REPOSITORY = r"/v2/(?P<name>[A-Za-z0-9][A-Za-z0-9._/-]*)"
"""The beginning of every address of a repository, as a pattern."""
_DIGEST = re.compile(r"(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})", re.ASCII)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
_COLON = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:", re.ASCII)


class Digest(NamedTuple):
    """A digest as clients write it."""

    algorithm: str
    """`sha256` or `sha512`."""
    hexadecimal: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hexadecimal}"


def repository(call: Call) -> Name:
    """Return whose repository is asked for. Raises WeighbridgeError `E-model-name`."""
    return repository_named(call.parts["name"])


def repository_named(text: str) -> Name:
    """Return the model of a repository's name. Raises WeighbridgeError `E-model-name`."""
    return parse_name(text[: LONGEST_NAME + 1])


def parse_digest(text: str) -> Digest:
    """Return a digest. Raises WeighbridgeError `E-oci-digest` for one that is none, or of another algorithm."""
    found = _DIGEST.fullmatch(text)
    if found is None:
        raise WeighbridgeError(
            "E-oci-digest", f"this is no digest: {text[:150]!r}", "write sha256: and 64 digits of it"
        )
    return Digest(found[1] or found[3], found[2] or found[4])


def is_digest(text: str) -> bool:
    """Tell whether a reference is meant as a digest, of whatever algorithm."""
    return _COLON.match(text) is not None


def is_tag(text: str) -> bool:
    """Tell whether a text may be a tag."""
    return _TAG.fullmatch(text) is not None


def wants_ollama(call: Call) -> bool:
    """Tell whether a client takes manifests of Docker alone: such a one is Ollama, or one that was never taught OCI."""
    accepted = [part.partition(";")[0].strip().lower() for part in call.header("accept").split(",")]
    named = set(filter(None, accepted))
    return media_types.DOCKER_MANIFEST in named and not any(
        one.startswith("application/vnd.oci.") or one in ("*/*", "application/*") for one in named
    )


def is_ollama(call: Call) -> bool:
    """Tell whether Ollama asks, whose people see a sentence with 403, and with 404 only that there is no file."""
    return call.header("user-agent").startswith("ollama/") or wants_ollama(call)
