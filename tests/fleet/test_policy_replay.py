from sqlalchemy import insert
from tests.fleet.policy_people import AT, found, publish
from tests.fleet.small_fleet import DESKTOP, LAPTOP, LLAMA, PICKLE, POET, SERVER, fill
from tests.sync.policy_server import policy_files

from weighbridge.fleet import policy_replay, policy_versions
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.policy_replay import DAY, replay
from weighbridge.ledger.canonical import canonical

RULE = (
    b'@id("deny-gguf-outside-stores") @severity("high") @reason("No GGUF outside of stores.") @remedy("Use a store.")\n'
    b'forbid (principal, action == Action::"load", resource is Artifact)\n'
    b'when { resource.format == "gguf" && resource.stores.isEmpty() };\n'
)
FEW = b"situations:\n- name: fine\n  expect: {decision: allow}\n"


def place(connection, endpoint_id, digest, path, *, store=None, name=None, ended=None):
    data = {"artifact": digest, "path": path, "member": None, "store": store, "store_name": name}
    row = {"endpoint_id": endpoint_id, "subject": f"{abs(hash((endpoint_id, path))):032x}"[:32], "kind": "sighting"}
    row |= {
        "name": "",
        "artifact": digest,
        "path": path,
        "first_index": 0,
        "last_index": 0,
        "first_at": AT,
        "last_at": AT,
    }
    row |= {"ended_at": ended, "part": bytes(32), "round": 0, "data": canonical(data)}
    connection.execute(insert(THINGS).values(row))


def prepare(connection):
    fill(connection)
    policies(connection)


def policies(connection):
    """Publish a policy, upload another one, and let the fleet have models at places."""
    found(connection)
    files = {path: content for path, content in policy_files().items() if not path.startswith("tests/")}
    files["tests/few.yaml"] = FEW
    publish(connection, files=files)
    policy_versions.upload(connection, AT, "ada", files | {"more.cedar": RULE})
    hub = {"store": "huggingface", "name": "meta-llama/Llama@main"}
    place(connection, LAPTOP, LLAMA, "/home/ada/llama.gguf")
    place(connection, LAPTOP, LLAMA, "/home/ada/.cache/llama.gguf", **hub)
    place(connection, DESKTOP, LLAMA, "/home/bob/llama.gguf", ended=AT - 10 * DAY)
    place(connection, SERVER, LLAMA, "/srv/old.gguf", ended=AT - 40 * DAY)
    place(connection, SERVER, PICKLE, "/srv/model.pkl")
    place(connection, SERVER, f"claimed:{POET}", "/srv/poet.gguf")


def test_what_would_have_been_denied_where_and_whose(store):
    store.write_now(prepare)
    seen = store.read_now(lambda connection: replay(connection, 2, AT))
    assert (seen.number, seen.against, seen.things) == (2, 1, 5)
    assert "deny-gguf-outside-stores" in seen.newly_denied.rules
    denied = {(one.endpoint, one.owner, one.path, one.after) for one in seen.newly_denied.examples}
    assert ("laptop", "ada", "/home/ada/llama.gguf", "deny") in denied
    assert not any(".cache" in path for _, _, path, _ in denied), "what a store holds is not outside of stores"
    assert ("desktop", "bob", "/home/bob/llama.gguf", "deny") in denied, "what was deleted within the days counts"
    assert seen.newly_allowed.things == 0
    assert "license.effective.outputs" not in policy_replay.KNOWN["Artifact"]
    back = store.read_now(lambda connection: replay(connection, 1, AT, against=2))
    assert back.newly_denied.things == 0
    assert back.newly_allowed.things == seen.newly_denied.things
    assert back.newly_allowed.rules == seen.newly_denied.rules


def test_days_bound_it_and_the_same_policy_changes_nothing(store):
    store.write_now(prepare)
    assert store.read_now(lambda connection: replay(connection, 2, AT, days=5)).things == 4
    assert store.read_now(lambda connection: replay(connection, 2, AT, days=60)).things == 6
    same = store.read_now(lambda connection: replay(connection, 1, AT))
    assert (same.newly_denied.things, same.newly_allowed.things) == (0, 0)


def test_nobody_learns_of_endpoints_that_they_do_not_see(store):
    store.write_now(prepare)
    seen = store.read_now(lambda connection: replay(connection, 2, AT, scope=Scope(groups=("ops",))))
    assert seen.things == 2
    assert {one.endpoint for one in seen.newly_denied.examples} <= {"server"}


def test_equal_situations_are_weighed_once_and_slices_join(store, monkeypatch):
    monkeypatch.setattr(policy_replay, "_SLICE", 7)
    asked = []
    monkeypatch.setattr(policy_replay, "decide", lambda some, policy: asked.extend(some) or decide(some, policy))
    from weighbridge.policy.weigh import decide

    def many(connection):
        prepare(connection)
        for number in range(100):
            place(connection, (LAPTOP, DESKTOP, SERVER)[number % 3], LLAMA, f"/data/{number}.gguf")

    store.write_now(many)
    seen = store.read_now(lambda connection: replay(connection, 2, AT))
    assert seen.things == 105
    assert seen.newly_denied.endpoints == 3
    assert seen.situations < 10
    assert len(asked) == 2 * seen.situations
