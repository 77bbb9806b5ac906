from weighbridge.formats.modelfile import READER, could_be, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

RECIPE = b'# mine\nFROM llama3:8b\nPARAMETER num_ctx 4096\nSYSTEM "hi"\nLICENSE "mit"\nADAPTER ./lora.gguf\n'


def test_facts():
    facts = {fact.name: fact.value for fact in READER.read(BytesSource(RECIPE), Budget()).facts}

    assert facts == {
        "base_model": "llama3:8b",
        "context_length": 4096,
        "license": "mit",
        "adapter.path": "./lora.gguf",
    }


def test_a_container_recipe_is_not_one():
    container = b"FROM debian:12\nRUN true\nCMD sh\n"

    assert recognize(BytesSource(RECIPE), RECIPE)
    assert not could_be(container)
