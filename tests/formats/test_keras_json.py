import json

from tests.samples.inspection import assessments

from weighbridge.formats import keras_json
from weighbridge.model.source import BytesSource


def architecture(**layer):
    dense = {"class_name": "Dense", "module": "keras.layers", "config": {"units": 2}, **layer}
    return json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [dense]}}).encode()


def test_an_honest_architecture_is_no_artifact():
    assert keras_json.recognize(BytesSource(b""), architecture())
    assert assessments(architecture()) == {None: "not-a-model"}


def test_code_in_an_architecture_is_found_under_any_name():
    content = architecture(
        class_name="Lambda", config={"function": ["4wEAAAA=", None, None], "function_type": "lambda"}
    )

    assert assessments(content, "notes.txt") == {None: "malicious"}


def test_other_json_is_not_taken():
    assert not keras_json.could_be(b'{"class_name": "Person", "config": {}}')
    assert not keras_json.could_be(b'{"class_name": "Sequential"}')
