"""`wb explain ID`: whatever has a name: checks, errors, exit codes, formats, runtimes, licenses, records, words."""

from difflib import get_close_matches

import click

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("explain", short_help="Explain a check, error, exit code or word.")
@click.argument("topic", required=False, metavar="ID")
@click.pass_obj
def command(screen: Screen, topic: str | None) -> None:
    """Explain ID: whatever has a name in a report, in a message or on a page.

    Checks, error and exit codes, assessments, decisions, formats, stores, runtimes, agents, licenses, kinds of records,
    words. Without ID: list all.
    """
    from weighbridge.cli.topics import text_of, topics

    if topic is None:
        known = topics()
        width = max(map(len, known))
        lines = [f"{name:<{width}}  {text.splitlines()[0]}" for name, text in known.items()]
        screen.data("\n".join(lines) + "\n")
        return
    spellings = (topic, topic.lower(), topic.lower().replace("-", " "))
    wanted = next((spelling for spelling in spellings if text_of(spelling) is not None), topic.lower())
    text = text_of(wanted) or _rule(wanted)
    if text is None:
        near = get_close_matches(topic, list(topics()), 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "`wb explain` lists everything there is"
        raise WeighbridgeError("E-unknown-topic", f"nothing is known by the name {topic}", hint)
    screen.data(f"{wanted}\n\n{_folded(text, min(screen.width, 100))}\n")


def _rule(wanted: str) -> str | None:
    """Return what a rule of a built-in policy says; the strictest pack knows the most rules."""
    from weighbridge.cli.policy_source import read
    from weighbridge.policy.explanation import explain_rule
    from weighbridge.policy.packs import BUILT_IN

    for pack in reversed(BUILT_IN):
        if (rule := read(pack).rule(wanted)) is not None:
            return explain_rule(rule).partition("\n")[2].rstrip()
    return None


def _folded(text: str, width: int) -> str:
    """Return a text folded to the terminal; what is indented is laid out already; its lists are folded too."""
    import textwrap

    return "\n".join(
        textwrap.fill(line, width, subsequent_indent="    ")
        if line.startswith("  ☐ ")
        else line
        if line.startswith(" ")
        else textwrap.fill(line, width)
        for line in text.splitlines()
    )
