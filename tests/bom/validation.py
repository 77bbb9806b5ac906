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
def spdx_schema() -> dict[str, Any]:
    """Return the SPDX 3.0.1 JSON schema, which lib4sbom carries."""
    return json.loads((files("lib4sbom") / "schemas/spdx/3.0-schema.json").read_text(encoding="utf-8"))


@cache
def _whole() -> Any:
    from jsonschema.validators import validator_for

    schema = spdx_schema()
    return validator_for(schema)(schema)


@cache
def _of_type(name: str) -> Any:
    from jsonschema.validators import validator_for

    schema = spdx_schema()
    one = {"$schema": schema["$schema"], "$ref": f"#/$defs/{name}", "unevaluatedProperties": False}
    return validator_for(schema)({**one, "$defs": schema["$defs"]})


def spdx_errors(document: dict[str, Any], *, whole: bool = True) -> list[str]:
    """Return what the schema and the bindings made from the shapes say.

    Args:
        document: an SPDX document.
        whole: whether the schema is asked about the whole document, which tries every type for every element; else
            each element is checked against the definition of its own type.
    """
    if whole:
        found = [error.message[:300] for error in _whole().iter_errors(document)]
    else:
        found = [
            f"{element.get('spdxId')}: {error.message[:300]}"
            for element in document["@graph"]
            for error in _of_type(element["type"]).iter_errors(element)
        ]
    from spdx_python_model import v3_0_1

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
