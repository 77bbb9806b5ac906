"""Objects of others: for whoever may not see them they are not there, in every route and form, whatever is sent."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import String, select
from tests.fleet.bodies import Form, body_for, forms_in
from tests.fleet.serving import ORIGIN, Running, running
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, POET, SERVER, fill
from tests.fleet.things import agent, tell

from weighbridge.console.app import routes
from weighbridge.fleet import enrollment
from weighbridge.fleet.api import API
from weighbridge.fleet.guard import declared
from weighbridge.fleet.openapi import document
from weighbridge.fleet.permissions import OPEN, Role, Scope
from weighbridge.fleet.settings import read_settings
from weighbridge.hub.schema import METADATA

DOCUMENT = document(API)
FOREIGN = {LAPTOP, DESKTOP}
OURS = "ops"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
UNSAFE_WORDS = {method.lower() for method in UNSAFE}
GIVEN = [
    (method, path)
    for route in routes()
    for path in sorted(route.paths)
    for method in sorted(route.http_methods)
    if "{" in path and declared(route) not in OPEN and method != "OPTIONS"
]
"""Every route that names something by a part of its path."""
NO_SUCH = {"endpoint_id": "zzzzzzzzzzzzzzzz", "sha256": "ee" * 32}
NAMES_IN_BODIES = ("endpoint_id", "endpoint", "finding_id", "sha256", "digest", "artifact", "path")


@pytest.fixture
def fleet(store) -> Iterator[Running]:
    def job(connection):
        fill(connection)
        for endpoint_id in (LAPTOP, SERVER):
            tell(connection, endpoint_id, [agent("agent", "claude"), agent("mcp-server", "files", agent="claude")])
        tell(connection, LAPTOP, [agent("agent", "theirs")], first=2)
        enrollment.make_token(connection, AT, made_by="x", expires_at=1 << 52, group_name="lab", note="theirs")

    store.write_now(job)
    with running(store, read_settings(flags={"requests_per_minute": 1_000_000})) as started:
        started.clock.now = AT
        yield started


def ours(fleet: Running, role: Role = Role.ADMINISTRATOR) -> tuple[dict[str, str], str]:
    return fleet.session(fleet.account(f"{role.value} of ours", role, Scope(groups=(OURS,))))


def known(store) -> dict[str, list[str]]:
    """Return what foreign objects are called, by the name of their column; not what ours are called, too."""
    shared: set[str] = set()
    found: dict[str, set[str]] = {"finding_id": {"f2", "f3"}, "endpoint_id": FOREIGN, "sha256": {POET}}

    def job(connection):
        for table in METADATA.sorted_tables:
            keys = [one for one in table.primary_key.columns if isinstance(one.type, String)]
            if "endpoint_id" in table.c and keys:
                foreign = select(*keys).where(table.c.endpoint_id.in_(FOREIGN))
                own = connection.execute(select(*keys).where(table.c.endpoint_id == SERVER))
                shared.update(value for row in own for value in row)
            elif table.name == "enrollment_tokens":
                foreign = select(*keys).where(table.c.group_name == "lab")
            else:
                continue
            for row in connection.execute(foreign):
                for key, value in zip(keys, row, strict=True):
                    found.setdefault(key.name, set()).add(value)

    store.read_now(job)
    return {name: sorted(values - shared) for name, values in found.items()}


def theirs(store) -> list[tuple[str, list]]:
    """Return every row that is about foreign endpoints."""

    def job(connection):
        rows = []
        for table in METADATA.sorted_tables:
            if "endpoint_id" in table.c and table.name != "enrollment_tokens":
                # Who looked at what is written down; it is no change of what is looked at.
                rows.append(
                    (table.name, connection.execute(table.select().where(table.c.endpoint_id.in_(FOREIGN))).all())
                )
            elif table.name == "enrollment_tokens":
                rows.append((table.name, connection.execute(table.select().where(table.c.group_name == "lab")).all()))
        return [(name, sorted(map(repr, found))) for name, found in rows]

    return store.read_now(job)


def addresses(path: str, names: dict[str, list[str]]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield what names each foreign object in an address, and the same for one that is nowhere."""
    parameters = re.findall(r"\{(\w+)(?::\w+)?\}", path)
    longest = max([1, *(len(names.get(name, ())) for name in parameters)])
    for at in range(longest):
        values = {name: names.get(name, ["nothing"])[at % len(names.get(name, ["nothing"]))] for name in parameters}
        missing = {name: NO_SUCH.get(name, "z" * len(value)) for name, value in values.items()}
        yield values, missing


def _at(path: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], path)


def body_of(method: str, path: str, ids: dict[str, str]) -> object:
    operation = DOCUMENT["paths"].get(re.sub(r":\w+\}", "}", path), {}).get(method.lower(), {})
    return body_for(DOCUMENT, operation, ids)


def alike(text: str, values: dict[str, str]) -> str:
    """Return an answer without what was asked for in it, the number of its request and the token of its forms."""
    for value in values.values():
        text = re.sub(re.escape(value[:8]) + r"[0-9a-z]*", "*", text)  # digests are shown short
    return re.sub(r'(form_token" value=|"request_id":|name="csrf" content=)\s*"[^"]*"', "", text)


