import re

from tests.console.browsing import signed_in

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Role


def test_what_was_done_is_listed_in_pages_the_newest_first(served):
    client = signed_in(served, Role.APPROVER)
    assert "Nothing was done here yet" in client.get("/audit").text

    def job(connection):
        for number in range(51):
            audit.note(connection, served.clock.now, None, "test.done", f"thing-{number}", {"why": "<b>"})

    served.store.write_now(job)
    first = client.get("/audit").text
    assert first.count("test.done") == 50
    assert first.index("thing-50<") < first.index("thing-49<")
    assert "&lt;b&gt;" in first
    older = re.search(r'rel="next" href="(\?before=\w+)"', first)
    assert older is not None
    second = client.get(f"/audit{older[1]}").text
    assert ("thing-0<" in second, second.count("test.done")) == (True, 1)


def test_it_is_not_for_everybody(served):
    assert signed_in(served, Role.ANALYST).get("/audit").status_code == 403
