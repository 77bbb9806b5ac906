import json

import pytest

from weighbridge.formats.configuration import load, note_code, note_escape, objects, take_templates
from weighbridge.formats.gathering import Gathering
from weighbridge.model.observation import ClassReference, Escape, Malformed, OutsideReference, Unread
from weighbridge.model.source import BytesSource
from weighbridge.model.weights import RemoteCode


def code(config: dict) -> list[tuple[str | None, str, str]]:
    gathering = Gathering("x", holds_model=False)
    note_code(config, gathering)
    seen = gathering.reading().observations
    return [(each.repository, each.file, each.name) for each in seen if isinstance(each, RemoteCode)]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"auto_map": {"AutoModel": "modeling_x.X"}}, (None, "modeling_x.py", "X")),
        ({"auto_map": {"AutoModel": "a/b--modeling_x.X"}}, ("a/b", "modeling_x.py", "X")),
        ({"auto_map": {"AutoTokenizer": [None, "tok.Fast"]}}, (None, "tok.py", "Fast")),
        ({"auto_map": "m.X"}, (None, "m.py", "X")),
        ({"deep": [{"auto_map": {"A": "sub.m.X"}}]}, (None, "sub/m.py", "X")),
        ({"custom_pipelines": {"t": {"impl": "p.P"}}}, (None, "p.py", "P")),
        ({"model_type": "x", "trust_remote_code": True}, (None, "", "")),
        ({"model_type": "x", "attn_implementation": "a/kernel"}, ("a/kernel", "", "")),
        ({"model_type": "x", "custom_generate": "a/b"}, ("a/b", "custom_generate/generate.py", "generate")),
    ],
)
def test_code_that_is_named(config, expected):
    assert code(config) == [expected]


@pytest.mark.parametrize(
    "config",
    [
        {"trust_remote_code": True, "port": 1},
        {"attn_implementation": "a/b"},
        {"model_type": "x", "attn_implementation": "flash_attention_2", "trust_remote_code": False},
        {"auto_map": {}},
        {"auto_map": {"AutoModel": None}},
        {"model_type": "x", "custom_generate": None},
    ],
)
def test_settings_that_name_no_code(config):
    assert code(config) == []


def test_hydra_targets_are_class_references():
    gathering = Gathering("x", holds_model=False)
    note_code({"a": {"_target_": "os.system"}}, gathering)

    [seen] = gathering.reading().observations
    assert isinstance(seen, ClassReference)
    assert (seen.module, seen.name, seen.key) == ("os", "system", "a._target_")


@pytest.mark.parametrize(
    ("path", "escape"),
    [
        ("../x", Escape.PARENT_PATH),
        ("a/../../x", Escape.PARENT_PATH),
        ("..\\x", Escape.PARENT_PATH),
        ("/etc/x", Escape.ABSOLUTE_PATH),
        ("C:\\x", Escape.ABSOLUTE_PATH),
        ("~/x", Escape.ABSOLUTE_PATH),
        ("http://a/x", Escape.URL),
        ("a//x", Escape.PARENT_PATH),
        ("a/x", None),
        ("model..safetensors", None),
    ],
)
def test_paths_that_leave_the_folder(path, escape):
    gathering = Gathering("x", holds_model=False)
    note_escape(gathering, path, "k")

    seen = gathering.reading().observations
    assert [each.escape for each in seen if isinstance(each, OutsideReference)] == ([escape] if escape else [])


def test_templates_in_every_form():
    gathering = Gathering("x", holds_model=False)
    config = {
        "chat_template": "{{ a }}",
        "inner": {"chat_template": [{"name": "tool", "template": "{{ b }}"}]},
        "more": {"chat_template": {"rag": "{{ c }}", "none": "plain"}},
    }
    take_templates(config, gathering)
    reading = gathering.reading()

    assert {request.payload for request in reading.requests} == {b"{{ a }}", b"{{ b }}", b"{{ c }}"}
    assert len([fact for fact in reading.facts if fact.name == "chat_template.sha256"]) == 3


def test_too_many_templates_are_said():
    gathering = Gathering("x", holds_model=False)
    take_templates({"chat_template": [{"name": str(at), "template": "{{ x }}"} for at in range(100)]}, gathering)

    assert any(isinstance(each, Unread) for each in gathering.reading().observations)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (b'{"auto_map": {"a": "b.C"}', [Unread]),
        (b'{"auto\\u005fmap": {"a": "b.C"}', [Unread]),
        (b'{"port": 1, // comment\n}', []),
        (b'{"auto_map": {}, "auto_map": {}}', [Malformed]),
        (b'{"port": 1, "port": 2}', []),
        (b'{"a": NaN}', []),
    ],
)
def test_only_what_a_loader_acts_on_is_worth_an_observation(text, kinds):
    gathering = Gathering("x", holds_model=False)
    load(BytesSource(text), gathering)

    assert [type(each) for each in gathering.reading().observations] == kinds


def test_nesting_is_followed_to_a_bounded_depth():
    deep: dict = {}
    for _ in range(500):
        deep = {"a": deep}

    assert len(list(objects(deep))) < 100
    assert json.dumps(deep)
