"""Pickles of any protocol, with or without joblib's arrays between the opcodes, and PyTorch's first format.

Sources: CPython `Modules/_pickle.c`; joblib `numpy_pickle.py`; PyTorch `torch/serialization.py` (`_legacy_load`):
magic number, protocol version, system information, object and list of storage keys as five pickles, then every
storage as an eight-byte count and its elements.
"""

from weighbridge.formats.pickle_scout import is_pickle, names_something
from weighbridge.formats.pickle_start import BEGINNINGS, could_begin
from weighbridge.formats.pickle_streams import Streams, read_streams, search_behind
from weighbridge.formats.pickle_tensors import ELEMENT_BYTES, tensors_of
from weighbridge.formats.pickle_values import Container
from weighbridge.formats.reader import Reader, Reading
from weighbridge.formats.tensor_table import facts as tensor_facts
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Damage, Malformed, Observation, Unread
from weighbridge.model.pickle_program import PickleExtension, PickleObservation, PicklePersistentId
from weighbridge.model.source import ByteSource

TORCH_MAGIC = 0x1950A86A20F9469CFC6C
_TORCH_STREAMS = 5
_CLASSES_SHOWN = 60
_FRAMEWORKS = ("torch", "sklearn", "xgboost", "lightgbm", "catboost", "transformers", "tensorflow", "keras", "numpy")


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a loader would take the bytes as a pickle, or act before it gives up."""
    return is_pickle(source, head)


def read(source: ByteSource, budget: Budget) -> Reading:
    """Follow every stream of the source.

    Raises:
        LimitReached: a budget of the artifact is spent.
    """
    streams = read_streams(source, budget)
    recorder = streams.recorder
    form = "pickle"
    skipped: tuple[str, ...] = ()
    first = streams.values[0] if streams.values else None
    if type(first) is int and first == TORCH_MAGIC and len(streams.values) >= _TORCH_STREAMS:
        form = "torch-legacy"
        skipped = _step_over_storages(source, streams)
    elif recorder.arrays:
        form = "joblib"
        skipped = (f"array data, {recorder.array_bytes} bytes: holds no code",)
    search_behind(source, budget, streams)
    if _is_none(source, streams):
        gap = Unread(what="content", reason="it is no pickle: every loader stops before it imports anything", offset=0)
        return Reading(format=form, holds_model=True, observations=(gap, *streams.extra))
    return Reading(
        format=form,
        holds_model=True,
        facts=facts_of(streams),
        observations=streams.observations(),
        skipped=skipped,
    )


def _is_none(source: ByteSource, streams: Streams) -> bool:
    """Tell whether loaders refuse the bytes before anything is imported, and no name in them could be meant."""
    recorder = streams.recorder
    if streams.values or streams.exhausted or not streams.faulty or streams.damage is not None:
        return False
    deeds = [note for note in recorder.shapes.values() if not isinstance(note, PicklePersistentId)]
    reached = any(note.reached for note in (*recorder.imports.values(), *deeds) if isinstance(note, PickleObservation))
    extension = any(isinstance(note, PickleExtension) for note in recorder.others.values())
    if reached or extension or recorder.arrays or names_something(recorder):
        return False
    return not is_pickle(source, source.read(0, 4096))


def facts_of(streams: Streams) -> tuple[Fact, ...]:
    """Return what the streams tell of the model: tensors, framework, classes."""
    facts: list[Fact] = []
    names = streams.recorder.imports
    if any(module == "torch._utils" for module, _name in names):
        tensors = max((tensors_of(value) for value in streams.values), key=len, default=[])
        facts += tensor_facts(tensors, "pickle: rebuilt tensors") if tensors else ()
    roots = {module.partition(".")[0] for module, _name in names}
    for framework in _FRAMEWORKS:
        if framework in roots:
            facts.append(
                Fact(name="framework", value=framework, grade=Grade.MEASURED, source="pickle: modules imported")
            )
            break
    if names:
        shown = tuple(sorted(f"{module}.{name}"[:200] for module, name in list(names)[:_CLASSES_SHOWN]))
        facts.append(Fact(name="classes", value=shown, grade=Grade.MEASURED, source="pickle: names imported"))
    return tuple(facts)


def _step_over_storages(source: ByteSource, streams: Streams) -> tuple[str, ...]:
    """Move `streams.end` behind the storages that follow the five pickles."""
    keys = streams.values[_TORCH_STREAMS - 1]
    wanted: list[object] = keys.items or [] if isinstance(keys, Container) else []
    if isinstance(keys, Container) and keys.count != len(wanted):
        wanted = [*sorted(streams.recorder.storages)]
    position = streams.end
    notes: list[Observation] = []
    for key in wanted:
        kind, elements = streams.recorder.storages.get(key, ("", 0)) if isinstance(key, str) else ("", 0)
        size = ELEMENT_BYTES.get(kind)
        count = source.read(position, 8)
        if size is None:
            notes.append(Malformed(damage=Damage.CONTRADICTION, reason="a storage has no type", offset=position))
            break
        if len(count) < 8:
            notes.append(Malformed(damage=Damage.TRUNCATED, reason="the storages end early", offset=position))
            break
        stored = int.from_bytes(count, "little", signed=True)
        if stored != elements:
            reason = f"a storage has {stored} elements where its pickle says {elements}"
            notes.append(Malformed(damage=Damage.CONTRADICTION, reason=reason, offset=position))
            break
        position += 8 + stored * size
        if stored and not source.read(position - 1, 1):
            notes.append(Malformed(damage=Damage.TRUNCATED, reason="the storages end early", offset=position))
            break
    moved = position - streams.end
    streams.end = position
    streams.extra += notes
    return (f"tensor data, {moved} bytes: holds no code",)


READER = Reader(
    id="pickle",
    title="Python pickle",
    recognize=recognize,
    read=read,
    could_be=could_begin,
    begins=BEGINNINGS,
    suffixes=(".pkl", ".pickle"),
)
