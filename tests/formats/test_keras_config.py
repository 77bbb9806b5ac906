"""What a Keras configuration refers to, wherever in the tree it stands."""

import pytest
from tests.samples.graphs_build import layer, marshalled, sequential

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.keras_config import walk
from weighbridge.model.observation import ClassReference, EmbeddedCode, OutsideReference


def gathered(config: object) -> Gathering:
    gathering = Gathering("x")
    walk(config, gathering, "config")
    return gathering


def references(config: object) -> set[tuple[str, str]]:
    return {(o.module, o.name) for o in gathered(config).reading().observations if isinstance(o, ClassReference)}


def test_every_class_once() -> None:
    dense = layer("Dense")
    assert references(sequential(dense, dense, layer("ReLU"))) == {
        ("keras", "Sequential"),
        ("keras.layers", "Dense"),
        ("keras.layers", "ReLU"),
    }


def test_functions_are_named_by_their_config() -> None:
    function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "relu"}
    assert references({"a": [[{"b": function}]]}) == {("os", "system"), ("os", "relu")}


def test_registered_names() -> None:
    assert ("my", "my>Layer") in references(layer("Layer", module="my", registered_name="my>Layer"))
    assert ("", "evil>Dense") in references(layer("Dense", registered_name="evil>Dense"))


@pytest.mark.parametrize(
    "config",
    [
        {"class_name": "__lambda__", "config": {"code": marshalled()}},
        {"class_name": "__lambda__", "config": {"value": [marshalled(), None, None]}},
        {"class_name": "__lambda__", "config": None},
        {"class_name": "Lambda", "config": {"function": [marshalled(), None, None]}},
        {
            "class_name": "Lambda",
            "config": {"function": {"class_name": "__lambda__", "config": {"code": marshalled()}}},
        },
        {"function_type": "lambda", "function": [marshalled()]},
        {"function_type": "lambda", "function": marshalled()},
        {"class_name": "Lambda", "config": {"mask": [marshalled()], "mask_type": "lambda"}},
    ],
)
def test_lambdas(config: object) -> None:
    found = [o for o in gathered([config]).reading().observations if isinstance(o, EmbeddedCode)]
    assert found
    assert {o.kind for o in found} == {"python-marshal"}


@pytest.mark.parametrize("key", ["vocabulary", "filepath", "origin", "weights_path", "asset_file"])
def test_file_names(key: str) -> None:
    outside = gathered({key: "/etc/passwd"}).reading().observations
    assert [type(o) for o in outside] == [OutsideReference]
    assert not gathered({key: "vocabulary.txt", "name": "/dense/kernel"}).reading().observations


def test_torch_modules_become_parts() -> None:
    gathering = gathered(layer("TorchModuleWrapper", {"module": "gASVCg=="}))
    assert len(gathering.reading().children) == 1


def test_deep_nesting_ends() -> None:
    config: object = layer("Dense")
    for _ in range(50_000):
        config = [config]
    assert references(config)
