from tests.fleet.policy_people import found, publish

from weighbridge.fleet.policy_files import content_of


def test_metadata_and_policies_have_names_and_nothing_else_has(store):
    store.write_now(found)
    done = store.write_now(publish)

    def read(name):
        return store.read_now(lambda connection: content_of(connection, name))

    assert len(read(f"{done.sha256}.policy-1.json")) == done.length
    assert read("1.root.json")
    assert read("timestamp.json")
    for name in (
        "root.json",
        "9.root.json",
        "targets.json",
        f"{done.sha256}.policy-2.json",
        "policy-1.json",
        "",
        "../x",
    ):
        assert read(name) is None, name
