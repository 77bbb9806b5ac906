import json

from weighbridge.formats.adapter_config import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import BytesSource


def read(config: object):
    return READER.read(BytesSource(json.dumps(config).encode()), Budget())


def test_facts():
    config = {"peft_type": "LORA", "r": 16, "lora_alpha": 32, "base_model_name_or_path": "org/base", "task_type": "X"}
    facts = {fact.name: fact.value for fact in read(config).facts}

    assert facts == {
        "type": "adapter",
        "base_model": "org/base",
        "adapter.type": "LORA",
        "adapter.task": "X",
        "adapter.rank": 16,
        "adapter.alpha": 32,
    }


def test_the_parent_library_is_imported_by_name():
    reading = read({"peft_type": "LORA", "auto_mapping": {"base_model_class": "system", "parent_library": "os"}})

    assert [
        (each.framework, each.module, each.name) for each in reading.observations if isinstance(each, ClassReference)
    ] == [("peft", "os", "system")]


def test_recognition():
    assert could_be(b'{"peft_type": "LORA"}')
    assert not could_be(b'{"type": "LORA"}')
