"""PaddlePaddle programs: `.pdmodel` and `__model__`, a protobuf ProgramDesc.

Source: `paddle/fluid/framework/framework.proto` (ProgramDesc, BlockDesc, OpDesc, VarDesc). Parameters lie beside it in
`.pdiparams`.
"""

import re

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.protobuf_head import top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_hold_nodes
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.word_list import words
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import GraphOperator
from weighbridge.model.place import display
from weighbridge.model.source import ByteSource, LimitReached, SourceError

REACHING_OUT = words("""
    py_func py_layer pylayer run_program load save load_combine save_combine read_file py_reader listen_and_serv send
    recv fetch_barrier send_barrier heter_listen_and_serv distributed_lookup_table create_custom_reader custom_op
""")
_OPERATOR = re.compile(r"[a-z_][a-z0-9_.]{0,99}", re.IGNORECASE)


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether blocks with index, parent and operators stand at the top level."""
    if not could_hold_nodes(head):
        return False
    try:
        fields, _walked, whole = top_level(source, 5000)
        wire = Wire(source, Budget(), most_fields=20_000)  # the walk above may have spent all of its own
        blocks = [(at, length) for number, kind, length, at in fields if number == 1 and kind == RANGE]
        return whole and any(_is_block(wire, *block) for block in blocks[:20])
    except (SourceError, StructureError, LimitReached):
        return False


def _is_block(wire: Wire, start: int, length: int) -> bool:
    index = parent = False
    for number, kind, value, at in wire.fields(start, start + length):
        if (number, kind) not in ((1, VARINT), (2, VARINT), (3, RANGE), (4, RANGE), (5, VARINT)):
            return False
        index |= number == 1
        parent |= number == 2
        if number == 4:
            return index and parent and _OPERATOR.fullmatch(_operator(wire, at, value)) is not None
    return False


def _operator(wire: Wire, start: int, length: int) -> str:
    for number, kind, value, at in wire.fields(start, start + length):
        if number == 3 and kind == RANGE:
            return wire.text(at, value, 200)
    return ""


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    wire = Wire(source, budget)
    operators = 0
    gathering.fact("producer", "paddlepaddle", "format")
    for number, kind, value, at in wire.fields():
        if number != 1 or kind != RANGE:
            continue
        for inner, inner_kind, size, position in wire.fields(at, at + value):
            if inner == 4 and inner_kind == RANGE:
                operators += 1
                name = _operator(wire, position, size)
                if name in REACHING_OUT:
                    gathering.observe(GraphOperator(framework="paddle", domain="", name=name))
    gathering.fact("nodes", operators, "blocks", Grade.MEASURED)
    stem = display(source.name).removesuffix(".pdmodel")
    if stem:
        gathering.want(f"{stem}.pdiparams", required=False)


READER = Reader(
    id="paddle",
    title="PaddlePaddle",
    recognize=recognize,
    read=gathered("paddle", _read),
    could_be=could_hold_nodes,
    begins=BEGINNINGS,
    suffixes=(".pdmodel",),
)
