"""A server over a small fleet, and a browser that is a program."""

from tests.fleet.serving import Running

from weighbridge.fleet.permissions import Role, Scope

HTML = {"Accept": "text/html"}


def browser(served: Running):
    client = served.client()
    client.headers.update(HTML)
    return client


def signed_in(served: Running, role: Role = Role.VIEWER, scope: Scope | None = None):
    client = browser(served)
    cookies, _ = served.session(served.account(role.value, role, scope))
    client.cookies.update(cookies)
    return client
