"""Where typed text leads, on both stores."""

import pytest
from sqlalchemy import update
from tests.fleet.small_fleet import LAPTOP, LLAMA, PICKLE, POET, fill

from weighbridge.fleet import saved_views
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.jump import path_to
from weighbridge.fleet.permissions import EVERYTHING, GRANTED, Role, Scope, Viewer
from weighbridge.fleet.store import Store


def viewer(scope: Scope = EVERYTHING) -> Viewer:
    return Viewer(account_id="a", name="ada", role=Role.ANALYST, permissions=GRANTED[Role.ANALYST], scope=scope)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (LLAMA, f"/artifacts/{LLAMA}"),
        (f"sha256:{LLAMA.upper()}", f"/artifacts/{LLAMA}"),
        ("1a1a1a", f"/artifacts/{LLAMA}"),
        (" laptop ", f"/endpoints/{LAPTOP}"),
        (LAPTOP, f"/endpoints/{LAPTOP}"),
        ("ffffffff", "/artifacts?q=%22ffffffff%22"),
        ("llama OR x", "/artifacts?q=%22llama+OR+x%22"),
        ("denied", "/artifacts?q=verdict%3Adeny"),
        ("lap\0top\u202e", f"/endpoints/{LAPTOP}"),
        ("//evil.example.com", "/artifacts?q=%22%2F%2Fevil.example.com%22"),
    ],
)
def test_typed_text_leads_to_a_page_of_this_server(store: Store, text: str, path: str) -> None:
    store.write_now(fill)
    store.write_now(lambda c: saved_views.save(c, 1, viewer(), "Denied", "artifacts", query="verdict:deny"))
    assert store.read_now(lambda connection: path_to(connection, viewer(), text)) == path


def test_what_several_are_called_becomes_a_list(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda c: c.execute(update(ENDPOINTS).values(name="twin")))
    found = store.read_now(lambda connection: path_to(connection, viewer(), "twin"))
    assert found == "/endpoints?q=name%3A%22twin%22"


def test_beyond_the_scope_nothing_is_found(store: Store) -> None:
    store.write_now(fill)
    ops = viewer(Scope(groups=("ops",)))
    for text in (POET, "laptop", LAPTOP):
        assert store.read_now(lambda c, text=text: path_to(c, ops, text)).startswith("/artifacts?q=")
    assert store.read_now(lambda c: path_to(c, ops, PICKLE)) == f"/artifacts/{PICKLE}"
