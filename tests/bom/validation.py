"""Validators of both standards, offline: their schemas come from installed packages.

The SHACL shapes and the JSON-LD context of SPDX 3.0.1 are in no package; where `WEIGHBRIDGE_SPDX` names a folder with
`spdx-model.ttl` and `spdx-context.jsonld`, documents are checked against them too.
"""

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

SHAPES = os.environ.get("WEIGHBRIDGE_SPDX", "")


def cyclonedx_errors(text: str) -> str | None:
    """Return what the strict validator of cyclonedx-python-lib says; None if the document is valid."""
    found = _cyclonedx().validate_str(text)
    return None if found is None else str(found)[:1000]


@cache
def _cyclonedx() -> Any:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_7)


@cache
def _spdx() -> Any:
    """Return a validator with the SPDX 3.0.1 JSON schema, which lib4sbom carries."""
    import jsonschema_rs  # a thousand times faster on this schema, which tries every type for every element

    schema = (files("lib4sbom") / "schemas/spdx/3.0-schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(schema))


def spdx_errors(document: dict[str, Any]) -> list[str]:
    """Return what the JSON schema says; raises where the bindings, which are made from the shapes, refuse a value."""
    from spdx_python_model import v3_0_1

    found = [error.message[:300] for error in _spdx().iter_errors(document)]
    if not found:
        v3_0_1.JSONLDDeserializer().deserialize_data(document, v3_0_1.SHACLObjectSet())
    return found


def shape_errors(document: dict[str, Any]) -> str | None:
    """Return what the SHACL shapes say; None if the document conforms."""
    import pyshacl
    import rdflib

    context = json.loads((Path(SHAPES) / "spdx-context.jsonld").read_text(encoding="utf-8"))
    local = json.dumps({**document, "@context": context["@context"]})
    graph = rdflib.Graph().parse(data=local, format="json-ld")
    shapes = _shapes()
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes)
    return None if conforms else str(text)


@cache
def _shapes() -> Any:
    import rdflib

    return rdflib.Graph().parse(Path(SHAPES) / "spdx-model.ttl")
