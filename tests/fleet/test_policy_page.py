from msgspec import structs
from tests.fleet.policy_people import AT, found, publish
from tests.fleet.small_fleet import fill
from tests.sync.policy_server import policy_files

from weighbridge.fleet import policy_versions
from weighbridge.fleet.policy_page import changes_of, how_far, status
from weighbridge.fleet.policy_rings import DONE, HALTED


def test_an_empty_fleet_has_nothing(store):
    seen = store.read_now(status)
    assert (seen.signers, seen.in_force, seen.versions, seen.rollout, seen.rings, seen.held) == (
        "",
        0,
        [],
        None,
        [],
        [],
    )


def test_how_policies_stand(store):
    store.write_now(fill)
    store.write_now(found)
    store.write_now(publish)
    seen = store.read_now(status)
    assert seen.signers == "root 1: 2 of 2 for keys, 2 of 2 for policies"
    assert (seen.in_force, seen.rollout.number, len(seen.rings)) == (1, 1, 3)
    assert sum(ring.endpoints for ring in seen.rings) == 3
    assert [(one.said, one.endpoints) for one in seen.held] == [("", 3)]
    assert seen.how_far == "rolling; 0 of 3 endpoints have it"


def test_that_the_last_ring_has_begun_says_nothing_of_who_has_it(store):
    store.write_now(fill)
    store.write_now(found)
    store.write_now(publish)
    seen = store.read_now(status)
    over = structs.replace(seen.rollout, state=DONE)
    rings = [structs.replace(seen.rings[0], have=1, endpoints=2), seen.rings[-1]]
    assert how_far(over, seen.rings) == "open to everybody; 0 of 3 endpoints have it"
    total = 2 + seen.rings[-1].endpoints
    assert how_far(over, rings) == f"open to everybody; 1 of {total} endpoints has it"
    halted = structs.replace(seen.rollout, state=HALTED, reason="the lab complains.")
    assert how_far(halted, rings) == f"halted: the lab complains; 1 of {total} endpoints has it"


def test_what_changes(store):
    store.write_now(found)
    store.write_now(publish)
    files = policy_files(2)
    files["more.cedar"] = (
        b'@id("deny-all-joblib") @severity("high") @reason("No joblib.") @remedy("Take safetensors.")\n'
        b'forbid (principal, action == Action::"load", resource is Artifact) when { resource.format == "joblib" };\n'
    )
    store.write_now(lambda connection: policy_versions.upload(connection, AT, "ada", files))
    seen = store.read_now(lambda connection: changes_of(connection, 2))
    assert (seen.before, seen.after, seen.rules_added) == ("balanced 1", "balanced 2", ["deny-all-joblib"])
    assert seen.denied == len(seen.newly_denied) > 0
    assert seen.newly_denied[0].setting["format"] == "joblib"
    assert "deny-all-joblib" in seen.newly_denied[0].rules
    assert (seen.allowed, seen.complete) == (0, True)


def test_what_the_policy_in_force_accepts_by_digest(store):
    accepted = (
        "accepted:\n"
        f"  - {{sha256: {'1A' * 32}, reason: reviewed, by: ada}}\n"
        f"  - {{sha256: {'2b' * 32}, reason: for the trial, by: bob, until: 2027-01-31}}\n"
        "when_stale: tighten\n"
    ).encode()
    files = policy_files()
    assert b"accepted: []\n" in files["policy.yaml"]
    files["policy.yaml"] = files["policy.yaml"].replace(b"accepted: []\n", accepted)
    store.write_now(found)
    store.write_now(lambda connection: publish(connection, files=files))
    seen = store.read_now(status)
    assert [(one.sha256, one.by, one.until) for one in seen.accepted] == [
        ("2b" * 32, "bob", "2027-01-31"),
        ("1a" * 32, "ada", ""),
    ]
    assert (seen.accepted_count, seen.when_stale) == (2, "tighten")
