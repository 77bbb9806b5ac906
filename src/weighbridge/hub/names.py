"""Names of models, branches and files as they may stand in a path, whichever protocol brings them.

Source: huggingface_hub, `utils/_validators.py` (repository ids); OCI distribution 1.1, "Pulling manifests" (`<name>`
is lower-case); Ollama, `types/model/name.go`; git-check-ref-format(1).
"""

import re

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.release_path import is_release_path

LIBRARY = "library"
"""The namespace of a name that has none: `gemma3` is `library/gemma3`, as for Ollama."""
LONGEST_PART = 96
# fmt: off
RESERVED = frozenset({
    "agents", "api", "artifacts", "audit", "blobs", "buckets", "catalog", "compare", "datasets", "device", "endpoints",
    "exceptions", "findings", "go", "health", "hunt", "kernels", "ledger", "lfs", "link", "metrics", "oauth", "policy",
    "records", "reports", "request", "requests", "review", "revocations", "settings", "sign-in", "sign-out", "spaces",
    "static", "token", "tokens", "ui", "v1", "v2", "views", "xet",
})
# fmt: on
"""First parts of addresses that mean something else."""
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_.](?![-.])){0,95}", re.ASCII)
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,127}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@record
class Name:
    """The name of a model: `namespace/name`, each part as its owner writes it."""

    namespace: str
    name: str

    @property
    def alias(self) -> str:
        """The name in lower case: what is looked up, and what OCI clients write. No two models share one."""
        return f"{self.namespace}/{self.name}".lower()

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def parse_name(text: str) -> Name:
    """Return the name in `namespace/name`, or `name` alone. Raises WeighbridgeError `E-model-name`."""
    namespace, slash, name = text.partition("/")
    if not slash:
        namespace, name = LIBRARY, text
    if namespace.lower() in RESERVED or not _is_part(namespace) or not _is_part(name):
        raise WeighbridgeError(
            "E-model-name",
            f"this is no name of a model: {text[:100]!r}",
            "write namespace/name: letters, digits, `-`, `_` and `.`, each part up to 96 characters",
        )
    return Name(namespace=namespace, name=name)


def is_revision(text: str) -> bool:
    """Tell whether a text may name a branch, a tag or a commit."""
    return (
        bool(_REVISION.fullmatch(text)) and ".." not in text and "//" not in text and not text.endswith(("/", ".lock"))
    )


def is_commit(text: str) -> bool:
    """Tell whether a text is the id of a commit."""
    return _COMMIT.fullmatch(text) is not None


def is_sha256(text: str) -> bool:
    """Tell whether a text is a SHA-256 as it is stored: 64 lower-case hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def check_path(path: str) -> str:
    """Return the path of a file in a release. Raises WeighbridgeError `E-model-path` for one that is none."""
    if not is_release_path(path):
        raise WeighbridgeError(
            "E-model-path",
            f"no release can hold a file called {path[:100]!r}",
            "use relative paths with `/`, without `..`, control characters or names that end in a dot or space",
        )
    return path


def _is_part(text: str) -> bool:
    return len(text) <= LONGEST_PART and _PART.fullmatch(text) is not None and not text.endswith((".git", ".", "-"))
