"""Weights that were cut into several files are one component with parts.

Source: file names of `save_pretrained` in transformers (`model-00001-of-00003.safetensors`) and of `llama-gguf-split`.
"""

import hashlib
import re
from collections.abc import Iterable

from weighbridge.bom.naming import file_name, main_place
from weighbridge.model.artifact import Artifact
from weighbridge.model.record import record

_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<ending>\.[A-Za-z0-9.]{1,20})")
_MOST = 99_999


@record
class Group:
    """One artifact, or all shards of one model in their order."""

    artifacts: tuple[Artifact, ...]
    name: str | None = None
    """What the whole is called, if it has several files."""
    missing: int = 0
    """Shards that the names promise and that were not found."""

    @property
    def sha256(self) -> str | None:
        """Digest of the one file, or SHA-256 over the raw digests of all shards in their order; None if one lacks."""
        digests = [artifact.sha256 for artifact in self.artifacts]
        if len(digests) == 1 and self.name is None:
            return digests[0]
        if self.missing or not all(digests):
            return None
        return hashlib.sha256(b"".join(bytes.fromhex(digest or "") for digest in digests)).hexdigest()


def grouped(artifacts: Iterable[Artifact]) -> list[Group]:
    """Return `artifacts` with the shards of one model, in one folder, put together."""
    single: list[Group] = []
    sets: dict[tuple[bytes, str, str, str], dict[int, Artifact]] = {}
    for artifact in artifacts:
        place = main_place(artifact)
        match = _SHARD.fullmatch(file_name(place)) if place is not None else None
        if place is None or match is None:
            single.append(Group(artifacts=(artifact,)))
            continue
        folder = place.path if place.member is not None else place.path.replace(b"\\", b"/").rpartition(b"/")[0]
        key = (folder, match["stem"], match["count"], match["ending"])
        shards = sets.setdefault(key, {})
        if int(match["number"]) in shards:
            single.append(Group(artifacts=(artifact,)))
        else:
            shards[int(match["number"])] = artifact
    for (_, stem, count, ending), shards in sets.items():
        ordered = tuple(shards[number] for number in sorted(shards))
        single.append(Group(artifacts=ordered, name=stem + ending, missing=min(int(count), _MOST) - len(ordered)))
    return single
