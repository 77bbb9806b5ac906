"""The reference page on exports, read off their registry; `tools/reference.py` writes it."""

from weighbridge.export.intent import TOPICS
from weighbridge.export.registry import EVENTS, EXPORTS, event_export, export

INTRO = """\
`wb export FORMAT` writes these ([how to](../howto/export-to-other-products.md)). What a policy asks for and a format
does not carry is said at the head of its files and by `wb export` itself. *Checked by* is what tests run over them;
*tried* is what the product itself has loaded or read.

"""
POLICY = ("Format", "Carries", "Told by", "Can block", "Checked by", "Tried on the product")
SEEN = ("Format", "Carries", "Checked by", "Tried on the product")


def exports_page(note: str) -> str:
    """Return the page.

    Args:
        note: what says that it is generated.
    """
    parts = [f"# Exports\n\n{note}{INTRO}## From a policy\n\n"]
    parts.append(
        "| Format | Carries | Told by | Can block | Checked by | Tried on the product |\n|---|---|---|---|---|---|\n"
    )
    for name in EXPORTS:
        one = export(name)
        carries = ", ".join(topic for topic in TOPICS if topic in one.carries)
        blocks = "yes" if one.blocks else "no"
        parts.append(_row(f"`{name}` {one.title}", carries, one.told_by, blocks, one.validated_by, one.tried))
    parts.append("\n| Word | What the policy asks for |\n|---|---|\n")
    parts += [_row(topic, meaning) for topic, meaning in TOPICS.items()]
    parts.append(
        "\n## From what was seen\n\n| Format | Carries | Checked by | Tried on the product |\n|---|---|---|---|\n"
    )
    for name in EVENTS:
        event = event_export(name)
        parts.append(_row(f"`{name}` {event.title}", event.carries, event.validated_by, event.tried))
    return "".join(parts)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
