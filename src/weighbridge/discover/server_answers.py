"""What a server answered, read: JSON if it is some, a list of models, the conditions of a sign.

Everything in an answer was written by whoever runs the server; it is bounded, compared, and never followed.
"""

import json
import re
from typing import Any

from weighbridge.discover.runtime_catalog import Sign
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import HttpAnswer
from weighbridge.model.record import record

_OWNED_BY = re.compile(r'"owned_by"\s{0,8}:\s{0,8}"([^"\\]{1,64})"')
_ENTRIES = 256
_NAME = 200
_MISSING = object()
_OF_ANY_API = frozenset({"attributes", "links", "relationships", "type"})
"""Keys of a resource in JSON:API documents, whose lists look like one of models. Source: jsonapi.org, format 1.1."""
_OF_STORED = frozenset({"details", "digest", "modified_at", "size"})
"""Keys by which Ollama's interface describes a model that lies on the disk."""


@record
class Heard:
    """One answer."""

    status: int
    text: str
    content: Any = None
    """The JSON value; None if the body is none."""
    server: str = ""
    """The Server header in lower case."""
    passed_on: bool = False
    """Whether it says that it came through a proxy: `Via` (RFC 9110, section 7.6.3), or a proxy's own name."""


@record
class ModelList:
    """A list of models as OpenAI's interface gives it. Source: OpenAI API reference, `List models`."""

    names: tuple[str, ...]
    owners: frozenset[str]


def heard(answer: HttpAnswer) -> Heard:
    """Return an answer, read."""
    text = answer.body.decode("utf-8", "replace")
    content = None
    if text.lstrip()[:1] in ("{", "[", '"'):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
    server = answer.headers.get("server", "").lower()[:200]
    proxy = "via" in answer.headers or server.partition("/")[0] in server_rules().forwarder_headers
    return Heard(status=answer.status, text=text, content=content, server=server, passed_on=proxy)


def model_list(answer: Heard | None) -> ModelList | None:
    """Return the models that an answer lists, None if it is no such list."""
    if answer is None or answer.status != 200:
        return None
    content = answer.content
    if content is None:
        return _cut_list(answer.text)
    if not isinstance(content, dict) or not isinstance(content.get("data", _MISSING), (list, type(None))):
        return None
    entries = (content["data"] or [])[:_ENTRIES]
    if not all(isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in entries):
        return None
    kinds = {entry.get("object") for entry in entries if isinstance(entry.get("object"), str)}
    owners = {entry["owned_by"] for entry in entries if isinstance(entry.get("owned_by"), str)}
    if content.get("object") != "list" and "model" not in kinds and not owners:
        return None
    if not kinds and not owners and any(_OF_ANY_API & entry.keys() for entry in entries):
        return None
    return ModelList(
        names=tuple(entry["id"][:_NAME] for entry in entries),
        owners=frozenset(owner[:64] for owner in owners if owner),
    )


def stored_models(answer: Heard | None) -> tuple[dict[str, Any], ...] | None:
    """Return the entries of a list of models as Ollama gives it, None if it is none. Source: ollama docs/api.md.

    Web applications call other things models: an entry has a name twice, or says what lies on the disk.
    """
    if answer is None or answer.status != 200 or not isinstance(answer.content, dict):
        return None
    entries = answer.content.get("models")
    if not isinstance(entries, list):
        return None
    stored = tuple(entry for entry in entries[:_ENTRIES] if isinstance(entry, dict) and _is_stored(entry))
    return stored if stored or not entries else None


def _is_stored(entry: dict[str, Any]) -> bool:
    name = entry.get("name") or entry.get("model")
    return isinstance(name, str) and (
        entry.get("model") == name == entry.get("name") or bool(_OF_STORED & entry.keys())
    )


def fits_sign(sign: Sign, answer: Heard | None) -> bool:
    """Return whether an answer meets all conditions of a sign."""
    if answer is None or answer.status != sign.status:
        return False
    content = answer.content
    if sign.body is not None and answer.text.strip() != sign.body:
        return False
    if sign.contains is not None and sign.contains not in answer.text:
        return False
    if sign.shape is not None and not isinstance(content, {"array": list, "object": dict, "string": str}[sign.shape]):
        return False
    if any(value_at(content, key) is _MISSING for key in sign.has):
        return False
    if sign.any_of and all(value_at(content, key) is _MISSING for key in sign.any_of):
        return False
    if any(value_at(content, key) != value for key, value in sign.equals):
        return False
    if sign.list_at is None:
        return True
    entries = value_at(content, sign.list_at)
    if not isinstance(entries, list):
        return False
    if not sign.items:
        return True
    return bool(entries) and all(
        isinstance(one, dict) and all(key in one for key in sign.items) for one in entries[:_ENTRIES]
    )


def value_at(content: Any, key: str) -> Any:  # noqa: ANN401  (JSON)
    """Return what stands at a key of a JSON object, dots leading into objects; a mark of its own for nothing."""
    if isinstance(content, dict) and key in content:
        return content[key]
    for part in key.split("."):
        if not isinstance(content, dict) or part not in content:
            return _MISSING
        content = content[part]
    return content


def tool_names(answer: Heard | None) -> tuple[str, ...]:
    """Return the names of tools that an answer lists."""
    if answer is None or answer.status != 200 or not isinstance(answer.content, list):
        return ()
    names = []
    for entry in answer.content[:_ENTRIES]:
        told = entry.get("function", entry) if isinstance(entry, dict) else {"name": entry}
        name = (
            next((told[key] for key in ("name", "tool", "id") if key in told), None) if isinstance(told, dict) else None
        )
        if isinstance(name, str):
            names.append(name[:_NAME])
    return tuple(names)


def _cut_list(text: str) -> ModelList | None:
    """Return what is left of a list of models that was longer than is read."""
    if '"data"' not in text[:4096] or len(text) < 60_000:
        return None
    owners = frozenset(_OWNED_BY.findall(text))
    return ModelList(names=(), owners=owners) if owners else None
