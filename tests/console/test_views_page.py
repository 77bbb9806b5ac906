"""Saved views, with plain forms."""

import re

import pytest
from tests.console.browsing import signed_in

from weighbridge.fleet.permissions import Role


@pytest.fixture
def client(served):
    return signed_in(served, Role.ANALYST)


def form(client, **values):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/views").text)[1]
    return values | {"form_token": token}


def save(client, name="Denied <ones>", **more):
    values = {"name": name, "list": "artifacts", "query": "verdict:deny", "sort": "size", "columns": "sha256,size"}
    return client.post("/views", data=form(client, **values | more))


def view_id(client):
    return re.search(r'<tr data-at="([0-9a-f]{16})"', client.get("/views").text)[1]


def test_a_view_is_saved_from_its_list_and_opened_again(client):
    page = client.get("/artifacts?q=verdict:deny&sort=size").text
    assert 'action="/views"' in page
    assert '<input type="hidden" name="query" value="verdict:deny">' in page
    done = save(client, down="true")
    assert done.status_code == 303
    page = client.get(done.headers["location"]).text
    assert "Denied &lt;ones&gt;" in page
    assert page.count('<th scope="col">') == 2
    assert 'aria-current="true">Denied &lt;ones&gt;' in page
    assert "Denied &lt;ones&gt;" in client.get("/artifacts").text


def test_a_pinned_view_stands_in_the_navigation(client):
    save(client)
    client.post(f"/views/{view_id(client)}", data=form(client, do="pin"))
    assert 'id="nav-pinned"' in client.get("/findings").text
    client.post(f"/views/{view_id(client)}", data=form(client, do="unpin"))
    assert 'id="nav-pinned"' not in client.get("/findings").text


def test_a_view_is_renamed_shared_removed_and_brought_back(client, served):
    save(client)
    which = view_id(client)
    client.post(f"/views/{which}", data=form(client, do="rename", name="Ours", shared="true"))
    other = signed_in(served, Role.VIEWER)
    page = other.get("/views").text
    assert "Ours" in page
    assert "Remove" not in page
    done = client.post(f"/views/{which}", data=form(client, do="remove"))
    page = client.get(done.headers["location"]).text
    assert "The view was removed." in page
    assert "No views yet" in page
    client.post(f"/views/{which}", data=form(client, do="bring back"))
    assert "Ours" in client.get("/views").text


def test_what_cannot_be_is_explained(client, served):
    assert save(client, list="nothing").status_code == 400
    assert "E-" not in save(client, name=" ").text
    assert client.post("/views/unknown", data=form(client, do="remove")).status_code == 404
    viewer = signed_in(served, Role.VIEWER)
    assert (
        viewer.post(
            "/views", data=form(viewer, name="x") if "form_token" in viewer.get("/views").text else {}
        ).status_code
        == 403
    )
    assert "Save this view" not in viewer.get("/artifacts").text
