"""Declared ancestors of an artifact.

In: facts. Out: the models it was made from, in the order of the facts. They are declarations: nobody has compared
weights here.
Sources: Hub documentation "Model Cards" (`base_model` is one name or a list, which alone says merge;
`base_model_relation`; tags that the Hub makes of them); mergekit's recipe; headers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Fact, FactValue

_MOST = 64
_LONGEST = 300
_ADDRESS = re.compile(r"(?i)\A(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?:models/)?([^/?#\s]+/[^/?#\s]+)")
_RECIPE = "mergekit configuration"
_NUMBERED = "general.base_model."
_TAG = "base_model:"
_TAG_RELATIONS = {
    "adapter": Relation.ADAPTER,
    "finetune": Relation.FINE_TUNED,
    "merge": Relation.MERGED,
    "quantized": Relation.QUANTIZED,
}
"""What stands in tags of the Hub between `base_model:` and the name."""


def declared_ancestry(facts: Iterable[Fact]) -> tuple[Ancestor, ...]:
    """Return the declared ancestors in `facts` with their sources, in the order of the facts, each once.

    An address of a model page counts as the name `owner/model` that stands in it. What a merge's own
    recipe says of an ancestor goes before what a card or a header says of it.
    """
    facts = tuple(facts)
    numbered = sum(fact.name == "base_model" and _NUMBERED in fact.source for fact in facts)
    found: dict[str, Ancestor] = {}
    for fact in facts:
        if fact.name not in ("base_model", "merge.adapters"):
            continue
        names = [name for name in map(_name, _texts(fact.value)) if name]
        many = len(names) > 1 or (numbered > 1 and _NUMBERED in fact.source)
        for place, name in enumerate(names):
            recipe = _RECIPE in fact.source
            if len(found) >= _MOST or (name.lower() in found and not recipe):
                continue
            found[name.lower()] = Ancestor(
                name=name,
                relation=_recipe_relation(fact, facts) if recipe else _relation(facts, place, len(names), many=many),
                grade=fact.grade,
                source=fact.source[:_LONGEST],
                detail=_recipe_words(name, facts) if recipe else "",
            )
    for one in _tagged(facts):
        if len(found) < _MOST:
            found.setdefault(one.name.lower(), one)
    return tuple(found.values())


def _tagged(facts: Sequence[Fact]) -> Iterator[Ancestor]:
    """Yield the ancestors that tags of the Hub name: `base_model:quantized:owner/model`."""
    for fact in facts:
        for tag in _texts(fact.value) if fact.name == "tags" else ():
            if not tag.lower().startswith(_TAG):
                continue
            first, _, rest = tag[len(_TAG) :].strip().partition(":")
            relation = _TAG_RELATIONS.get(first.lower()) if rest else None
            if name := _name(rest if relation is not None else tag[len(_TAG) :]):
                relation = relation or Relation.DERIVED
                yield Ancestor(name=name, relation=relation, grade=fact.grade, source=fact.source[:_LONGEST])


def with_declared(measured: Sequence[Ancestor], facts: Iterable[Fact]) -> tuple[Ancestor, ...]:
    """Return `measured`, then those declared in `facts` that were not measured."""
    names = {one.name.lower() for one in measured}
    return (*measured, *(one for one in declared_ancestry(facts) if one.name.lower() not in names))


def _relation(facts: Sequence[Fact], place: int, count: int, *, many: bool) -> Relation:
    """Return what is said of the ancestor at `place` of `count` in one declaration."""
    for fact in facts:
        if fact.name == "base_model.relation":
            said = fact.value if isinstance(fact.value, tuple) else (fact.value,)
            relations = [next((item for item in Relation if item.value == one), None) for one in said]
            found = relations[place] if len(relations) == count else relations[0]
            if found is not None:
                return found
    if any(fact.name == "type" and fact.value == "adapter" for fact in facts):
        return Relation.ADAPTER
    return Relation.MERGED if many else Relation.DERIVED


def _recipe_relation(fact: Fact, facts: Sequence[Fact]) -> Relation:
    if fact.name == "merge.adapters":
        return Relation.ADAPTER
    methods = [text for other in facts if other.name == "merge.method" for text in _texts(other.value)]
    return Relation.GRAFTED if methods and set(methods) == {"passthrough"} else Relation.MERGED


def _recipe_words(name: str, facts: Sequence[Fact]) -> str:
    methods = [text for fact in facts if fact.name == "merge.method" for text in _texts(fact.value) if text]
    words = [f"mergekit {', '.join(methods)}"[:100]] if methods else []
    for fact in facts:
        said = fact.value.get(name) if fact.name == "merge.parents" and isinstance(fact.value, Mapping) else None
        if isinstance(said, str):
            words.append(said[:200])
    return ", ".join(words)


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
