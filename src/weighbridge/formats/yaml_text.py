"""YAML from hostile places as nested lists and mappings of texts.

Nothing is resolved or constructed: every scalar is the text that stands there, and an alias is refused, so the result
is never larger than the input. See `yaml_events` for the limits.
"""

from weighbridge.formats.yaml_events import LONGEST as LONGEST
from weighbridge.formats.yaml_events import YamlError, scalars

YamlValue = str | list["YamlValue"] | dict[str, "YamlValue"]


class UnreadableYaml(Exception):  # noqa: N818  (the file's gap, not an error of ours)
    """The text is not YAML, or more than is read here."""


def parse(text: bytes) -> YamlValue:
    """Return the value of `text`; empty collections are left out. Raises `UnreadableYaml`."""
    root: dict[str, YamlValue] = {}
    try:
        for item in scalars(text):
            if not item.path:
                return item.value
            level = root
            for part in item.path[:-1]:
                following = level.setdefault(part, {})
                if not isinstance(following, dict):
                    raise UnreadableYaml(f"{part} is a text and a collection")
                level = following
            level[item.path[-1]] = item.value
    except YamlError as error:
        raise UnreadableYaml(str(error)) from None
    return _with_lists(root)


def _with_lists(value: YamlValue) -> YamlValue:
    """Turn mappings whose keys count from zero into lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(item) for key, item in value.items()}
    if inner and all(key == str(position) for position, key in enumerate(inner)):
        return list(inner.values())
    return dict(inner)
