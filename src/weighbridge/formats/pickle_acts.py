"""The opcodes that build containers, import, call and change: the part of the symbolic machine that judges rest on.

Source: the `load_*` functions of CPython `Modules/_pickle.c`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from weighbridge.formats.pickle_arrays import is_array_wrapper, skip_array
from weighbridge.formats.pickle_values import (
    EMPTY_TUPLE,
    KEPT_ITEMS,
    OPAQUE,
    SCALARS,
    Container,
    Import,
    ListValue,
    Result,
    TupleValue,
    container,
)
from weighbridge.model.pickle_program import Kind

if TYPE_CHECKING:
    from weighbridge.formats.pickle_machine import Machine

Handler = Callable[["Machine", bytes, int], int]
KEPT_IN_ALL = 250_000
"""Items other than literals that all containers of one stream keep together."""
LITERALS_IN_ALL = 1_000_000
"""Literals that all containers of one stream keep together; short dicts and tuples may add as many."""
_SHORT = 32
_CHEAP = SCALARS | {Import}
"""What a tuple may hold without growing a chain."""


# --- containers ------------------------------------------------------------------------------------------------


def _keep(machine: Machine, target: Container, added: list[object], *, pairs: bool = False) -> None:
    """Put `added` into `target`, within what may be kept."""
    if not added:
        return
    items = target.items
    if items is None:
        items = target.items = []
    room = KEPT_ITEMS - len(items)
    target.count += len(added)
    if len(added) > 3:
        machine.literals += len(added)
        short = len(added) <= _SHORT and (pairs or target.kind is Kind.TUPLE)
        if machine.literals > (2 * LITERALS_IN_ALL if short else LITERALS_IN_ALL):
            room = 0
    if len(added) <= room and len(items) + len(added) == target.count and machine.kept < KEPT_IN_ALL:
        if not SCALARS.issuperset(map(type, added)):
            machine.kept += sum(type(item) not in SCALARS for item in added)
        items += added
        return
    if machine.kept >= KEPT_IN_ALL:
        target.tainted = target.tainted or not SCALARS.issuperset(map(type, added))
        return
    if room <= 0:
        if SCALARS.issuperset(map(type, added)):
            return
        if not pairs:
            added = [item for item in added if type(item) not in SCALARS]
    step = 2 if pairs else 1
    for index in range(0, len(added), step):
        group = added[index : index + step]
        if room <= index and SCALARS.issuperset(map(type, group)):
            continue
        if machine.kept >= KEPT_IN_ALL:
            target.tainted = target.tainted or not SCALARS.issuperset(map(type, added[index:]))
            return
        machine.kept += step
        items += group


def _empty(kind: Kind) -> Handler:
    def step(machine: Machine, _data: bytes, pos: int) -> int:
        machine.stack.append(container(kind))
        return pos

    return step


def _from_mark(kind: Kind) -> Handler:
    def step(machine: Machine, _data: bytes, pos: int) -> int:
        items = machine.pop_mark()
        if kind is Kind.DICT and len(items) % 2:
            machine.fail("DICT has a key without a value")
        if not items and kind is Kind.TUPLE:
            machine.stack.append(EMPTY_TUPLE)
            return pos
        made = container(kind)
        _keep(machine, made, items, pairs=kind is Kind.DICT)
        machine.stack.append(made)
        return pos

    return step


def _tuple(size: int) -> Handler:
    def step(machine: Machine, _data: bytes, pos: int) -> int:
        stack = machine.stack
        made = TupleValue()
        if len(stack) - size >= (machine.marks[-1] if machine.marks else 0):
            made.items = stack[-size:]
            del stack[-size:]
        else:
            made.items = [machine.pop() for _ in range(size)][::-1]
        made.count = size
        if not _CHEAP.issuperset(map(type, made.items)):
            # A chain of millions of tuples, each in the next, is a few bytes a link.
            machine.kept += 1
            if machine.kept > KEPT_IN_ALL:
                made.items = None
                made.tainted = True
        stack.append(made)
        return pos

    return step


def _fill(machine: Machine, target: object, items: list[object], how: str) -> None:
    """Put `items` into `target`: quietly if the stream made it as a plain container, else on record."""
    wanted = {"item": (Kind.DICT,), "append": (Kind.LIST,), "extend": (Kind.LIST,), "add": (Kind.SET,)}[how]
    if isinstance(target, Container) and target.kind in wanted:
        _keep(machine, target, items, pairs=how == "item")
        return
    if machine.strict and _is_plain(target) and not _takes(target, how):
        machine.fail("items are put into a value that takes none")
    machine.recorder.mutated(machine, target, how)
    if isinstance(target, Result):
        if target.entries is None:
            target.entries = container(Kind.DICT if how == "item" else Kind.LIST)
        _keep(machine, target.entries, items, pairs=how == "item")


def _takes(target: object, how: str) -> bool:
    """Tell whether loaders put items into a list or bytearray in a way that no pickler writes."""
    kind = target.kind if isinstance(target, Container) else None
    return how != "add" and (kind is Kind.BYTEARRAY or (kind is Kind.LIST and how == "item"))


def _is_plain(target: object) -> bool:
    """Tell whether a value is a literal or plain container: any other use than its own stops every loader."""
    return type(target) in SCALARS or isinstance(target, Container)


def step_append(machine: Machine, _data: bytes, pos: int) -> int:
    """APPEND."""
    stack, marks = machine.stack, machine.marks
    target = stack[-2] if len(stack) >= (marks[-1] if marks else 0) + 2 else None
    if type(target) is ListValue:
        value = stack.pop()
        nothing_to_learn = type(value) in SCALARS or (target.tainted and machine.kept >= KEPT_IN_ALL)
        if nothing_to_learn and target.count >= KEPT_ITEMS:
            target.count += 1
        else:
            _keep(machine, target, [value])
        return pos
    value = machine.pop()
    _fill(machine, machine.top(), [value], "append")
    return pos


def step_appends(machine: Machine, _data: bytes, pos: int) -> int:
    """APPENDS."""
    items = machine.pop_mark()
    target = machine.top()
    if type(target) is ListValue:
        _keep(machine, target, items)
    elif items:
        _fill(machine, target, items, "extend")
    return pos


def step_setitem(machine: Machine, _data: bytes, pos: int) -> int:
    """SETITEM."""
    value = machine.pop()
    key = machine.pop()
    _fill(machine, machine.top(), [key, value], "item")
    return pos


def step_setitems(machine: Machine, _data: bytes, pos: int) -> int:
    """SETITEMS."""
    items = machine.pop_mark()
    target = machine.top()
    if len(items) % 2:
        machine.fail("SETITEMS has a key without a value")
    if items:
        _fill(machine, target, items, "item")
    return pos


def step_additems(machine: Machine, _data: bytes, pos: int) -> int:
    """ADDITEMS."""
    items = machine.pop_mark()
    target = machine.top()
    if items:
        _fill(machine, target, items, "add")
    return pos


# --- imports ---------------------------------------------------------------------------------------------------


def _named(machine: Machine, pos: int) -> tuple[object, int]:
    module, _head, after = machine.line(pos)
    name, _head, after = machine.line(after)
    if module is None or name is None:
        machine.recorder.computed(machine, OPAQUE, OPAQUE)
        return Result(OPAQUE, OPAQUE), after
    try:
        found = machine.import_name(module.decode(), name.decode())
    except UnicodeDecodeError:
        machine.fail("an import is not valid text")
        found = machine.import_name(module.decode("utf-8", "replace"), name.decode("utf-8", "replace"))
    return found, after


def step_global(machine: Machine, _data: bytes, pos: int) -> int:
    """GLOBAL: module and name as two lines."""
    found, after = _named(machine, pos)
    machine.stack.append(found)
    return after


def step_stack_global(machine: Machine, _data: bytes, pos: int) -> int:
    """STACK_GLOBAL: module and name from the stack; both must be texts."""
    name = machine.pop()
    module = machine.pop()
    if type(module) is str and type(name) is str:
        machine.stack.append(machine.import_name(module, name))
        return pos
    machine.recorder.computed(machine, module, name)
    machine.stop_at_forgotten((module, name))
    machine.stack.append(Result(OPAQUE, OPAQUE))
    return pos


def _extension(size: int) -> Handler:
    def step(machine: Machine, data: bytes, pos: int) -> int:
        code = machine.number(data, pos, size, signed=size == 4)
        machine.recorder.extension(machine, code)
        machine.stack.append(Result(OPAQUE, OPAQUE))
        return pos + size

    return step


def step_persid(machine: Machine, _data: bytes, pos: int) -> int:
    """PERSID: a line."""
    text, _head, after = machine.line(pos)
    identity = text.decode("ascii", "replace") if text is not None else OPAQUE
    machine.stack.append(machine.recorder.persistent(machine, identity))
    return after


def step_binpersid(machine: Machine, _data: bytes, pos: int) -> int:
    """BINPERSID: any value as id."""
    machine.stack.append(machine.recorder.persistent(machine, machine.pop()))
    return pos


# --- calls -----------------------------------------------------------------------------------------------------


def step_reduce(machine: Machine, _data: bytes, pos: int) -> int:
    """REDUCE: call with a tuple."""
    operands = machine.pop()
    callee = machine.pop()
    if machine.strict and _is_plain(callee):
        machine.fail("a plain value is called")
    machine.stack.append(machine.call(callee, operands, "call"))
    return pos


def step_inst(machine: Machine, _data: bytes, pos: int) -> int:
    """INST: arguments from the mark, class as two lines."""
    operands = TupleValue()
    _keep(machine, operands, machine.pop_mark())
    callee, after = _named(machine, pos)
    machine.stack.append(machine.call(callee, operands, "call"))
    return after


def step_obj(machine: Machine, _data: bytes, pos: int) -> int:
    """OBJ: class and arguments from the mark."""
    items = machine.pop_mark()
    if not items:
        machine.fail("OBJ has no class")
    operands = TupleValue()
    _keep(machine, operands, items[1:])
    machine.stack.append(machine.call(items[0] if items else OPAQUE, operands, "call"))
    return pos


def step_newobj(machine: Machine, _data: bytes, pos: int) -> int:
    """NEWOBJ: `cls.__new__(cls, *args)`."""
    operands = machine.pop()
    callee = machine.pop()
    machine.stack.append(machine.call(callee, operands, "new"))
    return pos


def step_newobj_ex(machine: Machine, _data: bytes, pos: int) -> int:
    """NEWOBJ_EX: the same with keyword arguments."""
    keywords = machine.pop()
    operands = machine.pop()
    callee = machine.pop()
    machine.stack.append(machine.call(callee, operands, "new", keywords))
    return pos


def _is_no_state(state: object) -> bool:
    """Tell whether BUILD with `state` changes nothing, so that loaders accept it for any target."""
    if isinstance(state, Container):
        pair = state.items or [] if state.kind is Kind.TUPLE and state.count == 2 else []
        empty = [item is None or (isinstance(item, Container) and not item.count) for item in pair]
        return not state.count or (len(empty) == 2 and all(empty))
    return not state


def step_build(machine: Machine, _data: bytes, pos: int) -> int:
    """BUILD: give state to the topmost value."""
    state = machine.pop()
    target = machine.top()
    if machine.strict and _is_plain(target) and not _is_no_state(state):
        machine.fail("a plain value gets state")
    machine.recorder.state(machine, target, state)
    if isinstance(target, Result):
        target.state = state
        if is_array_wrapper(target):
            return skip_array(machine, target, pos)
    return pos


ACTS: dict[int, Handler] = {
    0x8F: _empty(Kind.SET), 0x91: _from_mark(Kind.FROZENSET), 0x90: step_additems, 0x61: step_append,
    0x65: step_appends, 0x73: step_setitem, 0x75: step_setitems, 0x64: _from_mark(Kind.DICT),
    0x6C: _from_mark(Kind.LIST), 0x74: _from_mark(Kind.TUPLE), 0x85: _tuple(1), 0x86: _tuple(2), 0x87: _tuple(3),
    0x63: step_global, 0x93: step_stack_global, 0x82: _extension(1), 0x83: _extension(2), 0x84: _extension(4),
    0x50: step_persid, 0x51: step_binpersid, 0x52: step_reduce, 0x69: step_inst, 0x6F: step_obj, 0x81: step_newobj,
    0x92: step_newobj_ex, 0x62: step_build,
}  # fmt: skip
