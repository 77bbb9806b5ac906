"""JSON that means one thing: no repeated keys, no constants beyond the standard, limited size and depth."""

import json
from typing import Any


def parse(content: bytes, limit: int) -> Any:  # noqa: ANN401  (JSON may be anything)
    """Return the value of a JSON text in UTF-8.

    Args:
        content: the text.
        limit: most bytes that are read.

    Raises:
        ValueError: with a reason for a person.
    """
    if len(content) > limit:
        raise ValueError(f"is larger than {limit:,} bytes")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg.lower()} in line {error.lineno}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def canonical(value: object) -> bytes:
    """Return JSON with sorted keys and without spaces: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("names a key twice")
    return made


def _constant(name: str) -> None:
    raise ValueError(f"holds {name}, which is not JSON")
