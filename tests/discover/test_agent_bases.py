from weighbridge.discover.agent_bases import BASES, BEGINNINGS, EDITOR_BASES
from weighbridge.discover.agent_catalog import agents


def test_every_base_is_somewhere_and_leads_to_a_whole_path():
    for base, platforms in BASES.items():
        assert platforms, base
        for platform, (variable, default) in platforms.items():
            assert default.startswith("{home}") or default.startswith("C:\\" if platform == "windows" else "/")
            assert ("\\" in default) == (platform == "windows")
            assert variable is None or variable.isupper()
    assert all(place.startswith(tuple(BASES)) for place in EDITOR_BASES)


def test_every_beginning_is_used_by_some_agent():
    places = [file.path for agent in agents() for file in agent.files]
    places += [folder.path for agent in agents() for folder in (*agent.skills, *agent.instructions)]
    places += [path for agent in agents() for path in agent.state]
    assert {begin for begin in BEGINNINGS if any(place.startswith(begin) for place in places)} == {*BEGINNINGS}
