"""The Cedar schema, generated from the vocabulary.

In: the tables of `weighbridge.policy.vocabulary`. Out: the text of `schema.cedarschema`.
Source: Cedar policy language reference, "Schema grammar".
"""

from functools import cache

from weighbridge.policy.engine import cedarpy
from weighbridge.policy.vocabulary import ACTIONS, CONTEXT, ENTITIES, PRINCIPALS, Attribute

SCHEMA_FILE = "schema.cedarschema"

_HEAD = """\
// Generated from weighbridge.policy.vocabulary: change it there, not here.
"""


def schema_text() -> str:
    """Return the whole schema in Cedar's own syntax, ending in a newline."""
    blocks = [_HEAD]
    for entity in ENTITIES:
        body = _record(entity.attributes, 1)
        blocks.append(f"// {entity.meaning}\nentity {entity.name} = {body};\n")
    blocks.append(f"// What surrounds the act.\ntype Context = {_record(CONTEXT, 1)};\n")
    principals = ", ".join(PRINCIPALS)
    blocks += [
        f'// {action.meaning}\naction "{action.name}" appliesTo {{\n'
        f"  principal: [{principals}],\n"
        f"  resource: [{', '.join(action.resources)}],\n"
        "  context: Context,\n};\n"
        for action in ACTIONS
    ]
    return "\n".join(blocks)


@cache
def schema() -> cedarpy.Schema:
    """Return the parsed schema; parsed once a process."""
    return cedarpy.Schema.from_str(schema_text())


def _record(attributes: tuple[Attribute, ...], depth: int, prefix: str = "") -> str:
    """Return a record type; dotted paths become nested records."""
    indent = "  " * depth
    lines = ["{"]
    done = set()
    for attribute in attributes:
        rest = attribute.path.removeprefix(prefix)
        head, dot, _ = rest.partition(".")
        if head in done:
            continue
        done.add(head)
        if dot:
            inner = tuple(item for item in attributes if item.path.startswith(f"{prefix}{head}."))
            lines.append(f'{indent}"{head}": {_record(inner, depth + 1, f"{prefix}{head}.")},')
            continue
        lines.append(f"{indent}// {attribute.meaning}")
        if attribute.values:
            lines.append(f"{indent}// One of: {', '.join(attribute.values)}.")
        mark = "?" if attribute.optional else ""
        lines.append(f'{indent}"{head}"{mark}: {attribute.type},')
    lines.append("  " * (depth - 1) + "}")
    return "\n".join(lines)
