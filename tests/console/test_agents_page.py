from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP
from tests.fleet.things import agent, tell


def test_what_acts_alone_is_marked(served):
    client = signed_in(served)
    assert "No agents yet" in client.get("/agents").text
    files = agent("tool server", "files", command=["npx", "files"], approved_tools=["*"], agents=["claude-code"])
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [files, agent("skill", "report")]))
    page = client.get("/agents").text
    assert page.count("acts alone") == 1
    assert "every tool" in page
    assert "npx files" in page
    assert client.get("/agents", params={"q": "name:report"}).text.count("acts alone") == 0
