"""What a pickle does, as its symbolic reading tells it, so that checks can judge without parsing.

A pickle is a program for a small stack machine. It can name any importable object, call it, and change what it
got. The reading follows the machine of CPython (`Modules/_pickle.c`) without importing or calling anything; every
value is known as a literal, a container, an import or a result with its origin.
"""

from dataclasses import dataclass
from enum import StrEnum

from weighbridge.model.observation import Observation
from weighbridge.model.record import record


class Kind(StrEnum):
    """What is known of a value on the machine's stack."""

    NONE = "none"
    BOOL = "bool"
    INT = "int"
    LARGE_INT = "large-int"
    """At least 2**24: as a size or count it would cost memory."""
    FLOAT = "float"
    STR = "str"
    BYTES = "bytes"
    LIST = "list"
    TUPLE = "tuple"
    DICT = "dict"
    SET = "set"
    FROZENSET = "frozenset"
    BYTEARRAY = "bytearray"
    IMPORT = "import"
    """Something that the stream imported: class, function, module attribute, ..."""
    RESULT = "result"
    """What a call of an import returned, or an instance that was built."""
    PERSISTENT = "persistent"
    """What the loader's own `persistent_load` returned."""
    BUFFER = "buffer"
    """An out-of-band buffer."""
    OPAQUE = "opaque"
    """Nothing is known."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A value as a check sees it: enough to judge its shape, bounded in size."""

    kind: Kind
    value: str | int | float | bool | None = None
    """The literal, shortened to 200 characters; None for everything else."""
    module: str = ""
    """For imports and results: the module of the import, or of what was called."""
    name: str = ""
    items: tuple["Operand", ...] = ()
    """Items of a tuple, list or set; keys and values in turn for a dict; operands for a result."""
    complete: bool = True
    """Whether `items` are all there are."""


@record
class PickleObservation(Observation):
    """Base: where in which stream of which nesting."""

    opcode: str = ""
    """Name of the opcode, as `pickletools` has it."""
    nesting: int = 0
    """0 for a stream that stands in the file, 1 and up for one inside a value of another."""
    reached: bool = True
    """Whether a loader that begins at this stream's start gets here: False after an error it would stop at."""


@record
class PickleImport(PickleObservation):
    """The stream imports a name. One observation per distinct name and file."""

    module: str
    """As Python 3 resolves it, after the mapping of Python 2 names where that applies."""
    name: str
    written_module: str
    written_name: str
    called: bool = False
    """Whether the import itself is called (REDUCE, INST, OBJ)."""
    built: bool = False
    """Whether instances are made of it without calling it (NEWOBJ)."""
    protocol: int = 0


@record
class PickleComputedImport(PickleObservation):
    """An import whose module or name is not a literal in the stream."""

    module: Operand
    name: Operand


@record
class PickleCall(PickleObservation):
    """The stream calls something, or makes an instance of it. One observation per distinct shape."""

    callee: Operand
    how: str
    """`call` (REDUCE, INST, OBJ) or `new` (NEWOBJ, NEWOBJ_EX)."""
    operands: Operand
    """The argument tuple, or `OPAQUE` when it is not known."""
    keywords: Operand | None = None


@record
class PickleState(PickleObservation):
    """BUILD: state is given to a value, through `__setstate__` or by setting attributes."""

    target: Operand
    state: Operand
    slots: bool = False
    """Whether the state is the pair whose second half sets attributes one by one."""


@record
class PickleMutation(PickleObservation):
    """Items are put into a value that is not a plain list, dict or set of the stream's own making."""

    target: Operand
    how: str
    """`item` (`target[key] = value`), `append`, `add`, `extend`."""


@record
class PicklePersistentId(PickleObservation):
    """The stream asks the loader to find an object by an id; only loaders that expect this can load it."""

    id: Operand


@record
class PickleExtension(PickleObservation):
    """The stream asks the process-wide extension registry for an import by number."""

    code: int


@record
class PickleDisagreement(PickleObservation):
    """Two unpicklers in use read this place differently; no pickler writes it."""

    reason: str


@record
class PickleMemoAnomaly(PickleObservation):
    """The memo is used in a way that no pickler uses it."""

    reason: str


@record
class PickleTrailing(PickleObservation):
    """Bytes after the end of the last stream that no loader of this format reads."""

    length: int
    blank: bool
    """Only zero bytes or white space, as padding writes."""


@record
class PickleNested(PickleObservation):
    """A text or bytes value holds a pickle of its own."""

    length: int


@record
class ScriptOperation(Observation):
    """An operation in TorchScript code text that reaches beyond tensors."""

    operation: str
    """`ops.aten.save`, `ops.mylib.op`, ..."""
    reaches: bool
    """Whether it touches files or the system; else it is an operator that PyTorch does not define."""
