"""Programs that `torch.export` saves (`.pt2`): a graph as JSON, weights as raw bytes, sometimes compiled code.

Source: PyTorch `torch/export/pt2_archive/constants.py` (names of the members, `archive_format` holds `pt2`) and
`_package.py` (which members are unpickled); before 2.7 `torch/export/__init__.py` (`serialized_exported_program.json`
with `serialized_state_dict.pt`).
"""

import re
from dataclasses import replace

from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import names, parse
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import EmbeddedCode, Observation
from weighbridge.model.source import ByteSource

_GRAPH = re.compile(r"(?:^|/)(?:models/[^/]+\.json|serialized_exported_program\.json)\Z")
_MARK = re.compile(r"(?:^|/)(?:archive_format|serialized_state_dict\.pt)\Z")
_COMPILED = re.compile(r"\.(?:so|dylib|dll|pyd|o|cubin|hsaco|cpp|cu)\Z", re.IGNORECASE)
_PICKLED = re.compile(r"(?:^|/)(?:serialized_\w+\.pt|sample_inputs/[^/]+\.pt)\Z")


def recognize(source: ByteSource, _head: bytes) -> bool:
    """Tell whether a serialized graph and the mark of the format stand in the archive."""
    members = names(source)
    return any(map(_MARK.search, members)) and any(
        _GRAPH.search(name) or "data/aotinductor/" in name for name in members
    )


def read(source: ByteSource, budget: Budget) -> Reading:
    """Hand on every member; what is unpickled on load is read as PyTorch reads it.

    Raises:
        LimitReached: a budget of the artifact is spent.
        SourceError: the archive cannot be read.
    """
    directory = parse(source, budget)
    children, unread = children_of(source, directory, budget, Role.PART)
    observations: list[Observation] = [*directory.observations, *packing(directory, budget), *unread]
    kept: list[Child] = []
    for child in children:
        if _COMPILED.search(child.member):
            description = "compiled for the processor or graphics card and called as it is"
            observations.append(EmbeddedCode(kind="compiled-graph", description=description, member=child.member))
        kept.append(replace(child, expect="torch-zip") if _PICKLED.search(child.member) else child)
    return Reading(
        format="torch-export",
        holds_model=True,
        facts=(Fact(name="framework", value="torch", grade=Grade.MEASURED, source="members of the archive"),),
        observations=tuple(observations),
        children=tuple(kept),
    )


READER = Reader(
    id="torch-export",
    title="PyTorch export",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"PK"),),
    at_end=b"PK\x05\x06",
    suffixes=(".pt2",),
)
