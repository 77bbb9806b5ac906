"""Operations in TorchScript code text that reach beyond tensors.

Source: PyTorch `torch/csrc/jit/serialization/python_print.cpp` for how operators are written (`torch.relu`,
`ops.namespace.name`), and the operator registry for `aten::save` and `aten::from_file`.
"""

import re

from weighbridge.model.pickle_program import ScriptOperation

_OPERATION = re.compile(
    rb"\b(?:torch|ops\s{0,20}\.\s{0,20}(?P<space>\w{1,60}))\s{0,20}\.\s{0,20}(?P<name>\w{1,80})\s{0,20}\("
)
_OWN_SPACES = frozenset(
    {b"aten", b"prim", b"quantized", b"prepacked", b"sparse", b"mkldnn", b"static_runtime", b"_quantized", b"onednn"}
)
_REACHING = frozenset(
    {
        b"save",
        b"load",
        b"from_file",
        b"read_file",
        b"write_file",
        b"_save",
        b"_load",
        b"open",
        b"system",
        b"exec",
        b"eval",
    }
)
_MOST = 200


def operations(text: bytes, member: str) -> tuple[ScriptOperation, ...]:
    """Return every distinct operation in `text` that touches files or that PyTorch does not define."""
    found: dict[bytes, ScriptOperation] = {}
    for match in _OPERATION.finditer(text):
        space = match["space"]
        reaches = match["name"] in _REACHING
        foreign = space is not None and space not in _OWN_SPACES
        written = b"".join(match[0][:-1].split())
        if (reaches or foreign) and written not in found:
            found[written] = ScriptOperation(
                operation=written.decode("ascii", "replace"), reaches=reaches, offset=match.start(), member=member
            )
            if len(found) >= _MOST:
                break
    return tuple(found.values())
