"""Messages for people in Slack and Teams: one for each decision and for each finding that matters.

Source: Slack, "Sending messages using incoming webhooks" and "Formatting text" (`&`, `<`, `>` are escaped); Microsoft,
"Create incoming webhooks with Workflows for Microsoft Teams" (a message with an Adaptive Card 1.4).
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from weighbridge.bom.text import clean
from weighbridge.fleet.export_digest import Digest, text_lines
from weighbridge.fleet.outbox_events import DECISION, FINDING, Outgoing
from weighbridge.fleet.target import Destination, Target, accepted
from weighbridge.host.outgoing_http import Poster

_LONGEST = 500
_LONGEST_BLOCK = 3_000
"""Characters of a section of Slack."""
_SIGNS = {"critical": "✗", "high": "✗", "medium": "!", "low": "!", "info": "·"}


def text_of(one: Outgoing) -> str:
    """Return an event as one line of plain text. What an endpoint named cannot break the line."""
    event = one.event
    where = "" if one.topic == DECISION else f" on {event.machine}" if event.machine else ""
    sign = "✓" if one.topic == DECISION else _SIGNS.get(event.severity, "·")
    severity = "" if one.topic == DECISION else f"{event.severity}: "
    about = f" ({event.name or event.path})" if one.topic == FINDING and (event.name or event.path) else ""
    reason = f". Reason: {event.reason}" if event.reason and event.reason not in event.message else ""
    return clean(f"{sign} {severity}{event.message}{about}{where}{reason}", _LONGEST)


def slack_message(lines: Sequence[str]) -> dict[str, Any]:
    """Return lines as Slack takes them: nothing in them is a link, a mention or a style."""
    text = "\n".join(lines)
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    block = {"type": "section", "text": {"type": "plain_text", "text": text[:_LONGEST_BLOCK], "emoji": False}}
    return {"text": plain, "blocks": [block]}


def teams_message(lines: Sequence[str]) -> dict[str, Any]:
    """Return lines as a Workflow of Teams takes them."""
    blocks = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in lines]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        # A TextBlock would read Markdown in what endpoints sent.
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _target(name: str, title: str, address: str, message: Callable[[Sequence[str]], dict[str, Any]]) -> Target:
    async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
        """Send events one by one; returns once all are taken. Raises UndeliveredError, OutgoingError."""
        for one in events:
            await post(destination, [text_of(one)], poster)

    async def send_digest(destination: Destination, digest: Digest, poster: Poster, now: int) -> None:
        """Send one message about all of it. Raises UndeliveredError, OutgoingError."""
        await post(destination, text_lines(digest), poster)

    async def post(destination: Destination, lines: Sequence[str], poster: Poster) -> None:
        body = json.dumps(message(lines), separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        accepted(await poster.post(destination.address, body, headers, destination.authorities))

    return Target(
        id=name,
        title=title,
        send=send,
        address=address,
        secret_in_address=True,
        one_by_one=True,
        topics=(FINDING, DECISION),
        severity="high",
        digest=send_digest,
    )


SLACK = _target("slack", "Slack: one message each", "https://hooks.slack.com/services/...", slack_message)
TEAMS = _target("teams", "Teams: one message each", "https://prod.example.logic.azure.com/workflows/...", teams_message)
