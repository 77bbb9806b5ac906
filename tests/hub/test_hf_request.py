"""What every answer of the face begins with."""

import pytest
from tests.hub.approved import reader, with_many
from tests.hub.calling import call_of

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub.hf_request import from_cursor, given, is_on, moment, to_cursor


def test_a_moment():
    assert moment(0) == "1970-01-01T00:00:00.000Z"
    assert moment(1_790_000_000_042) == "2026-09-21T14:13:20.042Z"


def test_where_a_list_goes_on():
    for parts in (("a",), ("ü/x y", ""), ("x" * 900, "1")):
        call, _ = call_of(path=f"/x?cursor={to_cursor(*parts)}")
        assert from_cursor(call, len(parts)) == list(parts)
        with pytest.raises(RefusedError):
            from_cursor(call, len(parts) + 1)
    call, _ = call_of(path="/x")
    assert from_cursor(call, 2) == ["", ""]


def test_queries():
    call, _ = call_of(path="/x?expand=a&expand%5B%5D=b&expand=c&recursive=True&other=0")
    assert given(call, "expand", "expand[]") == ["a", "b", "c"]
    assert (is_on(call, "recursive"), is_on(call, "other"), is_on(call, "nope")) == (True, False, False)


def test_the_next_page_is_under_the_address_that_the_client_uses(served):
    with_many(served, (f"{number:05}" for number in range(1_001)))
    link = reader(served).get("/api/models/acme/tiny/tree/main?recursive=1").headers["link"]
    assert link.startswith("<http://127.0.0.1:8480/api/models/acme/tiny/tree/main?recursive=1&cursor=")
    assert link.endswith('>; rel="next"')
