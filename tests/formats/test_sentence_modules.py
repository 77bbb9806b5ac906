import json

from weighbridge.formats.sentence_modules import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import BytesSource
from weighbridge.model.weights import RemoteCode


def read(*types: object):
    modules = [{"idx": at, "name": str(at), "path": "", "type": kind} for at, kind in enumerate(types)]
    return READER.read(BytesSource(json.dumps(modules).encode()), Budget())


def test_installed_classes_and_files_of_the_repository():
    reading = read("sentence_transformers.models.Transformer", "custom_file.Module", 7, "plain")

    assert [(each.module, each.name) for each in reading.observations if isinstance(each, ClassReference)] == [
        ("sentence_transformers.models", "Transformer")
    ]
    assert [(each.file, each.name) for each in reading.observations if isinstance(each, RemoteCode)] == [
        ("custom_file.py", "Module")
    ]


def test_recognition():
    assert could_be(b'[{"idx": 0, "name": "0", "path": "", "type": "x.Y"}]')
    assert not could_be(b'[{"id": 0, "type": "x.Y"}]')
