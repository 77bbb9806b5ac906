"""What readers of JSON configuration files beside weights share: loading, code that is named, chat templates.

A configuration is recognized by telling keys in its first bytes, whatever its name: caches store it under a digest.
Ordinary JSON that happens to hold such a key yields facts at most; only what a loader would act on is observed.
Sources: transformers `dynamic_module_utils.py` (`auto_map`, `repo--file.Class`, local relative imports),
`pipelines/base.py` (`custom_pipelines`), `generation/utils.py` (`custom_generate`), `integrations/hub_kernels.py`
(attention implementations that name a repository of compiled kernels).
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.json_text import parse
from weighbridge.formats.reader import IsolatedRequest
from weighbridge.model.fact import Grade
from weighbridge.model.observation import ClassReference, Damage, Escape, Malformed, OutsideReference, Unread
from weighbridge.model.source import ByteSource, LimitReached
from weighbridge.model.weights import RemoteCode

LONGEST = 32 << 20
MOST_CODE = 500
MOST_TEMPLATES = 64
LONGEST_TEMPLATES = 8 << 20
DEEPEST = 40
KERNELS = ("attn_implementation", "attn_implementation_internal", "experts_implementation")
ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
TRANSFORMERS_KEYS = frozenset({"architectures", "auto_map", "model_type", "transformers_version", "tokenizer_class"})
"""At least one of them stands at the top of every configuration that Transformers writes."""
ACTED_ON = (
    "auto_map",
    "chat_template",
    "custom_pipelines",
    "custom_generate",
    "weight_map",
    "_target_",
    "custom_ops_library",
    "auto_mapping",
)
"""Keys that make a loader do something beyond reading numbers."""
_ACTED_ON_BYTES = tuple(key.encode() for key in ACTED_ON)


def load(source: ByteSource, gathering: Gathering) -> Any:  # noqa: ANN401  (a JSON value)
    """Return the JSON value of `source`; None, with an observation if a loader might see more, if it is unreadable."""
    reason: str | None = None
    text = source.read(0, min(source.size, LONGEST))
    if source.size > LONGEST:
        reason = f"{source.size} bytes of configuration"
    else:
        try:
            parsed = parse(text, constants=True, repeats="repeated keys")
        except LimitReached as reached:
            reason = str(reached)
        else:
            if parsed.error is None:
                for name in parsed.duplicates:
                    if name in ACTED_ON:
                        gathering.observe(
                            Malformed(
                                damage=Damage.CONTRADICTION,
                                reason="the key occurs twice, loaders take the first or the last",
                                key=name,
                            )
                        )
                return parsed.value
            reason = f"not strict JSON: {parsed.error}"
    plain = ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)
    if any(key in plain for key in _ACTED_ON_BYTES):
        gathering.observe(Unread(what="configuration", reason=reason))
    return None


def objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    """Yield every JSON object in `value` with its path of keys, outermost first, to a bounded depth."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        path, item, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(item, dict):
            yield path, item
            pairs: Any = item.items()
        elif isinstance(item, list):
            pairs = enumerate(item)
        else:
            continue
        for name, inner in pairs:
            if isinstance(inner, dict | list):
                waiting.append((f"{path}.{name}" if path else str(name), inner, depth + 1))


def note_code(value: Any, gathering: Gathering, framework: str = "transformers") -> None:  # noqa: ANN401
    """Observe all code that the configuration `value` names, at any depth."""
    count = 0
    own = isinstance(value, dict) and not TRANSFORMERS_KEYS.isdisjoint(value)
    for path, item in objects(value):
        for key, inner in item.items():
            where = f"{path}.{key}" if path else key
            if not own and key not in ACTED_ON:
                continue  # another program's settings
            found = list(_code(key, inner))
            for repository, reference in found:
                count += 1
                if count > MOST_CODE:
                    gathering.observe(Unread(what=where, reason=f"more than {MOST_CODE} names of code"))
                    return
                _observe(gathering, framework, where, repository, reference)
            if key == "custom_ops_library" and isinstance(inner, str) and inner:
                gathering.observe(
                    RemoteCode(framework="onnxruntime", file=inner[:300], name="native library", key=where[:200])
                )
                note_escape(gathering, inner, where)
            if key == "_target_" and isinstance(inner, str):
                module, _, name = inner.rpartition(".")
                gathering.observe(
                    ClassReference(framework="hydra", module=module[:300], name=name[:300], key=where[:200])
                )


