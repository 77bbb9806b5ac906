"""A Jira on this machine that answers as its documentation says: a project, issues, a workflow, two API versions."""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fleet.receivers import LIMIT

TOKEN = "ada@example.com:secret-token"
PAT = "a-personal-access-token"
WORKFLOW = {"To Do": ("new", {"11": ("Start", "In Progress"), "31": ("Done", "Done")})}
WORKFLOW |= {"In Progress": ("indeterminate", {"31": ("Done", "Done")}), "Done": ("done", {"41": ("Reopen", "To Do")})}
JQL = re.compile(r'project = "(\w+)" AND labels = "([\w-]+)" ORDER BY created ASC')


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        jira: Jira = self.server
        with jira.lock:
            jira.asked.append((method, self.path))
            status, answer = jira.answer(method, self.path, self.headers, json.loads(body) if body else None)
            jira.lock.notify_all()
            content = b"" if answer is None else json.dumps(answer).encode()
            cut = jira.after is not None and jira.after(method, self.path)
        if cut:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Jira(ThreadingHTTPServer):
    """Use it as a context manager. `after`: called with method and path after the work; true breaks the connection."""

    daemon_threads = True

    def __init__(self, version: str = "3") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.version, self.after = version, None
        self.issues: dict[str, dict] = {}
        self.asked: list[tuple[str, str]] = []
        self.lock = threading.Condition()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def labels(self) -> list[str]:
        return [label for one in self.issues.values() for label in one["labels"] if label != "weighbridge"]

    def wait(self, condition) -> None:
        with self.lock:
            assert self.lock.wait_for(condition, LIMIT), self.issues

    def answer(self, method, path, headers, body):
        basic = f"Basic {base64.b64encode(TOKEN.encode()).decode()}"
        if headers["Authorization"] != (basic if self.version == "3" else f"Bearer {PAT}"):
            return 401, {"errorMessages": ["You are not authenticated."], "errors": {}}
        plain, _, query = path.removeprefix(f"/rest/api/{self.version}/").partition("?")
        match method, plain.split("/"):
            case "GET", ["myself"]:
                return 200, {"accountId": "1", "displayName": "Ada <b>"}
            case "GET", ["project", "SEC"]:
                return 200, {"key": "SEC", "name": "Security"}
            case "POST", ["search", "jql"] if self.version == "3":
                return 200, {"issues": self._found(body), "isLast": True}
            case "POST", ["search"] if self.version == "2":
                found = self._found(body)
                return 200, {"startAt": 0, "maxResults": 1, "total": len(found), "issues": found}
            case "POST", ["issue"]:
                return self._make(body["fields"])
            case "GET", ["issue", key] if key in self.issues and query == "fields=status":
                return 200, self._shown(key)
            case "POST", ["issue", key, "comment"] if key in self.issues:
                self.issues[key]["comments"].append(self._text(body["body"]))
                return 201, {"id": "1"}
            case "GET", ["issue", key, "transitions"] if key in self.issues:
                ways = WORKFLOW[self.issues[key]["status"]][1]
                shown = [{"id": way, "name": name, "to": {"name": to}} for way, (name, to) in ways.items()]
                return 200, {"expand": "transitions", "transitions": shown}
            case "POST", ["issue", key, "transitions"] if key in self.issues:
                ways = WORKFLOW[self.issues[key]["status"]][1]
                if body["transition"]["id"] not in ways:
                    return 400, {"errorMessages": ["It seems that you have tried to perform an illegal operation."]}
                self.issues[key]["status"] = ways[body["transition"]["id"]][1]
                return 204, None
        return 404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}

    def _found(self, body):
        project, label = JQL.fullmatch(body["jql"]).groups()
        assert (project, body["fields"], body["maxResults"]) == ("SEC", ["status"], 1)
        return [self._shown(key) for key, one in self.issues.items() if label in one["labels"]][:1]

    def _make(self, fields):
        errors = {}
        if fields["project"]["key"] != "SEC":
            errors["project"] = "valid project is required"
        if fields["issuetype"]["name"] not in ("Task", "Bug"):
            errors["issuetype"] = "The issue type selected is invalid."
        if not fields["summary"] or len(fields["summary"]) > 255 or "\n" in fields["summary"]:
            errors["summary"] = "The summary is invalid."
        if any(" " in label for label in fields["labels"]):
            errors["labels"] = "The label can't contain spaces."
        if errors:
            return 400, {"errorMessages": [], "errors": errors}
        key = f"SEC-{len(self.issues) + 1}"
        kept = {"summary": fields["summary"], "labels": fields["labels"], "status": "To Do", "comments": []}
        self.issues[key] = kept | {
            "description": self._text(fields["description"]),
            "type": fields["issuetype"]["name"],
        }
        return 201, {"id": str(10_000 + len(self.issues)), "key": key, "self": f"{self.url}/rest/api/3/issue/{key}"}

    def _shown(self, key):
        status = self.issues[key]["status"]
        category = {"key": WORKFLOW[status][0]}
        return {"id": "1", "key": key, "fields": {"status": {"name": status, "statusCategory": category}}}

    def _text(self, value) -> str:
        if self.version == "2":
            assert isinstance(value, str)
            return value
        assert (value["type"], value["version"]) == ("doc", 1)
        assert all(one["type"] == "paragraph" for one in value["content"])
        return "\n".join(inline["text"] for one in value["content"] for inline in one["content"])

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(LIMIT)
        self.server_close()
