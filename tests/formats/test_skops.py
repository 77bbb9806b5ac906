import json

import pytest
from tests.samples.containers_bundles import skops
from tests.samples.inspection import assessments, look
from tests.samples.packing import PAYLOAD, stored

SVC = {"svc": {"__module__": "sklearn.svm._classes", "__class__": "SVC", "__loader__": "ObjectNode"}}


def references(content: bytes) -> set[tuple[str, str]]:
    [item] = look(content, "m.skops")
    return {(one.module, one.name) for one in item.observations if hasattr(one, "framework")}  # type: ignore[attr-defined]


def test_every_class_in_the_tree_is_named():
    assert references(skops(SVC)) == {("sklearn.pipeline", "Pipeline"), ("sklearn.svm._classes", "SVC")}
    assert assessments(skops(SVC), "m.skops") == {None: "clean"}


@pytest.mark.parametrize(
    ("node", "reference"),
    [
        ({"__module__": "a", "__class__": "B", "__loader__": "MethodNode", "content": {"func": "run"}}, ("a", "B.run")),
        (
            {"__module__": "x", "__class__": "F", "content": {"module_path": "os", "function": "system"}},
            ("os", "system"),
        ),
        ([{"__module__": "os", "__class__": "system"}], ("os", "system")),
    ],
)
def test_functions_and_methods_are_named(node, reference):
    assert reference in references(skops({"a": node}))


def test_other_members_are_judged():
    content = stored({"schema.json": json.dumps({"__module__": "a", "__class__": "B"}).encode(), "1.npy": PAYLOAD})
    assert assessments(content, "m.skops") == {None: "malicious"}


@pytest.mark.parametrize("schema", [b'{"__loader__": [', b'["__loader__"]', b'{"__module__": 1, "__class__": 2}'])
def test_broken_schemas_are_hostile(schema):
    assert assessments(stored({"schema.json": schema}), "m.skops") == {None: "hostile"}


def test_any_other_schema_is_not_taken():
    assert look(stored({"schema.json": b'{"type": "object"}'}), "a.zip")[0].format == "zip"
