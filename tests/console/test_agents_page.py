from tests.console.browsing import signed_in
from tests.fleet.small_fleet import LAPTOP
from tests.fleet.things import agent, tell


def test_agents_stand_in_lines_that_lead_to_their_endpoints(served):
    client = signed_in(served)
    assert "No agents yet" in client.get("/agents").text
    named = {"agents": ["claude_code"]}
    told = [
        agent("agent", "claude_code", version="2.1.3", installed=True),
        agent("tool server", 'say "hi"', **named, approved_tools=["*"], url="https://mcp.example/"),
        agent("agent", "<b>", version="1"),
    ]
    served.store.write_now(lambda connection: tell(connection, LAPTOP, told))
    page = client.get("/agents").text
    assert "Claude Code" in page
    assert "/agents/claude_code?q=alone%3Ayes" in page
    assert "&lt;b&gt;" in page
    assert "Claude Code" not in client.get("/agents", params={"q": "alone:no"}).text
    wrong = client.get("/agents", params={"q": "aloe:yes"})
    assert (wrong.status_code, "did you mean" in wrong.text) == (400, True)
    one = client.get("/agents/claude_code").text
    assert "every tool unasked" in one
    assert "acts alone" in one
    found = client.get("/agents/claude_code", params={"q": 'tool:"say \\"hi\\""'}).text
    assert f"/endpoints/{LAPTOP}" in found
    assert "tool%3A%22say%20%5C%22hi%5C%22%22" in one
    assert client.get("/agents/nobody").status_code == 404
    assert client.get("/agents/claude_code", params={"q": "("}).status_code == 400


def test_single_things_that_act_alone_are_marked(served):
    client = signed_in(served)
    assert "No agents yet" in client.get("/agents/things").text
    files = agent("tool server", "files", command=["npx", "files"], approved_tools=["*"], agents=["claude_code"])
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [files, agent("skill", "report")]))
    page = client.get("/agents/things").text
    assert page.count("acts alone") == 1
    assert "every tool" in page
    assert "npx files" in page
    assert client.get("/agents/things", params={"q": "name:report"}).text.count("acts alone") == 0
