"""The rules that let one file grow into a sharded cluster (Citus), held without one.

Source: Citus documentation, "Choosing Distribution Column" and "Unsupported SQL": the shard key is in every unique
key, foreign keys stay within a shard or go to a reference table, and numbers are not counted by the database.
"""

import ast

import pytest
from sqlalchemy import Identity, PrimaryKeyConstraint, Sequence, Table, UniqueConstraint

from tests.house.files import relative, source_files
from weighbridge.fleet.tables import ENDPOINT, REFERENCE
from weighbridge.hub.schema import METADATA

TABLES = sorted(METADATA.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_can_be_sharded(table: Table) -> None:
    kind = table.info.get("kind")
    assert kind in (ENDPOINT, REFERENCE), "declare it with endpoint_table or reference_table"
    key = [column.name for column in table.primary_key]
    assert key, "it has no primary key"
    if kind == ENDPOINT:
        assert key[0] == "endpoint_id"
    for column in table.columns:
        assert not isinstance(column.default, Sequence), f"{column}: who writes gives every number"
        assert not isinstance(column.server_default, Identity), f"{column}: who writes gives every number"
        assert column.autoincrement is False or not (column.primary_key and column.type.python_type is int), (
            f"{column}: declare it with integer()"
        )
    for constraint in table.constraints:
        if kind == ENDPOINT and isinstance(constraint, UniqueConstraint) and not _is_key(constraint):
            assert "endpoint_id" in constraint.columns, f"{constraint}: unique only within an endpoint"
    for index in table.indexes:
        assert not (index.unique and kind == ENDPOINT and "endpoint_id" not in index.columns), index
    for foreign in table.foreign_key_constraints:
        other = foreign.referred_table
        if other.info["kind"] == ENDPOINT:
            assert kind == ENDPOINT, f"{foreign}: a reference table cannot refer to a shard"
            assert "endpoint_id" in foreign.column_keys, f"{foreign}: it would cross shards"


def _is_key(constraint: object) -> bool:
    return isinstance(constraint, PrimaryKeyConstraint)


def test_only_the_owner_writes_a_table() -> None:
    """A table's name, as Python knows it, is used to write in the file that declares it alone."""
    owners = {}
    for path in source_files():
        if path.parent.name in ("fleet", "hub"):
            for node in ast.parse(path.read_bytes()).body:
                value = node.value if isinstance(node, ast.Assign) else None
                if isinstance(value, ast.Call) and ast.unparse(value.func) in ("endpoint_table", "reference_table"):
                    owners[ast.unparse(node.targets[0])] = relative(path)
    assert set(owners.values()), "no table is declared"
    strangers = []
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                writes = called in ("insert", "update", "delete") and len(node.args) == 1
                writes = writes or called in ("upsert", "insert_missing", "insert_or")
                named = {ast.unparse(argument).rpartition(".")[2] for argument in node.args}
                strangers += [
                    f"{relative(path)}:{node.lineno} writes {name}"
                    for name in named & set(owners)
                    if writes and owners[name] != relative(path)
                ]
    assert strangers == []
