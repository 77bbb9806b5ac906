"""Queries run in SQLite over osquery's tables; what they find there is checked row by row."""

from dataclasses import replace

import pytest
from tests.export.intents import everything, hostile, ordinary, strict
from tests.export.osquery_tables import database, fill
from tests.export.processes import ARGUMENTS, PROCESSES

from weighbridge.export.intent import Intent, intent_of
from weighbridge.export.osquery_queries import Query, partly, queries
from weighbridge.export.reported import base_name
from weighbridge.pipeline.export_products import products


def query(name: str, intent: Intent | None = None) -> Query:
    return {one.id: one for one in queries(intent or everything())}[name]


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_every_query_is_sql_over_tables_and_columns_that_there_are(intent: Intent) -> None:
    asked = list(queries(intent))
    assert asked
    for one in asked:
        assert database().execute(one.sql).fetchall() == []
    assert len({one.id for one in asked}) == len(asked)
    assert len({(one.title, one.platforms) for one in asked}) == len(asked)


def test_the_whole_catalog_is_sql_too() -> None:
    from tests.policy_texts import shipped

    for one in queries(intent_of(shipped("regulated"), products())):
        database().execute(one.sql)


def test_denied_weights_are_found_by_digest_in_names_and_by_size_and_hash_elsewhere() -> None:
    digest = "ab" * 32
    made = database()
    fill(made, "file", path=f"/home/ann/.ollama/models/blobs/sha256-{digest}", filename=f"sha256-{digest}", size=1)
    fill(made, "file", path="/home/ann/.lmstudio/models/renamed.bin", filename="renamed.bin", size=1000)
    fill(made, "hash", path="/home/ann/.lmstudio/models/renamed.bin", sha256=digest)
    fill(made, "file", path="/home/ann/.lmstudio/models/as-large.bin", filename="as-large.bin", size=1000)
    fill(made, "hash", path="/home/ann/.lmstudio/models/as-large.bin", sha256="cd" * 32)
    fill(made, "file", path="/srv/else", filename=f"sha256-{digest}", size=1000)
    found = [path for path, *_ in made.execute(query("blocked_weights_1").sql)]
    assert [path.rsplit("/", 1)[-1] for path in found] == [f"sha256-{digest}", "renamed.bin"]


def test_weights_in_memory_are_found_whatever_the_program_is_called() -> None:
    made = database()
    for pid, path in enumerate(("/m/x.gguf", "/var/ollama/blobs/sha256-ab", "/lib/libjansson.so", "/m/x.gguf.txt"), 1):
        fill(made, "processes", pid=pid, name="backup", path="/usr/bin/backup")
        fill(made, "process_memory_map", pid=pid, path=path)
    assert [row[0] for row in made.execute(query("weights_in_processes").sql)] == [1, 2]


def test_servers_on_loopback_are_not_accused() -> None:
    made = database()
    fill(made, "processes", pid=1, name="ollama", path="/usr/local/bin/ollama")
    fill(made, "processes", pid=2, name="nginx", path="/usr/sbin/nginx")
    for pid, address in (
        (1, "127.0.0.1"),
        (1, "::1"),
        (1, "::ffff:127.0.0.1"),
        (1, "0.0.0.0"),
        (1, "::"),
        (2, "0.0.0.0"),
    ):
        fill(made, "listening_ports", pid=pid, port="11434", protocol=6, family=2, address=address)
    found = [(row[0], row[3]) for row in made.execute(query("open_model_server_linux").sql)]
    assert found == [(1, "0.0.0.0"), (1, "::")]


def test_agents_are_told_by_path_script_or_name_together_with_the_argument() -> None:
    made = database()
    risky = "--dangerously-skip-permissions"
    rows = (
        ("claude", "/home/ann/.local/share/claude/versions/2.1", f"claude {risky}", True),
        ("node", "/usr/bin/node", f"node /x/node_modules/@anthropic-ai/claude-code/cli.js {risky}", True),
        ("claude", "/opt/claude", f"claude {risky} -p x", True),
        ("claude", "/opt/claude", "claude -p x", False),
        ("node", "/usr/bin/node", f"node other.js {risky}", False),
        ("rg", "/usr/bin/rg", f"rg x{risky}", False),
    )
    for pid, (name, path, line, _) in enumerate(rows):
        fill(made, "processes", pid=pid, name=name, path=path, cmdline=line)
    found = {row[0] for row in made.execute(query("agent_without_confirmation_linux").sql)}
    assert found == {pid for pid, row in enumerate(rows) if row[3]}


