import json
from dataclasses import replace

import jsonschema
import pytest
from tests.samples.scan import context
from tests.tui.snapshots import EVERYTHING, QUIET

from weighbridge.report.ps_json import render
from weighbridge.report.ps_json_schema import ps_schema


def test_the_schema_describes_the_output() -> None:
    jsonschema.Draft202012Validator.check_schema(ps_schema())
    bare = replace(QUIET, verdict=None, runtime=None, executable=None, user=None, weights=())
    for snapshot in (EVERYTHING, replace(EVERYTHING, processes=()), replace(EVERYTHING, processes=(bare,))):
        jsonschema.validate(json.loads(render(snapshot, context())), ps_schema())


@pytest.mark.parametrize("promise", ["pid", "runtime", "weights", "verdict", "not_visible"])
def test_the_schema_refuses_a_missing_promise(promise: str) -> None:
    document = json.loads(render(EVERYTHING, context()))
    del document["processes"][0][promise]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, ps_schema())
