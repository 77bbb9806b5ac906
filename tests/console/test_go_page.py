import pytest
from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP, LLAMA

from weighbridge.fleet.permissions import Role


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("policy", "/policy"),
        ("Findings", "/findings"),
        (LLAMA, f"/artifacts/{LLAMA}"),
        ("laptop", f"/endpoints/{LAPTOP}"),
        ("Audit", "/artifacts?q=%22Audit%22"),
        ("https://evil.example.com", "/artifacts?q=%22https%3A%2F%2Fevil.example.com%22"),
    ],
)
def test_typed_text_leads_to_a_page_that_one_may_see(served, text, path):
    answer = signed_in(served, Role.ANALYST).get("/go", params={"to": text})
    assert (answer.status_code, answer.headers["location"]) == (303, path)


def test_without_scripts_it_is_a_form(served):
    client = signed_in(served)
    assert 'action="/go"' in client.get("/go").text
    assert '<noscript><a class="tool find" href="/go">' in client.get("/").text
