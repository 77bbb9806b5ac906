"""The module list of a sentence-transformers model: `modules.json`.

Source: sentence-transformers `SentenceTransformer.py` (`type` is imported by name, from the repository if it is not
part of an installed package).
"""

from weighbridge.formats.configuration import load
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import ByteSource
from weighbridge.model.weights import RemoteCode

MOST_MODULES = 200


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a JSON list of numbered modules with types."""
    return head[:64].lstrip()[:1] == b"[" and b'"idx"' in head and b'"type"' in head and b'"path"' in head


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a JSON list of numbered modules with types."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    value = load(source, gathering)
    if not isinstance(value, list):
        return
    for index, item in enumerate(value[:MOST_MODULES]):
        reference = item.get("type") if isinstance(item, dict) else None
        if not isinstance(reference, str) or "." not in reference:
            continue
        module, _, name = reference.rpartition(".")
        key = f"{index}.type"
        if "." in module or module == "sentence_transformers":
            gathering.observe(
                ClassReference(framework="sentence-transformers", module=module[:300], name=name[:200], key=key)
            )
        else:
            file = module.replace(".", "/")[:300] + ".py"
            gathering.observe(RemoteCode(framework="sentence-transformers", file=file, name=name[:200], key=key))
            gathering.fact("code.file", file, f"key {key}")


READER = Reader(
    id="sentence-modules",
    title="sentence-transformers module list",
    recognize=recognize,
    read=gathered("sentence-modules", _read, holds_model=False),
    could_be=could_be,
    begins=b"[ \t\n\r\x0b\x0c",
    names=("modules.json",),
)
