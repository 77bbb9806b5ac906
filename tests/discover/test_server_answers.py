import pytest

from weighbridge.discover.runtime_catalog import Provenance, Sign
from weighbridge.discover.server_answers import Heard, fits_sign, heard, model_list, stored_models, tool_names
from weighbridge.host.live import HttpAnswer

STANDS_ON = Provenance(source="x", checked="2026-11-21", confidence="source")


def said(text, status=200):
    return heard(HttpAnswer(status, {"server": "Uvicorn"}, text.encode()))


def sign(**conditions):
    return Sign(path="/x", proof="hint", provenance=STANDS_ON, **conditions)


def test_json_is_read_and_anything_else_is_text():
    assert said('{"a": 1}').content == {"a": 1}
    assert said("<html>").content is None
    assert said("[" * 100_000).content is None
    assert said("{").content is None
    assert said("x").server == "uvicorn"


def test_models_and_owners_of_a_list():
    made = model_list(said('{"object":"list","data":[{"id":"a","owned_by":"x"},{"id":"b","owned_by":"y"}]}'))
    assert (made.names, made.owners) == (("a", "b"), frozenset({"x", "y"}))
    assert model_list(said('{"object":"list","data":null}')).names == ()
    assert model_list(said('{"data":[{"id":"a"}]}')) is None
    assert model_list(said('{"data":[{"id":1,"object":"model"}]}')) is None
    assert model_list(said('{"object":"list","data":[]}', status=404)) is None
    assert model_list(None) is None


def test_stored_models():
    assert stored_models(said('{"models":[{"name":"a","size":1},{"x":1}]}')) == ({"name": "a", "size": 1},)
    assert stored_models(said('{"models":[]}')) == ()
    assert stored_models(said('{"models":{}}')) is None
    assert stored_models(said("[]")) is None


@pytest.mark.parametrize(
    ("conditions", "fitting", "other"),
    [
        ({"body": "Ollama is running"}, "Ollama is running\n", "<p>Ollama is running"),
        ({"contains": "vllm:"}, "# vllm:x", "# x"),
        ({"has": ("a.b",)}, '{"a":{"b":null}}', '{"a":3}'),
        ({"has": ("llama.cpp",)}, '{"llama.cpp":"running"}', '{"llama":1}'),
        ({"any_of": ("a", "b")}, '{"b":1}', '{"c":1}'),
        ({"equals": (("name", "triton"),)}, '{"name":"triton"}', '{"name":"triton2"}'),
        ({"list_at": "models"}, '{"models":[]}', '{"models":{}}'),
        ({"list_at": "models"}, '{"models":["a"]}', '{"models":"a"}'),
        ({"list_at": "models", "items": ("key",)}, '{"models":[{"key":1}]}', '{"models":[]}'),
        ({"shape": "array"}, "[]", "{}"),
        ({"shape": "string"}, '"x"', "x"),
        ({"shape": "object"}, "{}", "[]"),
    ],
)
def test_conditions_of_a_sign(conditions, fitting, other):
    assert fits_sign(sign(**conditions), said(fitting))
    assert not fits_sign(sign(**conditions), said(other))
    assert not fits_sign(sign(**conditions), said(fitting, status=500))
    assert not fits_sign(sign(**conditions), None)


def test_names_of_tools():
    assert tool_names(said('[{"name":"a"},{"function":{"name":"b"}},"c",4,{"x":1}]')) == ("a", "b", "c")
    assert tool_names(said("{}")) == ()
    assert tool_names(Heard(status=404, text="", content=["a"])) == ()


@pytest.mark.parametrize(
    "text",
    [
        '{"models":["Golf","Polo"]}',
        '{"models":[{"name":"Article"},{"name":"Comment"}]}',
        '{"models":[{"name":"Golf","model":"GTI"}]}',
        '{"tags":[]}',
    ],
)
def test_what_web_applications_call_models_is_not_stored(text):
    assert stored_models(said(text)) is None


@pytest.mark.parametrize("entry", ['{"name":"a","size":1}', '{"model":"a","digest":"x"}', '{"name":"a","model":"a"}'])
def test_stored_models_say_what_lies_on_the_disk(entry):
    assert len(stored_models(said('{"models":[' + entry + "]}"))) == 1


def test_resources_of_any_interface_are_no_models():
    assert model_list(said('{"object":"list","data":[{"id":"golf","type":"cars"}]}')) is None
    assert model_list(said('{"object":"list","data":[{"id":"golf","type":"model","object":"model"}]}')) is not None


def test_a_proxy_says_so():
    assert heard(HttpAnswer(200, {"via": "1.1 Caddy"}, b"")).passed_on
    assert heard(HttpAnswer(200, {"server": "nginx/1.25.3"}, b"")).passed_on
    assert not said("x").passed_on
