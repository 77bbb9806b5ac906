import pytest

from weighbridge.formats.mergekit_config import LONGEST_TEXT, MOST_MODELS, READER
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.source import BytesSource


def read(text):
    return READER.read(BytesSource(text.encode()), Budget())


def facts(text):
    return {fact.name: fact.value for fact in read(text).facts}


def test_models_with_weights_and_the_base():
    found = facts("""
merge_method: ties
base_model: Org/Base@main
models:
  - model: Org/A
    parameters: {weight: 0.6, density: 0.5}
  - model: Org/B+Other/Lora
  - model: {model: {path: Org/C}}
tokenizer_source: Org/T
dtype: bfloat16
""")
    assert found == {
        "base_model": ("Org/Base", "Org/A", "Org/B", "Org/C"),
        "merge.method": "ties",
        "merge.parents": {"Org/A": "weight 0.6"},
        "merge.adapters": ("Other/Lora",),
    }


def test_layers_of_a_frankenmerge():
    found = facts("""
slices:
  - sources: [{model: Org/A, layer_range: [0, 16]}]
  - sources:
      - model: Org/B
        layer_range: [8, 24]
merge_method: passthrough
""")
    assert found["base_model"] == ("Org/A", "Org/B")
    assert found["merge.parents"]["Org/B"] == "from layer 8, to layer 24"
    assert found["merge.method"] == "passthrough"


def test_experts_of_a_mixture():
    found = facts("base_model: Org/Base\nexperts:\n- source_model: Org/A\n  positive_prompts: [model, base_model]\n")
    assert found["base_model"] == ("Org/Base", "Org/A")


@pytest.mark.parametrize("text", ["", "merge_method: ties\n", "models: [1, 2]\n", "model: Org/A\n", "- x\n"])
def test_what_names_no_model_says_nothing(text):
    assert facts(text) == {}


def test_what_is_no_yaml_is_said():
    result = read("models:\n- model: Org/A\n  x: [\n")
    assert any(isinstance(item, Unread) for item in result.observations)
    assert any(isinstance(item, Unread) for item in read("a: " + "x" * (1 << 20) + "\n").observations)


def test_what_is_stated_is_bounded():
    text = "models:\n" + "".join(f"- model: {'a' * 500}{number}\n" for number in range(5))
    assert facts(text)["base_model"] == ("a" * LONGEST_TEXT,)
    text = "models:\n" + "".join(f"- model: Org/{number}\n" for number in range(500))
    assert len(facts(text)["base_model"]) == MOST_MODELS
