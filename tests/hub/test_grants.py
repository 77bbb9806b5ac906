"""Rights in namespaces: without grants for reading one is open."""

from weighbridge.fleet.store import Store
from weighbridge.hub import grants


def test_rights_are_given_once_and_taken_away(store: Store) -> None:
    def job(c):
        grants.give(c, 10, "Acme", "a1", grants.READ, by="grace")
        grants.give(c, 20, "acme", "a1", grants.READ, by="eve")
        grants.give(c, 30, "acme", "a2", grants.REVIEW, by="grace")
        found = grants.of_namespace(c, "ACME")
        taken = [grants.take(c, "ACME", "a1", grants.READ) for _ in range(2)]
        return found, taken, grants.every(c)

    found, taken, left = store.write_now(job)
    assert [(one.account_id, one.right, one.granted_by) for one in found] == [
        ("a1", "read", "grace"),
        ("a2", "review", "grace"),
    ]
    assert taken == [True, False]
    assert [one.account_id for one in left] == ["a2"]


def test_a_namespace_is_closed_by_a_grant_for_reading_alone(store: Store) -> None:
    def job(c):
        grants.give(c, 10, "one", "a1", grants.READ, by="grace")
        grants.give(c, 10, "two", "a1", grants.PUBLISH, by="grace")
        return grants.closed_namespaces(c), [one.namespace for one in grants.of_account(c, "a1")]

    assert store.write_now(job) == ({"one"}, ["one", "two"])
