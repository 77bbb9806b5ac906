from weighbridge.discover.agent_catalog import agents
from weighbridge.discover.agent_places import for_people, places, places_of
from weighbridge.host.fake import FakeMachine


def test_homes_projects_and_variables() -> None:
    machine = FakeMachine(environment={"XDG_CONFIG_HOME": "/elsewhere"})
    machine.other_homes = (b"/home/bob",)
    assert list(places(machine, "{home}/.claude.json")) == [b"/home/ada/.claude.json", b"/home/bob/.claude.json"]
    assert list(places(machine, "{project}/.mcp.json", (b"/src/a", b"/src/b/"))) == [
        b"/src/a/.mcp.json",
        b"/src/b/.mcp.json",
    ]
    assert list(places(machine, "{config}/goose/config.yaml")) == [
        b"/elsewhere/goose/config.yaml",
        b"/home/ada/.config/goose/config.yaml",
        b"/home/bob/.config/goose/config.yaml",
    ]


def test_places_of_other_platforms_are_not_here() -> None:
    assert list(places(FakeMachine("linux"), "{programdata}/x/y.json")) == []
    assert list(places(FakeMachine("darwin"), "{etc}/x")) == []
    windows = FakeMachine("windows", environment={"APPDATA": "C:\\Users\\ada\\AppData\\Roaming"})
    assert list(places(windows, "{application}/Claude/claude_desktop_config.json")) == [
        b"C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json"
    ]


def test_every_editor_is_looked_at() -> None:
    found = list(places(FakeMachine(), "{editor}/mcp.json"))
    assert b"/home/ada/.config/Code/User/mcp.json" in found
    assert b"/home/ada/.config/Cursor/User/mcp.json" in found


def test_a_star_is_one_name_and_two_are_folders() -> None:
    machine = FakeMachine()
    for path in (b"x/.mcp.json", b"x/y/.mcp.json", b"a/b/c/d/e/f/g/h/.mcp.json", b"x/other.json"):
        machine.add_file(b"/home/ada/.claude/plugins/cache/" + path)
    found = set(places(machine, "{home}/.claude/plugins/cache/**/.mcp.json"))
    assert b"/home/ada/.claude/plugins/cache/x/.mcp.json" in found
    assert b"/home/ada/.claude/plugins/cache/x/y/.mcp.json" in found
    assert b"/home/ada/.claude/plugins/cache/a/b/c/d/e/f/g/h/.mcp.json" not in found
    one = list(places(machine, "{home}/.claude/plugins/cache/*/other.json"))
    assert b"/home/ada/.claude/plugins/cache/x/other.json" in one


def test_every_place_of_the_catalog_can_be_shown() -> None:
    for agent in agents():
        for place in (*agent.files, *agent.skills, *agent.instructions):
            assert for_people(place.path), place.path
    assert for_people("{home}/.claude.json") == ("~/.claude.json",)
    assert "$APPDATA/Claude/x" in for_people("{application}/Claude/x")


def test_places_that_a_variable_moves() -> None:
    (claude,) = (agent for agent in agents() if agent.id == "claude_code")
    machine = FakeMachine(environment={"CLAUDE_CONFIG_DIR": "/moved/"})
    assert list(places_of(machine, claude, "{home}/.claude/settings.json")) == [
        b"/moved/settings.json",
        b"/home/ada/.claude/settings.json",
    ]
    assert next(places_of(machine, claude, "{home}/.claude.json")) == b"/moved/.claude.json"
    assert list(places_of(machine, claude, "{project}/CLAUDE.md", (b"/src",))) == [b"/src/CLAUDE.md"]
