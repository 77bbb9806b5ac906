"""The description of the API in OpenAPI 3.1, made from the types of the routes and served under /api/v1/openapi.json.

The framework describes routes and structs. What it does not say is added: how one signs in, that unknown fields are
refused, which permission a route asks for, and how every problem looks.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig

from weighbridge import __version__
from weighbridge.fleet.given import GIVEN
from weighbridge.fleet.guard import declared, every_route, needs
from weighbridge.fleet.permissions import OPEN, Permission
from weighbridge.fleet.problem import MEDIA_TYPE, Problem

PATH = "/api/v1/openapi.json"
_VERSION = "1"


def document(routes: Sequence[BaseRouteHandler], given: Mapping[str, Provide] = GIVEN) -> dict[str, Any]:
    """Return the description of routes, as values that JSON has. `given`: what they can ask for by name."""
    config = OpenAPIConfig(
        title="Weighbridge fleet",
        version=_VERSION,
        description=f"Weighbridge {__version__}. Times are milliseconds since 1970 in UTC.",
        path="/description",
        use_handler_docstrings=True,
    )
    described = Litestar(
        [*routes],
        dependencies={**given},
        openapi_config=config,
        debug=False,
        pdb_on_exception=False,
        logging_config=None,
    )
    made: dict[str, Any] = described.openapi_schema.to_schema()
    made["paths"] = {path: item for path, item in made["paths"].items() if not path.startswith("/description")}
    components = made.setdefault("components", {})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of the API: wbt_..."},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-weighbridge"},
    }
    schemas = components.setdefault("schemas", {})
    _, problems = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    schemas.update(problems)
    _refuse_unknown(schemas, described)
    for path, method, handler in every_route(described):
        operation = made["paths"].get(_templated(path), {}).get(method.lower())
        if operation is not None:
            _add(operation, declared(handler))
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))  # defaults stand in it as Python has them
    return plain


def openapi_route(routes: Sequence[BaseRouteHandler], given: Mapping[str, Provide] = GIVEN) -> BaseRouteHandler:
    """Return the route that serves the description of routes."""

    @cache
    def text() -> bytes:
        return msgspec.json.encode(document(routes, given))

    @get(PATH, opt=needs(Permission.PUBLIC), include_in_schema=False, sync_to_thread=True)
    def openapi() -> Response[bytes]:
        """Return the description of the API."""
        return Response(text(), media_type="application/vnd.oai.openapi+json")

    return openapi


def _add(operation: dict[str, Any], permission: Permission | None) -> None:
    operation.pop("deprecated", None)
    operation["summary"] = operation.get("description", operation.get("summary", "")).partition("\n")[0]
    operation["responses"].pop("400", None)
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["responses"]["default"] = {"description": "A problem", "content": {MEDIA_TYPE: problem}}
    if permission is not None and permission not in OPEN:
        operation["security"] = [{"token": []}, {"session": []}]
        operation["x-permission"] = permission.value
    else:
        operation["security"] = []


def _refuse_unknown(schemas: dict[str, Any], described: Litestar) -> None:
    """Say of every struct that takes no unknown fields that it does not."""
    strict = set()
    for _, _, handler in every_route(described):
        field = getattr(handler, "parsed_data_field", None)
        kind = field.annotation if field is not None else None
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__struct_config__.forbid_unknown_fields:
            strict.add(kind.__name__)
    for name in strict & set(schemas):
        schemas[name]["additionalProperties"] = False


def _templated(path: str) -> str:
    """Return a path as OpenAPI writes it: `{name}` for `{name:str}`."""
    return "/".join(part.partition(":")[0] + "}" if part.startswith("{") else part for part in path.split("/")) or "/"
