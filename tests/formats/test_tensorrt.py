"""TensorRT engines."""

from tests.samples.graphs_reading import of, read, recognized

from weighbridge.formats.tensorrt import READER
from weighbridge.model.observation import GraphOperator

ENGINE = b"ftrt" + bytes(60) + b"EfficientNMS_TRT\0MyPluginDynamic\0" + bytes(60)


def test_engine_and_plugins() -> None:
    assert recognized(READER, ENGINE)
    names = {o.name for o in of(read(READER, ENGINE), GraphOperator) if isinstance(o, GraphOperator)}
    assert names == {"compiled engine", "EfficientNMS_TRT", "MyPluginDynamic"}


def test_other_files() -> None:
    assert not recognized(READER, b"ftrt")
    assert not recognized(READER, b"text" * 20)
