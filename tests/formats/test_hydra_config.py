from weighbridge.formats.hydra_config import READER
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import BytesSource


def read(text: bytes):
    return READER.read(BytesSource(text), Budget())


def test_names_to_build_are_noted():
    (found,) = read(b"model:\n  _target_: os.system\n  command: x\n").observations

    assert isinstance(found, ClassReference)
    assert (found.module, found.name) == ("os", "system")


def test_ordinary_settings_say_nothing_even_if_they_are_no_yaml():
    assert read(b"a: 1\n").observations == ()
    assert read(b"{% if a %}").observations == ()


def test_it_is_never_recognized_by_content():
    assert not READER.recognize(BytesSource(b"_target_: x"), b"_target_: x")
