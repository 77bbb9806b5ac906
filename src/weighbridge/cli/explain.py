"""`wb explain ID`: any check, error code, exit code, assessment, decision, format, store, license or word."""

from difflib import get_close_matches

import click

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("explain", short_help="Explain a check, error, exit code or word.")
@click.argument("topic", required=False, metavar="ID")
@click.pass_obj
def command(screen: Screen, topic: str | None) -> None:
    """Explain ID: a check, error code, exit code, assessment, decision, format, store, license or word.

    Without ID: list all.
    """
    from weighbridge.cli.topics import text_of, topics

    if topic is None:
        known = topics()
        width = max(map(len, known))
        lines = [f"{name:<{width}}  {text.splitlines()[0]}" for name, text in known.items()]
        screen.data("\n".join(lines) + "\n")
        return
    wanted = topic if text_of(topic) is not None else topic.lower()
    text = text_of(wanted)
    if text is None:
        near = get_close_matches(topic, list(topics()), 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "`wb explain` lists everything there is"
        raise WeighbridgeError("E-unknown-topic", f"nothing is known by the name {topic}", hint)
    screen.data(f"{wanted}\n\n{_folded(text, min(screen.width, 100))}\n")


def _folded(text: str, width: int) -> str:
    """Return one-line texts folded to the terminal; pages keep their own lines."""
    import textwrap

    return text if "\n" in text else textwrap.fill(text, width)
