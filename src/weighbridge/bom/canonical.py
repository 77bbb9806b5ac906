"""The record as one canonical text, from which documents and their elements are named.

Fields are sorted by name and empty ones are left out, so neither the order in which a record declares them nor a new
field that nothing uses yet renames what was written before. ASCII only: no text depends on a Unicode version.
"""

import json
from dataclasses import fields
from typing import Any


def canonical(value: object) -> str:
    """Return records, tuples, texts, numbers and choices as JSON: equal text for equal content, and only then."""
    return json.dumps(value, default=_filled, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _filled(value: Any) -> dict[str, Any]:  # noqa: ANN401  (any record)
    """Return the fields of a record that hold something. Raises TypeError for anything else."""
    held = ((one.name, getattr(value, one.name)) for one in fields(value))
    return {name: content for name, content in held if content not in (None, "", ()) and content is not False}
