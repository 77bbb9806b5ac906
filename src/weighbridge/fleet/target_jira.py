"""Jira: an issue for each finding that matters, a comment for what people decide, closed when the finding is over.

An issue carries a label that follows from endpoint and finding. Before one is made it is looked for by that label, so
that a server that dies between making it and writing that down makes no second one.

Source: Atlassian, "The Jira Cloud platform REST API" v3 (issue search with `/search/jql`, issues, issue comments,
transitions; Atlassian Document Format) and "Jira Data Center REST API" v2 (`/search`; texts in wiki markup).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from weighbridge.bom.text import clean
from weighbridge.fleet.outbox_events import DECISION, FINDING, Outgoing
from weighbridge.fleet.target import Destination, Option, Target, UndeliveredError, accepted
from weighbridge.fleet.tickets import Ticket
from weighbridge.fleet.triage import Which
from weighbridge.host.outgoing_http import Answer, Poster

_CLOUD = ".atlassian.net"
_LARGEST_ANSWER = 1 << 18
_LONGEST_SUMMARY, _LONGEST_LINE = 250, 2_000
_DONE = "done"
"""Key of the category of states in which an issue is over, in every Jira."""
_CLOSING = ("accepted", "false_alarm")


class _Issue(NamedTuple):
    key: str
    is_done: bool


class _Jira:
    """One Jira, spoken to in the version of its API."""

    def __init__(self, destination: Destination, poster: Poster) -> None:
        self._poster, self._authorities = poster, destination.authorities
        self.options = destination.options
        self.base = destination.address.rstrip("/")
        host = urlsplit(destination.address).hostname or ""
        self.version = self.options.get("api") or ("3" if host.endswith(_CLOUD) else "2")
        secret = destination.secret
        basic = base64.b64encode(secret.encode()).decode()
        # Cloud takes mail address and API token, Data Center a personal access token alone.
        self._headers = {"Authorization": f"Basic {basic}" if ":" in secret else f"Bearer {secret}"}

    async def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  (JSON)
        """Return what is answered; None without a body. Raises UndeliveredError, OutgoingError."""
        url = f"{self.base}/rest/api/{self.version}/{path}"
        if body is None:
            answer = await self._poster.get(url, self._authorities, _LARGEST_ANSWER, self._headers)
        else:
            content = json.dumps(body, separators=(",", ":")).encode()
            headers = {"Content-Type": "application/json", "Accept": "application/json", **self._headers}
            answer = await self._poster.post(url, content, headers, self._authorities, _LARGEST_ANSWER)
        return _read(accepted(_explained(answer)))

    async def find(self, label: str) -> _Issue | None:
        """Return the issue with a label; None if there is none."""
        jql = f'project = "{self.options["project"]}" AND labels = "{label}" ORDER BY created ASC'
        path = "search/jql" if self.version == "3" else "search"
        found = await self.ask(path, {"jql": jql, "fields": ["status"], "maxResults": 1})
        issues = found.get("issues") if isinstance(found, dict) else None
        return _issue(issues[0]) if isinstance(issues, list) and issues else None

    async def look(self, key: str) -> _Issue | None:
        """Return an issue by its key; None if it is gone."""
        try:
            return _issue(await self.ask(f"issue/{quote(key)}?fields=status"))
        except UndeliveredError as error:
            if "it answered 404" in error.reason:
                return None
            raise

    async def make(self, one: Outgoing, label: str, link: str) -> _Issue:
        """Make the issue of a finding."""
        event = one.event
        what = event.name or event.path
        summary = clean(f"{event.severity}: {event.message}{f' on {event.machine}' if event.machine else ''}", 10_000)
        facts = {
            "Endpoint": event.machine,
            "Check": event.check,
            "Severity": event.severity,
            "Artifact": event.sha256,
            "Name": what,
            "Seen": event.at,
            "What to do": event.remedy,
            "In Weighbridge": link,
        }
        lines = [event.message, *(f"{name}: {value}" for name, value in facts.items() if value)]
        fields = {
            "project": {"key": self.options["project"]},
            "issuetype": {"name": self.options.get("type") or "Task"},
            "summary": summary[:_LONGEST_SUMMARY],
            "description": self._text(lines),
            "labels": ["weighbridge", label],
        }
        return _issue(await self.ask("issue", {"fields": fields}))

    async def comment(self, key: str, line: str) -> None:
        """Comment on an issue."""
        await self.ask(f"issue/{quote(key)}/comment", {"body": self._text([line])})

    async def move(self, key: str, wanted: str) -> None:
        """Move an issue along a transition by its name, or into a state of that name; nothing if there is none."""
        found = await self.ask(f"issue/{quote(key)}/transitions")
        ways = found.get("transitions", []) if isinstance(found, dict) else []
        for way in ways:
            names = {str(way.get("name", "")).casefold(), str(way.get("to", {}).get("name", "")).casefold()}
            if wanted.casefold() in names:
                await self.ask(f"issue/{quote(key)}/transitions", {"transition": {"id": str(way.get("id", ""))}})
                return

    async def of(self, which: Which, known: str | None) -> _Issue | None:
        """Return the issue of a finding, by the key that is known or by its label; None if there is none."""
        found = await self.look(known) if known else None
        return found or await self.find(label_of(which))

    def ticket(self, which: Which, key: str) -> Ticket:
        """Return which finding is which issue."""
        return Ticket(which.endpoint_id, which.finding_id, key, f"{self.base}/browse/{quote(key)}")

    def _text(self, lines: Sequence[str]) -> Any:  # noqa: ANN401  (a document or a text)
        plain = [clean(line, _LONGEST_LINE) for line in lines if line]
        if self.version == "3":
            paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in plain]
            return {"type": "doc", "version": 1, "content": paragraphs}
        # In wiki markup, what endpoints named would be links, pictures and mentions.
        text = "\n".join(plain).replace("{", "(").replace("}", ")")
        return f"{{noformat}}\n{text}\n{{noformat}}"


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> list[Ticket]:
    """Send events; return the issues of findings. Raises UndeliveredError, OutgoingError."""
    jira = _Jira(destination, poster)
    made: dict[Which, str] = {}
    for one in events:
        made = dict(one.tickets) | made
        if one.topic == DECISION:
            for which in one.about:
                await _decided(jira, one, await jira.of(which, made.get(which)))
        elif one.finding_id:
            which = Which(one.endpoint_id, one.finding_id)
            key = await _seen(jira, one, await jira.of(which, made.get(which)), destination.console)
            made |= {which: key} if key else {}
    return [jira.ticket(which, key) for which, key in made.items()]


async def probe(destination: Destination, poster: Poster) -> str:
    """Ask who we are and whether the project is there. Raises UndeliveredError, OutgoingError."""
    jira = _Jira(destination, poster)
    who = await jira.ask("myself")
    project = await jira.ask(f"project/{quote(jira.options['project'])}")
    name = who.get("displayName") if isinstance(who, dict) else None
    title = project.get("name") if isinstance(project, dict) else None
    return clean(f"signed in as {name or 'somebody'}; the project is {title or jira.options['project']}", 300)


def label_of(which: Which) -> str:
    """Return the label of a finding's issue: the same whenever and from wherever it is sent."""
    return f"weighbridge-{sha256(f'{which.endpoint_id} {which.finding_id}'.encode()).hexdigest()[:32]}"


