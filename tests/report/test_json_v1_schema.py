import json

import jsonschema
import pytest
from tests.samples.scan import context, scan

from weighbridge.report.json_v1 import RENDERER
from weighbridge.report.json_v1_schema import json_schema


def test_the_schema_describes_the_output() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(json.loads(RENDERER.render(scan(), context())), json_schema())


def test_the_schema_refuses_a_missing_promise() -> None:
    document = json.loads(RENDERER.render(scan(), context()))
    del document["artifacts"][0]["verdict"]["policies"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json_schema())
