"""Bodies for every operation of the API, made from its own description, and what is in forms of pages."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

_TEXT = "because somebody looked"


def body_for(document: Mapping[str, Any], operation: Mapping[str, Any], ids: Mapping[str, object]) -> object:
    """Return a body that an operation takes; None if it takes none.

    Args:
        document: the whole description.
        operation: of which.
        ids: what to put where a field of this name stands.
    """
    content = operation.get("requestBody", {}).get("content", {})
    schema = next((media["schema"] for media in content.values() if "schema" in media), None)
    return None if schema is None else _value(document, schema, "", ids, 0)


def _value(
    document: Mapping[str, Any], schema: Mapping[str, Any], name: str, ids: Mapping[str, object], depth: int
) -> Any:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if name in ids:
        return ids[name]
    for way in ("oneOf", "anyOf", "allOf"):
        if way in schema:
            kinds = [one for one in schema[way] if one.get("type") != "null"]
            return _value(document, kinds[0], name, ids, depth + 1) if kinds else None
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object" if depth < 6:
            known = schema.get("properties", {})
            return {key: _value(document, one, key, ids, depth + 1) for key, one in known.items()}
        case "array" if depth < 6:
            return [_value(document, schema.get("items", {}), name, ids, depth + 1)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return _TEXT[: schema.get("maxLength", len(_TEXT))]
    return {} if schema.get("type") == "object" else None


class Form:
    """A form of a page."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            if self._open is not None:
                self.found.append(self._open)
        elif self._open is None:
            return
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and "value" in given:
            self._open.fields.setdefault(self._select, given["value"])
        elif tag in ("input", "textarea", "button") and given.get("name"):
            usual = {"number": "1", "date": "2026-12-01"}.get(given.get("type", ""), _TEXT)
            self._open.fields[given["name"]] = given.get("value") or usual

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def forms_in(page: str) -> Iterator[Form]:
    """Yield the forms of a page that change something, filled in."""
    parser = _Forms()
    parser.feed(page)
    yield from parser.found
