"""A server that lets files alone change what they manage, and an administrator who asks it."""

from tests.fleet.serving import Running

from weighbridge.fleet import config_applied
from weighbridge.fleet.config_applied import Applied
from weighbridge.fleet.permissions import ROLES, Role, Scope
from weighbridge.fleet.settings import read_settings


class Asking:
    """An administrator with a token for everything."""

    def __init__(self, served: Running, scope: Scope | None = None, name: str = "ada") -> None:
        self.served = served
        self.client = served.client()
        self.client.headers.update(served.token(served.account(name, Role.ADMINISTRATOR, scope), *sorted(ROLES)))

    def ask(self, method: str, path: str, body: object = None, status: int = 200):
        answer = self.client.request(method, f"/api/v1{path}", **({} if body is None else {"json": body}))
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


def manage(served: Running, section: str, item: str) -> None:
    """Have a file manage an item, and the server let files alone change it."""
    served.server.settings = read_settings(environment={"WEIGHBRIDGE_SERVE_MANAGED_BY_FILES": "true"})
    one = Applied(section, item, {}, "fleet.yaml:1", 1, "")
    served.store.write_now(lambda connection: config_applied.remember(connection, [section], [one]))
