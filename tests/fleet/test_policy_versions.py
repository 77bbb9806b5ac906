import pytest
from tests.fleet.policy_people import AT, found, publish
from tests.sync.policy_server import person, policy_files

from weighbridge.fleet import policy_versions
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature

MALICIOUS = b"situations:\n- name: x\n  given: {assessment: malicious}\n  expect: {decision: allow}\n"


def upload(store, version=1, files=None, **more):
    given = policy_files(version) if files is None else files
    return store.write_now(lambda connection: policy_versions.upload(connection, AT, "ada", given, **more))


def test_an_upload_is_checked_tried_and_numbered(store):
    one, two = upload(store), upload(store, 2, note="for the lab")
    assert (one.number, one.title, one.mode, one.published_at) == (1, "balanced 1", "enforce", None)
    assert one.rules > 10
    assert one.situations > 10
    assert (two.number, two.note) == (2, "for the lab")
    assert [one.number for one in store.read_now(policy_versions.versions)] == [2, 1]
    assert store.read_now(lambda connection: policy_versions.files(connection, 2)) == policy_files(2)
    assert store.read_now(policy_versions.in_force) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"policy.yaml": b"name: [x"}, "E-policy-yaml"),
        ({"policy.yaml": b"name: x\n"}, "E-policy-settings"),
        ({"rules.cedar": b"permit ("}, "E-policy-syntax"),
        ({"tests/more.yaml": b"situations: 7"}, "E-policy-situation"),
        ({"tests/more.yaml": MALICIOUS}, "E-policy-test"),
    ],
)
def test_what_is_not_right_is_not_kept(store, change, code):
    with pytest.raises(WeighbridgeError) as caught:
        upload(store, files=policy_files() | change)
    assert caught.value.code in (code, "E-policy-settings" if code == "E-policy-situation" else code)
    assert store.read_now(policy_versions.versions) == []


def test_a_policy_without_situations_is_not_kept(store):
    untested = {path: content for path, content in policy_files().items() if not path.startswith("tests/")}
    with pytest.raises(WeighbridgeError) as caught:
        upload(store, files=untested)
    assert caught.value.code == "E-policy-untested"


def test_what_differs_is_said_against_what_is_in_force(store):
    store.write_now(found)
    store.write_now(publish)
    softer = policy_files(2)
    softer["policy.yaml"] = softer["policy.yaml"].replace(b"mode: enforce", b"mode: observe")
    without = {path: content for path, content in softer.items() if not path.startswith("tests/")}
    without["tests/few.yaml"] = b"situations:\n- name: fine\n  expect: {decision: allow}\n"
    upload(store, files=without)
    seen = store.read_now(lambda connection: policy_versions.changes(connection, 2))
    assert seen.newly_allowed
    assert not seen.newly_denied
    assert store.read_now(lambda connection: policy_versions.changes(connection, 1)).cells == ()


def test_published_is_what_enough_people_signed(store):
    store.write_now(found)
    upload(store)
    text = store.read_now(lambda connection: policy_versions.to_sign(connection, 1, AT))
    with pytest.raises(WeighbridgeError, match="2 more people"):
        store.write_now(lambda connection: policy_versions.publish(connection, AT, "ada", text))
    one = add_signature(text, person(0))
    with pytest.raises(WeighbridgeError, match="1 more person"):
        store.write_now(lambda connection: policy_versions.publish(connection, AT, "ada", one))
    both = add_signature(one, person(1))
    done = store.write_now(lambda connection: policy_versions.publish(connection, AT, "ada", both))
    assert (done.number, done.published_at, done.published_by) == (1, AT, "ada")
    assert store.read_now(policy_versions.in_force) == 1
    with pytest.raises(WeighbridgeError, match="0 policies that are newer"):
        store.write_now(lambda connection: policy_versions.publish(connection, AT, "ada", both))
    with pytest.raises(WeighbridgeError, match="is published"):
        store.read_now(lambda connection: policy_versions.to_sign(connection, 1, AT))


def test_going_back_is_a_higher_number(store):
    store.write_now(found)
    for version in (1, 2):
        store.write_now(lambda connection, version=version: publish(connection, version))
    before = store.read_now(lambda connection: policy_versions.files(connection, 1))
    back = upload(store, files=before, again_of=1)
    assert (back.number, back.title, back.again_of) == (3, "balanced 1", 1)


def test_a_list_of_another_server_is_not_published(store):
    store.write_now(found)
    upload(store, 1)
    from tests.sync.policy_server import NOW

    from weighbridge.sync.policy_bundle import packed
    from weighbridge.sync.policy_metadata import new_targets

    text = new_targets(1, [(1, "other", packed(1, policy_files(9)))], NOW)
    for number in (0, 1):
        text = add_signature(text, person(number))
    with pytest.raises(WeighbridgeError, match="not the one that was uploaded here"):
        store.write_now(lambda connection: policy_versions.publish(connection, AT, "ada", text))
    for reading in (policy_versions.version, policy_versions.files, policy_versions.changes):
        with pytest.raises(WeighbridgeError, match="there is no policy 7"):
            store.read_now(lambda connection, reading=reading: reading(connection, 7))
