import json

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Permission, Role, Viewer

ADA = Viewer(
    account_id="a" * 32, name="ada", role=Role.VIEWER, permissions=frozenset({Permission.FLEET_READ}), token_id="t"
)


def test_entries_are_told_newest_first_in_pieces(store):
    for now in (1, 2, 3):
        store.write_now(
            lambda c, now=now: audit.note(c, now, ADA, "account.disable", f"subject {now}", {"why": "left"})
        )
    newest = store.read_now(lambda c: audit.newest(c, 2))
    assert [entry.at for entry in newest] == [3, 2]
    rest = store.read_now(lambda c: audit.newest(c, 2, newest[-1].entry_id))
    assert [entry.at for entry in rest] == [1]
    assert newest[0].account_name == "ada"
    assert newest[0].token_id == "t"
    assert json.loads(newest[0].detail) == {"why": "left"}


def test_the_command_line_of_the_machine_has_no_account(store):
    store.write_now(lambda c: audit.note(c, 1, None, "database.restore", "epoch"))
    (entry,) = store.read_now(lambda c: audit.newest(c, 10))
    assert (entry.account_id, entry.account_name, entry.token_id, entry.detail) == ("", "", None, "{}")


def test_an_entry_is_bounded(store):
    store.write_now(lambda c: audit.note(c, 1, ADA, "x", "s" * 1_000, {"long": "y" * 100_000}))
    (entry,) = store.read_now(lambda c: audit.newest(c, 10))
    assert len(entry.subject) == 256
    assert "left out" in json.loads(entry.detail)


def test_what_is_undone_leaves_no_entry(store):
    def job(connection):
        audit.note(connection, 1, ADA, "x", "y")
        raise ValueError

    try:
        store.write_now(job)
    except ValueError:
        pass
    assert store.read_now(lambda c: audit.newest(c, 10)) == []
