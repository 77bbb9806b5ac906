import json

import pytest

from weighbridge.discover.config_text import at, everywhere, read_config, read_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": 1}', {"a": "1"}),
        (b'\xef\xbb\xbf{"a": true}', {"a": True}),
        ('{"a": "ü"}'.encode("utf-16"), {"a": "ü"}),
        (b"", {}),
        (b'// note\n{"a": [1, 2,], /* more */ "b": "x // y",}', {"a": ["1", "2"], "b": "x // y"}),
        (b"{a: 'it''s', b: null}", None),
        (b"{a: 'x', $b: null}", {"a": "x", "$b": None}),
        (b'{"a": "tab\tinside"}', {"a": "tab\tinside"}),
        (b'{"a": "[[[["}', {"a": "[[[["}),
    ],
)
def test_json_as_agents_write_it(text: bytes, value: object) -> None:
    assert read_json(text).value == value


def test_names_that_stand_twice_are_merged_and_told() -> None:
    found = read_json(b'{"mcpServers": {"a": {}}, "mcpServers": {"b": {}}}')
    assert found.value == {"mcpServers": {"a": {}, "b": {}}}
    assert found.repeated == ("mcpServers",)


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b'{"a": "open',
        b"/*" + b"*" * 100_000,
        b"[" * 5_000,
        b'{"a":' * 5_000,
        b"," * 2_000_000,
        b"\xff\xfe\x00",
        b"\x80\x81",
        b"{" + b"'" * 9_999,
        b'{"\\u12": 1}',
    ],
)
def test_what_is_not_json_is_an_error_and_no_exception(text: bytes) -> None:
    found = read_json(text)
    assert found.value is None
    assert found.error


@pytest.mark.parametrize("name", [b"x.json", b"x.toml", b"x.yaml"])
@pytest.mark.parametrize("text", ["key = = {0}", "{{ {0}", "- a: {0}: b: [", "{0}"])
def test_an_error_never_quotes_the_text(name: bytes, text: str) -> None:
    secret = "sk-ant-do-not-show-me"
    found = read_config(name, text.format(secret).encode())
    assert secret not in (found.error or "")


def test_toml_and_yaml() -> None:
    assert read_config(b"config.TOML", b'[mcp_servers.x]\r\ncommand = "npx"').value == {
        "mcp_servers": {"x": {"command": "npx"}}
    }
    assert read_config(b"x.yml", b"GOOSE_MODE: auto\nyes-always: true").value == {
        "GOOSE_MODE": "auto",
        "yes-always": True,
    }
    assert read_config(b"x.toml", b"[" * 30_000).error == "more tables than any configuration has"
    assert read_config(b"x.yaml", b"[" * 30_000).error == "more brackets than any configuration has"
    assert read_config(b"x.yaml", b"a: !!python/object:os.system [x]").value == {"a": ["x"]}


def test_large_numbers_stay_text() -> None:
    digits = b"9" * 100_000
    assert read_json(b'{"a": ' + digits + b"}").value == {"a": digits.decode()}


def test_paths_into_a_value() -> None:
    value = {"projects": {"/a": {"mcpServers": {"x": 1}}, "/b": {}}, "amp.mcpServers": {"y": 2}}
    assert everywhere(value, "projects/*/mcpServers") == [("projects//a/mcpServers", {"x": 1})]
    assert everywhere(value, "amp.mcpServers") == [("amp.mcpServers", {"y": 2})]
    assert at(value, "projects/x") is None
    assert at(json.loads("[]"), "a") is None
