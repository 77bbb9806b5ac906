"""`keras_metadata.pb` beside a SavedModel: the configurations of its layers.

Source: `keras/protobuf/saved_metadata.proto` (SavedMetadata, SavedObject) of Keras 2.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.protobuf_head import top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_be_keras_metadata
from weighbridge.formats.protobuf_wire import RANGE, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.saved_model import user_object
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, SourceError


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether saved objects stand at the top level and nothing breaks off."""
    if not could_be_keras_metadata(head):
        return False
    try:
        fields, _wire, whole = top_level(source)
    except (SourceError, StructureError):
        return False
    return whole and any(field[:2] == (1, RANGE) for field in fields)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    wire = Wire(source, budget)
    for number, kind, value, at in wire.fields():
        if number == 1 and kind == RANGE:
            user_object(wire, gathering, at, value, 4, 5)


READER = Reader(
    id="keras-metadata",
    title="Keras metadata of a SavedModel",
    recognize=recognize,
    read=gathered("keras-metadata", _read, holds_model=False),
    could_be=could_be_keras_metadata,
    begins=BEGINNINGS,
)
