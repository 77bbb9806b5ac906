"""PyTorch files in ZIP form: state dicts, checkpoints, whole modules, TorchScript and mobile archives.

Source: PyTorch `caffe2/serialize/inline_container.cc` (records are looked up without regard to case),
`torch/serialization.py` (`_load`), `torch/csrc/jit/serialization/` for `code/`, `constants.pkl` and `bytecode.pkl`.
"""

import re
from dataclasses import replace

from weighbridge.formats.reader import Child, Reader, Reading, Role, Signature
from weighbridge.formats.torchscript_code import operations
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import names, parse
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Observation, Unread
from weighbridge.model.source import ByteSource, SourceError

_PROGRAMS = re.compile(r"(?:^|/)(?:data|constants|bytecode|attributes)\.pkl\Z", re.IGNORECASE)
_PICKLE = re.compile(r"\.(?:debug_)?pkl\Z", re.IGNORECASE)
_STORAGE = re.compile(r"(?:^|/)(?:data|tensors|constants|xl_model_weights)/[0-9]+\Z")
_CODE = re.compile(r"(?:^|/)code/.*\.py\Z", re.IGNORECASE)
CODE_BYTES = 4 << 20
"""Longest code text of one member that is looked at."""


def recognize(source: ByteSource, _head: bytes) -> bool:
    """Tell whether the archive has a member that PyTorch unpickles."""
    return any(_PROGRAMS.search(name) for name in names(source))


def read(source: ByteSource, budget: Budget) -> Reading:
    """Hand on every member but the storages; pickles are read as pickles whatever they look like.

    Raises:
        LimitReached: a budget of the artifact is spent.
        SourceError: the archive cannot be read.
    """
    directory = parse(source, budget)
    children, unread = children_of(source, directory, budget, Role.PART)
    observations: list[Observation] = [*directory.observations, *packing(directory, budget), *unread]
    kept: list[Child] = []
    storages = 0
    script = False
    for child in children:
        if _STORAGE.search(child.member):
            storages += 1
        elif _CODE.search(child.member):
            script = True
            observations += _code(child)
        elif _PICKLE.search(child.member):
            kept.append(replace(child, expect="pickle"))
        else:
            kept.append(child)
    facts = (
        Fact(name="framework", value="torch", grade=Grade.MEASURED, source="members of the archive"),
        *((Fact(name="programs", value="torchscript", grade=Grade.MEASURED, source="code members"),) if script else ()),
    )
    return Reading(
        format="torchscript" if script else "torch-zip",
        holds_model=True,
        facts=facts,
        observations=tuple(observations),
        children=tuple(kept),
        skipped=(f"tensor data of {storages} storages: holds no code",) if storages else (),
    )


def _code(child: Child) -> tuple[Observation, ...]:
    try:
        text = child.source.read(0, CODE_BYTES + 1)
    except SourceError as error:
        return (Unread(what=child.member, reason=str(error), member=child.member),)
    if len(text) > CODE_BYTES:
        reason = f"code text longer than {CODE_BYTES} bytes"
        return (Unread(what=child.member, reason=reason, member=child.member), *operations(text, child.member))
    return operations(text, child.member)


READER = Reader(
    id="torch-zip",
    title="PyTorch",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"PK"),),
    at_end=b"PK\x05\x06",
    suffixes=(".ptl",),
)
