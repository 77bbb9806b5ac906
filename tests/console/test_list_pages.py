"""The three lists."""

from tests.console.browsing import signed_in
from tests.fleet.serving import running

from weighbridge.fleet.store import Store


def test_a_query_that_cannot_be_read_is_explained(served):
    answer = signed_in(served).get("/artifacts", params={"q": "verdit:deny"})
    assert answer.status_code == 400
    assert "there is no field `verdit` here" in answer.text
    assert "did you mean `verdict`?" in answer.text


def test_an_empty_fleet_says_what_to_do(store: Store):
    with running(store) as served:
        client = signed_in(served)
        for path in ("/", "/endpoints"):
            assert "wb enroll" in client.get(path).text
        assert "Nothing to do" in client.get("/findings").text
        assert "No artifacts yet" in client.get("/artifacts").text
