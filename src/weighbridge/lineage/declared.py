"""Declared ancestors of an artifact.

In: facts. Out: names of the models it was made from, nearest first. They are declarations: nobody has compared
weights here.
"""

import re
from collections.abc import Iterable

from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Fact, FactValue

_MOST = 64
_LONGEST = 300
_ADDRESS = re.compile(r"(?i)\A(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?:models/)?([^/?#\s]+/[^/?#\s]+)")


def ancestors(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the declared ancestors in `facts`, in the order of the facts, each once.

    An address of a model page counts as the name `owner/model` that stands in it.
    """
    names: dict[str, str] = {}
    for fact in facts:
        if fact.name != "base_model":
            continue
        for text in _texts(fact.value):
            name = _name(text)
            if name:
                names.setdefault(name.lower(), name)
            if len(names) >= _MOST:
                return tuple(names.values())
    return tuple(names.values())


def declared_ancestry(facts: Iterable[Fact]) -> tuple[Ancestor, ...]:
    """Return the declared ancestors in `facts` with their sources, in the order of the facts, each once."""
    facts = tuple(facts)
    said = next((fact.value for fact in facts if fact.name == "base_model.relation"), None)
    relation = next((item for item in Relation if item.value == said), None)
    if relation is None:
        adapter = any(fact.name == "type" and fact.value == "adapter" for fact in facts)
        relation = Relation.ADAPTER if adapter else Relation.DERIVED
    found: dict[str, Ancestor] = {}
    for fact in facts:
        for name in ancestors((fact,)):
            found.setdefault(
                name.lower(), Ancestor(name=name, relation=relation, grade=fact.grade, source=fact.source[:_LONGEST])
            )
    return tuple(found.values())[:_MOST]


def _texts(value: FactValue) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return (item for item in value[:_MOST] if isinstance(item, str))
    return ()


def _name(text: str) -> str:
    text = text[:_LONGEST].strip()
    address = _ADDRESS.match(text)
    return address.group(1) if address else text
