import json

from weighbridge.formats.tokenizer_config import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def read(config: object):
    return READER.read(BytesSource(json.dumps(config).encode()), Budget())


def test_template_class_and_length():
    reading = read({"tokenizer_class": "LlamaTokenizer", "model_max_length": 4096, "chat_template": "{{ x }}"})
    facts = {fact.name: fact.value for fact in reading.facts}

    assert facts["tokenizer"] == "LlamaTokenizer"
    assert facts["tokenizer.model_max_length"] == 4096
    assert [request.payload for request in reading.requests] == [b"{{ x }}"]
    assert not reading.holds_model


def test_no_limit_is_not_a_length():
    assert read({"model_max_length": 10**30}).facts == ()


def test_odd_values_are_passed_over():
    assert read({"chat_template": 7, "tokenizer_class": []}).requests == ()


def test_recognition():
    assert could_be(b'{"added_tokens_decoder": {}}')
    assert not could_be(b'{"version": "1.0", "model": {"type": "BPE"}}')
