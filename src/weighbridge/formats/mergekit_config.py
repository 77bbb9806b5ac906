"""The recipe of a merged model: `mergekit_config.yml`, which mergekit writes beside the weights.

Read only beside weights, under the names that mergekit uses. A model is `path`, `path@revision` or either with
`+adapter`, or a mapping with these parts.
Sources: mergekit `mergekit/config.py` (`MergeConfiguration`: `models`, `slices`, `base_model`, `merge_method`),
`mergekit/common.py` (`ModelReference.parse`), `mergekit/moe/config.py` (`experts`, `source_model`).
"""

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.yaml_events import LONGEST, YamlError, scalars
from weighbridge.model.budget import Budget
from weighbridge.model.fact import FactValue
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource

SOURCE = "mergekit configuration"
"""Source of every fact of such a file."""
MOST_MODELS = 64
LONGEST_TEXT = 300
_LISTS = frozenset({"models", "sources", "experts"})
_MODELS = frozenset({"model", "source_model", "base_model"})


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, LONGEST + 1)
    if len(text) > LONGEST:
        gathering.observe(Unread(what="recipe of a merge", reason="longer than any recipe"))
        return
    names: dict[str, list[str]] = {}
    adapters: dict[str, None] = {}
    methods: dict[str, None] = {}
    at: dict[tuple[str, ...], str] = {}
    try:
        for scalar in scalars(text):
            path, value = scalar.path, scalar.value[:LONGEST_TEXT].strip()
            if not path or not value:
                continue
            if path[-1] == "merge_method":
                methods[value] = None
            elif _names_model(path):
                name, _, adapter = value.partition("+")
                item = path[:-1] if path[-1] in _MODELS else path[:-2]
                at[item] = name = name.partition("@")[0]
                if name and len(names) < MOST_MODELS:
                    names.setdefault(name, [])
                if adapter and len(adapters) < MOST_MODELS:
                    adapters[adapter.partition("@")[0]] = None
            elif path[-1] in ("weight", "layer_range", "0", "1"):
                _note(path, value, at, names)
    except YamlError:
        gathering.observe(Unread(what="recipe of a merge", reason="not plain YAML to its end"))
    if not names:
        return
    gathering.fact("base_model", tuple(names), SOURCE)
    gathering.fact("merge.method", tuple(methods)[:8] if len(methods) > 1 else next(iter(methods), ""), SOURCE)
    details: dict[str, FactValue] = {name: ", ".join(said[:8]) for name, said in names.items() if said}
    if details:
        gathering.fact("merge.parents", details, SOURCE)
    if adapters:
        gathering.fact("merge.adapters", tuple(adapters), SOURCE)


def _names_model(path: tuple[str, ...]) -> bool:
    """Tell whether the value at `path` names a model: of a list of models, or the base of the whole."""
    if path[-1] == "path":
        path = path[:-1]
        if path and path[-1] == "model" and len(path) >= 2 and path[-2] in _MODELS:
            path = path[:-1]
    if not path or path[-1] not in _MODELS:
        return False
    return path[-1] == "base_model" or (len(path) >= 3 and path[-3] in _LISTS)


def _note(path: tuple[str, ...], value: str, at: dict[tuple[str, ...], str], names: dict[str, list[str]]) -> None:
    """Keep the weight and the first and last layer of the model whose entry `path` lies in."""
    if path[-1] == "weight" and path[-2:-1] == ("parameters",):
        said, item = f"weight {value[:20]}", path[:-2]
    elif len(path) >= 2 and path[-2] == "layer_range":
        said, item = f"{'from' if path[-1] == '0' else 'to'} layer {value[:20]}", path[:-2]
    else:
        return
    name = at.get(item)
    if name in names:
        names[name].append(said)


READER = Reader(
    id="mergekit-config",
    title="mergekit recipe",
    recognize=lambda _source, _head: False,
    read=gathered("mergekit-config", _read, holds_model=False),
    names=("mergekit_config.yaml", "mergekit_config.yml"),
)
