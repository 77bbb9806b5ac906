"""Code that a YAML configuration names: Hydra `_target_`, NeMo `target`, Python tags.

Sources: Hydra documentation, "Instantiating objects with Hydra" (`_target_` is imported and called with its siblings);
NVIDIA NeMo `ModelPT.restore_from` (`target`); CVE-2025-23304 (NeMo instantiates what the configuration names).
"""

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.word_list import words
from weighbridge.formats.yaml_events import PYTHON_TAG, YamlError, YamlScalar, scalars
from weighbridge.model.observation import ClassReference, Unread

_TARGETS = frozenset({"_target_", "target", "_convert_target_", "cls", "class_path"})
_PLAIN_TAGS = words("str unicode bytes int long float complex bool none list tuple dict")
_MOST_DISTINCT = 1000


def observe_targets(text: bytes, member: str | None, gathering: Gathering) -> list[YamlScalar]:
    """Note every name in `text` that a loader would import, and return all values for facts.

    What is not YAML is noted as not examined.
    """
    values: list[YamlScalar] = []
    seen: set[tuple[str, str]] = set()
    try:
        for item in scalars(text):
            values.append(item)
            reference = _reference(item, member)
            if reference is not None and len(seen) < _MOST_DISTINCT:
                seen.add((reference.module, reference.name))
                gathering.observe(reference)
    except YamlError as error:
        reason = f"not readable as YAML: {error}"
        gathering.observe(Unread(what=member or "configuration", reason=reason, member=member))
    return values


def _reference(item: YamlScalar, member: str | None) -> ClassReference | None:
    if item.tag is not None and item.tag.startswith(PYTHON_TAG):
        kind, _, dotted = item.tag[len(PYTHON_TAG) :].partition(":")
        if kind in _PLAIN_TAGS:
            return None
        module, _, name = (dotted or item.value).rpartition(".")
        return ClassReference(
            framework="yaml", module=module or "builtins", name=name, key=item.key[:200] or None, member=member
        )
    last = item.path[-1] if item.path else ""
    if last in _TARGETS and item.value and _dotted(item.value, last):
        module, _, name = item.value.rpartition(".")
        return ClassReference(framework="hydra", module=module, name=name, key=item.key[:200], member=member)
    return None


def _dotted(value: str, key: str) -> bool:
    """Tell whether `value` names code; `target` and `cls` are also ordinary words, so they need a dot."""
    if key == "_target_":
        return True
    return "." in value and " " not in value and "/" not in value and value.replace(".", "").replace("_", "").isalnum()
