"""Whether bytes are a pickle: a strict run of the machine over their beginning.

True means that a loader would take them, or would act before it gives up: streams cut short or followed by anything
are recognized if their beginning imports and calls. Text and other binary formats fail at the first opcodes.
"""

import re

from weighbridge.formats.pickle_machine import Machine
from weighbridge.formats.pickle_opcodes import NAMES
from weighbridge.formats.pickle_recorder import Recorder
from weighbridge.formats.pickle_start import could_begin
from weighbridge.formats.pickle_values import Fault
from weighbridge.formats.pickle_window import Window
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import ByteSource, LimitReached, SourceError

SCOUT_OPCODES = 20_000
"""A legal run of this length is a pickle without doubt."""
STREAMS = 16
_ENOUGH = 8
"""So many legal opcodes after PROTO before an error are a damaged pickle rather than something else."""
_PLAUSIBLE = re.compile(r"[\w.]+\Z")


def is_pickle(source: ByteSource, head: bytes, *, start: int = 0) -> bool:
    """Tell whether a pickle begins at `start`, where `head` stands."""
    if not could_begin(head):
        return False
    magic = head[0] == 0x80 or head[0] == 0x95
    recorder = Recorder()
    budget = Budget(Limits(opcodes=SCOUT_OPCODES))
    position = start
    total = 0
    for _ in range(STREAMS):
        machine = Machine(Window(source, position, 8192), recorder, budget, strict=True)
        try:
            position, _value = machine.run(position)
        except LimitReached:
            return True
        except (Fault, SourceError) as fault:
            return _damaged_counts(machine, recorder, magic, getattr(fault, "truncated", False), total)
        total += machine.opcodes
        if _acts(recorder) or (magic and total > 1):
            return True
        rest = Window(source, position, 64)
        if rest.last and not rest.data.strip():
            # Bytes alone without PROTO: no pickler that knows bytes writes that, but a text may begin with C.
            return total >= 3 or (total == 2 and (magic or head[:1] not in (b"B", b"C")))
    return True


def names_something(recorder: Recorder) -> bool:
    """Tell whether a name that is written as names are is called or made an instance of."""
    names = recorder.called_names | recorder.built_names
    return any(_PLAUSIBLE.match(module) and _PLAUSIBLE.match(name) for module, name in names)


def _acts(recorder: Recorder) -> bool:
    return names_something(recorder) or any(
        type(noted).__name__ == "PickleComputedImport" for noted in recorder.shapes.values()
    )


def _damaged_counts(machine: Machine, recorder: Recorder, magic: bool, truncated: bool, before: int) -> bool:
    if _acts(recorder):
        return True
    if machine.opcode not in NAMES:
        return False
    if magic and before == 0:
        return machine.opcodes >= _ENOUGH or bool(recorder.imports) or (truncated and machine.opcodes >= 2)
    return truncated and before == 0 and machine.opcodes >= 2 * _ENOUGH