async def _seen(jira: _Jira, one: Outgoing, issue: _Issue | None, console: str) -> str:
    """Bring the issue of a finding up to what was seen; return its key, empty if there is and needs to be none."""
    if issue is None:
        if one.is_over:
            return ""
        link = f"{console}/endpoints/{one.endpoint_id}" if console else ""
        return (await jira.make(one, label_of(Which(one.endpoint_id, one.finding_id)), link)).key
    if one.is_over and not issue.is_done:
        await jira.comment(issue.key, f"The finding is over: seen last {one.event.at}.")
        await jira.move(issue.key, jira.options.get("done") or "Done")
    elif not one.is_over and issue.is_done and jira.options.get("reopen"):
        await jira.move(issue.key, jira.options["reopen"])
        await jira.comment(issue.key, f"The finding is there again: {one.event.at}.")
    return issue.key


async def _decided(jira: _Jira, one: Outgoing, issue: _Issue | None) -> None:
    """Tell the issue of a finding what people decided about it."""
    if issue is None:
        return
    reason = f" Reason: {one.event.reason}" if one.event.reason else ""
    await jira.comment(issue.key, f"{one.event.message}.{reason}")
    state = _state(one)
    if state in _CLOSING and not issue.is_done:
        await jira.move(issue.key, jira.options.get("done") or "Done")
    elif state not in _CLOSING and issue.is_done and jira.options.get("reopen"):
        await jira.move(issue.key, jira.options["reopen"])


def _state(one: Outgoing) -> str:
    try:
        said = json.loads(one.event.original)
    except ValueError:
        return ""
    return str(said.get("state", "")) if isinstance(said, dict) else ""


def _explained(answer: Answer) -> Answer:
    """Return an answer whose body is what Jira says went wrong, in a line."""
    if answer.status < 400:
        return answer
    try:
        said = json.loads(answer.body)
        parts = [str(one) for one in said.get("errorMessages", [])]
        parts += [f"{name}: {text}" for name, text in said.get("errors", {}).items()]
    except (ValueError, AttributeError, TypeError):
        return answer
    return answer._replace(body=clean("; ".join(parts), 500).encode())


def _read(answer: Answer) -> Any:  # noqa: ANN401  (JSON)
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise UndeliveredError("it answered something else than Jira does") from None


def _issue(found: Any) -> _Issue:  # noqa: ANN401  (JSON)
    key = found.get("key") if isinstance(found, dict) else None
    if not isinstance(key, str) or not key or len(key) > 64:
        raise UndeliveredError("it answered something else than Jira does")
    fields = found.get("fields")
    status = fields.get("status") if isinstance(fields, dict) else None
    category = status.get("statusCategory") if isinstance(status, dict) else None
    return _Issue(key, isinstance(category, dict) and category.get("key") == _DONE)


TARGET = Target(
    id="jira",
    title="Jira: an issue for each finding",
    send=send,
    address=f"https://example{_CLOUD}",
    needs_secret=True,
    one_by_one=True,
    topics=(FINDING, DECISION),
    severity="high",
    options={
        "project": Option("key of the project", r"[A-Z][A-Z0-9_]{1,99}", needed=True),
        "type": Option("type of the issues", r"[^\x00-\x1f\"\\]{1,60}", usual="Task"),
        "done": Option("transition or state that closes one", r"[^\x00-\x1f\"\\]{1,60}", usual="Done"),
        "reopen": Option(
            "transition that opens one again; without it, closed ones stay closed", r"[^\x00-\x1f\"\\]{1,60}"
        ),
        "api": Option("version of its API: 3 for Cloud, 2 for Data Center; else by the address", r"[23]"),
    },
    ends=True,
    probe=probe,
)
