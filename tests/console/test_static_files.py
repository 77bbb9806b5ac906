"""The console's own files."""

import re

from tests.console.browsing import browser, signed_in
from tests.fleet.small_fleet import LAPTOP, LLAMA


def test_files_never_change_at_their_address(served):
    page = browser(served).get("/sign-in").text
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        answer = served.client().get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_a_page_is_light(served):
    client = signed_in(served)
    for path in ("/", "/artifacts", f"/artifacts/{LLAMA}", f"/endpoints/{LAPTOP}", "/findings"):
        page = client.get(path)
        files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        weight = len(page.content) + sum(len(client.get(one).content) for one in files)
        assert weight < 150_000, path
