"""What the server hands out, asked for by an endpoint as endpoints ask."""

import pytest
from tests.fleet.policy_people import AT, found, publish
from tests.sync.policy_server import NOW, days, person

from weighbridge.fleet import policy_repository, policy_versions
from weighbridge.fleet.policy_files import content_of
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature, described, new_root
from weighbridge.sync.policy_updates import ROOT, TIMESTAMP, Refreshed, refresh

DAY = 86_400_000


def endpoint(store, held, now=NOW) -> Refreshed:
    """Let an endpoint talk to what the server has."""
    asking = refresh(held, now)
    try:
        wanted = next(asking)
        while True:
            name = wanted.name
            wanted = asking.send(store.read_now(lambda connection, name=name: content_of(connection, name)))
    except StopIteration as ended:
        return ended.value


def test_an_endpoint_believes_what_the_server_hands_out(store):
    root = store.write_now(found)
    store.write_now(publish)
    seen = endpoint(store, {ROOT: root})
    assert (seen.code, [one.title for one in seen.policies]) == ("", ["balanced 1"])
    store.write_now(lambda connection: publish(connection, 2))
    later = endpoint(store, {ROOT: root} | seen.keep)
    assert [one.number for one in later.policies] == [1, 2]


def test_the_server_says_anew_each_day_that_this_is_the_newest(store):
    root = store.write_now(found)
    assert not store.write_now(lambda connection: policy_repository.renew_if_old(connection, AT))
    store.write_now(publish)
    held = {ROOT: root} | endpoint(store, {ROOT: root}).keep
    assert not store.write_now(lambda connection: policy_repository.renew_if_old(connection, AT + DAY - 1))
    assert endpoint(store, held, NOW + days(8)).code == "expired"
    for day in range(1, 10):
        assert store.write_now(lambda connection, day=day: policy_repository.renew_if_old(connection, AT + day * DAY))
    assert endpoint(store, held, NOW + days(10)).code == ""
    names = store.read_now(
        lambda connection: [one for one in range(1, 20) if policy_repository.file(connection, f"{one}.snapshot.json")]
    )
    assert names == [7, 8, 9, 10], "endpoints that read an older timestamp a moment ago still find theirs"


def test_a_root_that_too_few_signed_is_not_taken(store):
    def job(connection):
        online = policy_repository.online_key(connection).public_key()
        root = new_root([person(0).public_key(), person(1).public_key()], 2, online, NOW)
        policy_repository.add_root(connection, AT, add_signature(root, person(0)))

    with pytest.raises(WeighbridgeError, match="1 more person"):
        store.write_now(job)
    assert store.read_now(policy_repository.root) is None


def test_a_root_for_another_server_is_not_taken(store):
    root = new_root([person(0).public_key()], 1, person_online(), NOW)
    with pytest.raises(WeighbridgeError, match="another key for the server"):
        store.write_now(lambda connection: policy_repository.add_root(connection, AT, add_signature(root, person(0))))


def person_online():
    from tests.sync.policy_server import online

    return online(9).public_key()


def next_root(connection, people, threshold=2):
    online = policy_repository.online_key(connection).public_key()
    return new_root([person(number).public_key() for number in people], threshold, online, NOW, 2)


def test_people_come_and_go(store):
    first = store.write_now(found)
    store.write_now(publish)

    def job(connection):
        root = next_root(connection, (0, 1, 2))
        for number in (0, 1):
            root = add_signature(root, person(number))
        return policy_repository.add_root(connection, AT, root)

    assert store.write_now(job) == "root 2: 2 of 3 for keys, 2 of 3 for policies"
    store.write_now(lambda connection: publish(connection, 2, people=(1, 2)))
    seen = endpoint(store, {ROOT: first})
    assert (seen.code, [one.number for one in seen.policies]) == ("", [1, 2])


def test_people_who_signed_what_is_in_force_are_not_all_dropped_at_once(store):
    store.write_now(found)
    store.write_now(publish)

    def job(connection):
        root = next_root(connection, (5, 6))
        for number in (0, 1, 5, 6):
            root = add_signature(root, person(number))
        policy_repository.add_root(connection, AT, root)

    with pytest.raises(WeighbridgeError, match="would not count any more"):
        store.write_now(job)


def test_a_list_comes_once_and_in_its_turn(store):
    store.write_now(found)
    store.write_now(publish)
    again = store.read_now(policy_repository.targets)
    with pytest.raises(WeighbridgeError, match="targets 2 come next"):
        store.write_now(lambda connection: policy_repository.add_targets(connection, AT, again))
    root = store.read_now(policy_repository.root)
    with pytest.raises(WeighbridgeError, match="this is root 1"):
        store.write_now(lambda connection: policy_repository.add_targets(connection, AT, root))
    with pytest.raises(WeighbridgeError, match="root 2 comes next"):
        store.write_now(lambda connection: policy_repository.add_root(connection, AT, root))


def test_policies_need_a_root_first(store):
    def job(connection):
        policy_versions.upload(connection, AT, "ada", files())
        return policy_repository.add_targets(connection, AT, policy_versions.to_sign(connection, 1, AT))

    from tests.sync.policy_server import policy_files as files

    with pytest.raises(WeighbridgeError, match="nobody was named yet"):
        store.write_now(job)


def test_nothing_else_is_handed_out(store):
    store.write_now(found)
    store.write_now(publish)
    store.write_now(lambda connection: policy_versions.upload(connection, AT, "ada", draft()))
    sha256 = store.read_now(lambda connection: policy_versions.version(connection, 2)).sha256
    read = lambda name: store.read_now(lambda connection: content_of(connection, name))  # noqa: E731
    assert described(read("1.root.json")).kind == "root"
    assert read(TIMESTAMP) is not None
    for name in (
        "root.json",
        "online",
        "policy-1.json",
        f"{sha256}.policy-2.json",
        f"{'0' * 64}.policy-1.json",
        "../x",
    ):
        assert read(name) is None, name


def draft():
    from tests.sync.policy_server import policy_files

    return policy_files(2)