def test_an_object_of_others_is_answered_like_one_that_is_nowhere(fleet: Running) -> None:
    names, before = known(fleet.store), theirs(fleet.store)
    cookies, form = ours(fleet)
    client = fleet.client(cookies=cookies)
    asked = 0
    for method, path in GIVEN:
        for values, absent in addresses(path, names):
            foreign, missing = _at(path, values), _at(path, absent)
            ids = dict.fromkeys(NAMES_IN_BODIES, LAPTOP) | {"finding_id": "f2", "sha256": POET} | values
            more = {"json": body_of(method, path, ids)} if method in UNSAFE else {}
            header = {"x-form-token": form, "origin": ORIGIN}
            answer = client.request(method, foreign, headers=header, **more)
            nothing = client.request(method, missing, headers=header, **more)
            assert answer.status_code < 500, (method, foreign, answer.text)
            if {"endpoint_id", "finding_id"} & values.keys():
                assert answer.status_code in (400, 403, 404), (method, foreign, answer.status_code, answer.text)
            if answer.status_code not in (200, 201, 204, 303):
                assert answer.status_code == nothing.status_code, (method, foreign)
                assert alike(answer.text, values) == alike(nothing.text, absent), (method, foreign)
            asked += 1
    assert asked > len(GIVEN)
    assert theirs(fleet.store) == before


def _everything_asked(fleet: Running, account) -> None:
    """Ask for every operation with a body that is right, about foreign things."""
    cookies, form = fleet.session(account)
    client = fleet.client(cookies=cookies)
    ids = dict.fromkeys(NAMES_IN_BODIES, LAPTOP) | {"finding_id": "f2", "sha256": POET, "q": "name:laptop"}
    ids |= {"expected": 1, "state": "accepted", "role": "viewer"}
    for path, operations in DOCUMENT["paths"].items():
        for method in operations.keys() & UNSAFE_WORDS:
            if path.startswith(("/api/v1/session", "/api/v1/account")):
                continue
            body = body_for(DOCUMENT, operations[method], ids)
            address = _at(path, {name: ids.get(name, "1") for name in re.findall(r"\{(\w+)\}", path)})
            answer = client.request(method, address, json=body, headers={"x-form-token": form, "origin": ORIGIN})
            assert answer.status_code < 500, (method, path, body, answer.text)


def test_nothing_that_is_sent_changes_what_is_not_ours(fleet: Running) -> None:
    """Every operation with a body that is right in all but whose things it names."""
    before = theirs(fleet.store)
    _everything_asked(fleet, fleet.account("of ours", Role.ADMINISTRATOR, Scope(groups=(OURS,))))
    assert theirs(fleet.store) == before
    _everything_asked(fleet, fleet.account("of all", Role.ADMINISTRATOR))
    assert theirs(fleet.store) != before, "the same requests of who may do it"


def pages() -> list[str]:
    """Return the address of every page, with ids of foreign objects where it takes one."""
    ids = {"endpoint_id": LAPTOP, "sha256": LLAMA, "finding_id": "f2"}
    return [
        _at(path, {name: ids.get(name, "1") for name in re.findall(r"\{(\w+)(?::\w+)?\}", path)})
        for route in routes()
        for path in sorted(route.paths)
        if "GET" in route.http_methods and not path.startswith(("/api/", "/static/", "/v1/", "/health"))
    ]


def every_form(fleet: Running) -> list[Form]:
    """Return the forms that somebody sees who may see everything."""
    cookies, _ = fleet.session(fleet.account("root", Role.ADMINISTRATOR))
    client = fleet.client(cookies=cookies)
    return [form for page in pages() for form in forms_in(client.get(page).text)]


def test_no_form_of_somebody_who_sees_all_works_for_who_does_not(fleet: Running) -> None:
    forms = every_form(fleet)
    before = theirs(fleet.store)
    cookies, token = ours(fleet)
    client = fleet.client(cookies=cookies)
    sent = 0
    for form in forms:
        if form.action in ("/sign-out", ""):
            continue
        for endpoint_id in (None, LAPTOP):
            fields = form.fields | {"form_token": token}
            if endpoint_id:
                fields = {name: LAPTOP if value == SERVER else value for name, value in fields.items()}
            answer = client.post(form.action, data=fields, headers={"origin": ORIGIN})
            assert answer.status_code < 500, (form.action, answer.text)
            sent += 1
    assert sent > 5
    assert theirs(fleet.store) == before


def test_every_form_of_a_page_leads_to_a_route_that_changes_something(fleet: Running) -> None:
    declared_paths = [
        re.sub(r"\{[^}]+\}", "[^/]+", path)
        for route in routes()
        for path in route.paths
        if "POST" in route.http_methods
    ]
    for form in every_form(fleet):
        assert any(re.fullmatch(path, form.action.partition("?")[0]) for path in declared_paths), form.action
        assert "form_token" in form.fields or form.action.startswith("/sign-in"), form.action
