"""The table of agents follows the inventory, on both stores."""

from sqlalchemy import insert, select
from tests.fleet.small_fleet import LAPTOP, SERVER, fill
from tests.fleet.things import agent, tell

from weighbridge.fleet import agents, inventory, resync
from weighbridge.fleet.agents import AGENTS, REACHED


def rows(store):
    wanted = select(AGENTS.c.agent, AGENTS.c.alone, AGENTS.c.tool_servers).order_by(AGENTS.c.agent)
    return store.read_now(lambda connection: [tuple(row) for row in connection.execute(wanted)])


def names(store):
    wanted = select(REACHED.c.kind, REACHED.c.name).order_by(REACHED.c.name)
    return store.read_now(lambda connection: [tuple(row) for row in connection.execute(wanted)])


def write(store, *told, first=0):
    store.write_now(lambda connection: tell(connection, LAPTOP, told, first=first))


def test_agents_come_change_and_go_with_their_records(store):
    store.write_now(fill)
    files = agent("tool server", "files", agents=["goose", "amp"], approved_tools=["*"])
    write(store, files, agent("agent", "goose", version="1.0"))
    assert rows(store) == [("amp", 1, 1), ("goose", 1, 1)]
    asks = agent("tool server", "files", agents=["goose"], approved_tools=[])
    write(store, asks, first=2)
    assert rows(store) == [("goose", 0, 1)]
    assert names(store) == [("tool server", "files")]
    write(store, ("agent-end", asks[1]), first=3)
    assert rows(store) == [("goose", 0, 0)]
    assert names(store) == []


def test_records_about_other_things_write_nothing(store):
    store.write_now(fill)
    write(store, agent("agent", "goose"))
    seen = []
    store.write_now(lambda connection: seen.append(agents.take(connection, LAPTOP, [])))
    before = rows(store)
    write(store, ("gap", {"why": "x"}), ("toolchain", {"name": "cargo", "path": "/bin/cargo"}), first=1)
    assert rows(store) == before


def test_what_a_snapshot_lacks_is_gone(store):
    store.write_now(fill)
    write(store, agent("agent", "goose"))
    store.write_now(lambda connection: inventory.note_asked(connection, LAPTOP, inventory.Asked(0, 1, False)))
    store.write_now(lambda connection: resync.take(connection, LAPTOP, 0, True, [], 99))
    assert rows(store) == []


def test_what_was_reported_before_there_was_a_table_is_caught_up_with(store):
    store.write_now(fill)
    write(store, agent("agent", "goose"))

    def unread(connection):
        for endpoint_id in (LAPTOP, SERVER):
            connection.execute(AGENTS.delete().where(AGENTS.c.endpoint_id == endpoint_id))
            values = {column.name: 0 for column in AGENTS.columns} | {"agent": "", "version": ""}
            connection.execute(insert(AGENTS).values(values | {"endpoint_id": endpoint_id}))

    store.write_now(unread)
    assert store.write_now(lambda connection: agents.catch_up(connection, 1)) == 1
    assert store.write_now(agents.catch_up) == 1
    assert store.write_now(agents.catch_up) == 0
    assert rows(store) == [("goose", 0, 0)]
