from weighbridge.licensing.own_names import is_generic, own_names
from weighbridge.model.fact import Fact, Grade


def fact(name, value):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source="header")


def test_the_surest_comes_first():
    facts = [
        fact("name", "Qwen2.5 3B Instruct"),
        fact("base_name", "Qwen2.5"),
        fact("size_label", "3B"),
        fact("source_url", "https://huggingface.co/Qwen/Qwen2.5-3B/"),
        fact("source_repository", "acme/copy"),
    ]
    assert own_names(facts) == ("acme/copy", "Qwen/Qwen2.5-3B", "Qwen2.5-3B", "Qwen2.5 3B Instruct")


def test_what_names_nothing():
    assert own_names([]) == ()
    assert own_names([fact("source_url", "https://example.org"), fact("size_label", "3B"), fact("name", 7)]) == ()


def test_file_names_that_any_model_may_have():
    for name in ("model.safetensors", "model-00001-of-00003.safetensors", "pytorch_model.bin", "Model.gguf"):
        assert is_generic(name)
    for name in ("qwen2.5-3b.gguf", "model-x.gguf", "mymodel.bin", ""):
        assert not is_generic(name)
