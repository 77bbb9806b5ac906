"""Events as JSON, one a line."""

import json
from typing import Any


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what says nothing: null, empty texts, lists and objects, at every level."""
    inner = ((key, filled(value) if isinstance(value, dict) else value) for key, value in values.items())
    return {key: value for key, value in inner if value not in (None, "", [], {})}


def json_line(document: dict[str, Any]) -> str:
    """Return a document as one line in ASCII, so that no character of it ends the line for anybody."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))
