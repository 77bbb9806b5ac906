"""What the address of a list says, over the routes that read it."""

import pytest
from litestar import get
from tests.fleet.serving import running

from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission

PUBLIC = needs(Permission.PUBLIC)


@get("/asked", opt=PUBLIC)
async def by_program(asked: GivenAsked) -> list[str]:
    return [asked.query, asked.sort, str(asked.down), asked.after, asked.before, str(asked.limit)]


@get("/asked-by-page", opt=PUBLIC, dependencies=page_asks("open:yes"))
async def by_page(asked: GivenAsked) -> list[str]:
    return [asked.query, asked.sort, str(asked.down), asked.after, asked.before, str(asked.limit)]


@pytest.fixture
def client(store):
    with running(store, more=[by_program, by_page]) as served:
        yield served.client()


def test_a_program_says_everything_or_nothing(client):
    assert client.get("/asked").json() == ["", "", "False", "", "", "50"]
    every = {"q": "a", "sort": "b", "down": "true", "after": "c", "before": "d", "limit": "7"}
    assert client.get("/asked", params=every).json() == ["a", "b", "True", "c", "d", "7"]


def test_a_page_has_its_own_query_and_decides_how_many_rows_it_shows(client):
    assert client.get("/asked-by-page", params={"limit": "500"}).json() == ["open:yes", "", "False", "", "", "50"]
    assert client.get("/asked-by-page", params={"q": ""}).json()[0] == ""


@pytest.mark.parametrize("bad", [{"q": "a" * 2001}, {"sort": "a" * 41}, {"after": "a" * 2001}, {"down": "x"}])
def test_what_is_too_long_or_no_value_is_refused(client, bad):
    for path in ("/asked", "/asked-by-page"):
        assert client.get(path, params=bad).status_code == 400