def _code(key: str, value: Any) -> Iterator[tuple[str | None, str]]:  # noqa: ANN401
    """Yield (other repository, `file.Class`) for every piece of code that `key` asks for."""
    if key == "auto_map":
        for text in _texts(value):
            repository, found, reference = text.partition("--")
            yield (repository, reference) if found else (None, text)
    elif key == "custom_pipelines" and isinstance(value, dict):
        for task in value.values():
            implementation = task.get("impl") if isinstance(task, dict) else task
            if isinstance(implementation, str):
                repository, found, reference = implementation.partition("--")
                yield (repository, reference) if found else (None, implementation)
    elif key == "custom_generate" and isinstance(value, str) and value:
        yield value, "custom_generate.generate.generate"
    elif key == "trust_remote_code" and value is True:
        yield None, ""
    elif key.endswith(KERNELS) and isinstance(value, str) and "/" in value:
        yield value, ""


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, list):
        for item in value[:MOST_CODE]:
            if isinstance(item, str) and item:
                yield item
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)


def _observe(gathering: Gathering, framework: str, where: str, repository: str | None, reference: str) -> None:
    module, _, name = reference.rpartition(".")
    file = module.replace(".", "/") + ".py" if module else ""
    gathering.observe(
        RemoteCode(
            framework=framework,
            file=file[:300],
            name=name[:200],
            repository=repository[:200] if repository is not None else None,
            key=where[:200],
        )
    )
    if file and repository is None:
        gathering.fact("code.file", file[:300], f"key {where[:80]}")
    if repository is not None:
        gathering.fact("code.repository", repository[:300], f"key {where[:80]}")
    if "/" in reference or "\\" in reference or ".." in reference:
        note_escape(gathering, reference, where)


def note_escape(gathering: Gathering, path: str, where: str) -> None:
    """Observe `path` if, taken as a relative file name, it leaves the folder."""
    parts = path.replace("\\", "/").split("/")
    escape = None
    if "://" in path[:12]:
        escape = Escape.URL
    elif path[:1] in ("/", "\\", "~") or path[1:2] == ":":
        escape = Escape.ABSOLUTE_PATH
    elif ".." in parts or "" in parts[:-1]:
        escape = Escape.PARENT_PATH
    if escape is not None:
        gathering.observe(OutsideReference(escape=escape, target=path[:300], key=where[:200]))


def take_templates(value: Any, gathering: Gathering) -> None:  # noqa: ANN401
    """Request the isolated reading of every chat template in a configuration, and keep its digest.

    `chat_template` is text, a list of `{"name", "template"}`, or (seen in the wild) a map from name to text.
    """
    count = size = 0
    for path, item in objects(value):
        for key, inner in item.items():
            if "chat_template" not in key:
                continue
            where = f"{path}.{key}" if path else key
            for name, text in _templates(where, inner):
                payload = text.encode("utf-8", "surrogatepass")
                count, size = count + 1, size + len(payload)
                if count > MOST_TEMPLATES or size > LONGEST_TEMPLATES:
                    gathering.observe(Unread(what=where, reason="more chat templates than any tokenizer has"))
                    return
                gathering.requests.append(IsolatedRequest(parser="jinja", payload=payload, key=name[:200]))
                gathering.fact(
                    "chat_template.sha256", hashlib.sha256(payload).hexdigest(), f"key {name[:80]}", Grade.MEASURED
                )


def _templates(where: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if isinstance(value, str):
        if "{" in value:
            yield where, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and isinstance(item.get("template"), str):
                yield f"{where}.{item.get('name', index)}", item["template"]
            elif isinstance(item, str) and "{" in item:
                yield f"{where}.{index}", item
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and "{" in item:
                yield f"{where}.{name}", item