@pytest.mark.parametrize(("name", "path", "line", "agent"), PROCESSES)
def test_agents_are_told_and_their_likes_are_not(name: str, path: str, line: str, agent: bool) -> None:
    from tests.policy_texts import shipped

    known = intent_of(shipped("regulated"), products())
    denied = replace(known, denied_products=frozenset(one.id for one in known.agents))
    made = database()
    fill(made, "processes", pid=1, name=name, path=path, cmdline=line)
    assert bool(made.execute(query("denied_product_linux", denied).sql).fetchall()) is agent


@pytest.mark.parametrize(("line", "told"), ARGUMENTS)
def test_arguments_are_whole_words(line: str, told: bool) -> None:
    from tests.policy_texts import shipped

    made = database()
    fill(made, "processes", pid=1, name="claude", path="/usr/bin/claude", cmdline=line)
    asked = query("agent_without_confirmation_linux", intent_of(shipped("observe"), products()))
    assert bool(made.execute(asked.sql).fetchall()) is told


def test_a_star_in_an_argument_is_a_star() -> None:
    from tests.policy_texts import shipped

    asked = query("agent_without_confirmation_linux", intent_of(shipped("observe"), products()))
    for line, told in (("node /x/bin/cn --allow * -p x", True), ("node /x/bin/cn --allow Read", False)):
        made = database()
        fill(made, "processes", pid=1, name="node", path="/usr/bin/node", cmdline=line)
        assert bool(made.execute(asked.sql).fetchall()) is told


def test_quotes_of_a_windows_command_line_hide_nothing() -> None:
    from tests.policy_texts import shipped

    made = database()
    line = '"C:\\Program Files\\nodejs\\node.exe" "C:\\x\\node_modules\\.bin\\gemini" --yolo'
    fill(made, "processes", pid=1, name="node.exe", path="C:\\Program Files\\nodejs\\node.exe", cmdline=line)
    asked = query("agent_without_confirmation_windows", intent_of(shipped("observe"), products()))
    assert made.execute(asked.sql).fetchall() != []


def test_long_names_are_asked_as_linux_keeps_them() -> None:
    intent = everything()
    long = tuple(
        replace(one, process_names=("text-generation-launcher",)) if one.id == "ollama" else one
        for one in intent.products
    )
    assert "'text-generation'" in query("denied_product_linux", replace(intent, products=long)).sql
    assert "'text-generation'" not in query("denied_product_windows", replace(intent, products=long)).sql


def test_many_digests_are_split_and_fit_into_a_configuration() -> None:
    intent = everything()
    many = tuple(replace(intent.blocked[0], sha256=f"{number:064x}", size=10**9 + number) for number in range(10_001))
    asked = [one for one in queries(replace(intent, blocked=many)) if one.id.startswith("blocked")]
    assert [one.id for one in asked] == [f"blocked_weights_{number}" for number in range(1, 5)]
    assert sum(len(one.sql) for one in asked) < 900_000
    assert sum(one.sql.count("'0000") for one in asked) == 10_000
    assert "1 of 10,001 digests: osquery reads a configuration of at most 1 MiB" in partly(
        replace(intent, blocked=many)
    )
    assert database().execute(asked[-1].sql).fetchall() == []


def test_denied_weights_are_found_on_every_platform_by_one_question() -> None:
    digest = "ab" * 32
    made = database()
    for path in (
        f"C:\\Users\\ann\\.ollama\\models\\blobs\\sha256-{digest}",
        f"/Users/ann/.lmstudio/models/a/b/{digest}",
    ):
        fill(made, "file", path=path, filename=base_name(path), size=1)
    assert len(made.execute(query("blocked_weights_1").sql).fetchall()) == 2


def test_a_policy_that_asks_for_nothing_asks_for_inventory_only() -> None:
    intent = everything()
    mild = replace(
        intent, blocked=(), denied_products=frozenset(), open_listener=type(intent.open_listener)(), products=()
    )
    assert [one.id for one in queries(mild)] == ["weights_in_processes"]
