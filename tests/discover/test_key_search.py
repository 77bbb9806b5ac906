from tests.samples.agent_homes import ALL_SECRETS, HF, faulty, secret, text_of

from weighbridge.discover.agent_inventory import agent_inventory
from weighbridge.discover.fingerprint import fingerprints
from weighbridge.discover.key_search import search_places
from weighbridge.host.fake import FakeMachine


def test_keys_are_found_at_their_places_and_nowhere_else() -> None:
    machine = faulty()
    keys = agent_inventory(machine).keys
    places = {(key.path.decode().removeprefix("/home/ada/"), key.line, key.name) for key in keys}
    assert places == {
        (".bashrc", 2, "HF_TOKEN"),
        (".claude.json", 10, "GITHUB_TOKEN"),
        (".claude.json", 24, "password in the address"),
        (".claude/settings.json", 7, "ANTHROPIC_API_KEY"),
        (".codex/auth.json", 2, "OPENAI_API_KEY"),
        (".cursor/mcp.json", 7, "part of the address"),
        (".cursor/mcp.json", 16, "GH_PAT"),
        ("src/shop/.env", 1, "HF_TOKEN"),
    }
    touched = {read.path for read in machine.reads if read.operation in ("read", "open", "peek")}
    assert b"/home/ada/Documents/letter.txt" not in touched
    assert b"/home/ada/.ssh/id_ed25519" not in touched


def test_one_key_in_two_places_has_one_fingerprint() -> None:
    machine = faulty()
    keys = agent_inventory(machine).keys
    same = {key.path for key in keys if key.fingerprint == fingerprints(machine).of(HF)}
    assert same == {b"/home/ada/.bashrc", b"/home/ada/src/shop/.env"}


def test_no_value_is_in_what_is_returned_or_kept() -> None:
    machine = faulty()
    inventory = agent_inventory(machine)
    kept = repr([database.query("SELECT * FROM fingerprint_key") for database in machine._kept.values()])
    for value in ALL_SECRETS:
        assert value not in repr(inventory)
        assert value not in kept


def test_kinds_of_places_and_who_can_read_them() -> None:
    machine = faulty()
    machine.set_mode(b"/home/ada/.codex/auth.json", 0o600)
    by_path = {key.path: key for key in agent_inventory(machine).keys}
    assert by_path[b"/home/ada/.codex/auth.json"].place == "credential store"
    assert by_path[b"/home/ada/.codex/auth.json"].readable_by == "user"
    assert by_path[b"/home/ada/.bashrc"].place == "shell profile"
    assert by_path[b"/home/ada/src/shop/.env"].place == "project file"
    assert by_path[b"/home/ada/.cursor/mcp.json"].agents == ("cursor",)


def test_a_file_that_cannot_be_parsed_is_still_searched() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/.cursor/mcp.json", b'{"mcpServers": {"a": {"env": {"HF_TOKEN": "%b"' % HF.encode())
    inventory = agent_inventory(machine)
    assert [key.format for key in inventory.keys] == ["huggingface"]
    assert [item.path for item in inventory.unexamined] == [b"/home/ada/.cursor/mcp.json"]


def test_one_secret_in_a_nested_server_is_told_once() -> None:
    machine = FakeMachine()
    token = secret("hf_", 34, 9)
    servers = {"a": {"command": "x", "env": {"HF_TOKEN": token}, "headers": {"Authorization": f"Bearer {token}"}}}
    machine.add_file(b"/home/ada/.cursor/mcp.json", text_of({"mcpServers": servers}))
    (key,) = agent_inventory(machine).keys
    assert (key.format, key.line) == ("huggingface", 6)


def test_the_declared_places() -> None:
    found = dict(search_places(FakeMachine(), (b"/src",)))
    assert found[b"/home/ada/.bashrc"] == "shell profile"
    assert found[b"/src/.env"] == "project file"
    assert found[b"/home/ada/.cache/huggingface/token"] == "credential store"
