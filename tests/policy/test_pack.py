import pytest
from tests.policy_texts import PERMIT, SETTINGS, policy_of, shipped

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.policies import built_in_files
from weighbridge.policy.pack import is_wanted, read_policy
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.schema import schema_text

FILES = {"policy.yaml": SETTINGS.encode(), "a.cedar": PERMIT.encode()}


def refused(files: dict[str, bytes]) -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        read_policy(files, "mine")
    assert caught.value.hint
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize("pack", BUILT_IN)
def test_shipped_packs_are_right(pack):
    policy = shipped(pack)
    assert policy.title == f"{pack} 1"
    assert all(rule.clause for rule in policy.rules if rule.effect == "forbid")
    assert policy.tests


def test_observe_is_the_default_and_holds_the_rules_of_balanced():
    assert BUILT_IN[0] == "observe"
    assert shipped("observe").settings.mode == "observe"
    assert [rule.parsed for rule in shipped("observe").rules] == [rule.parsed for rule in shipped("balanced").rules]


def test_a_small_policy():
    policy = policy_of(PERMIT)
    assert policy.title == "small 1"
    assert policy.rule("permit-all") is policy.rules[0]
    assert policy.rule("nothing") is None


def test_an_empty_folder():
    error = refused({})
    assert (error.code, error.message) == ("E-policy-empty", "mine holds no policy.")


def test_a_folder_without_settings():
    error = refused({"a.cedar": PERMIT.encode()})
    assert error.code == "E-policy-missing"
    assert "mine has no policy.yaml" in error.message


def test_a_folder_without_rules():
    assert refused({"policy.yaml": SETTINGS.encode()}).code == "E-policy-empty"
    assert refused({"policy.yaml": SETTINGS.encode(), "a.cedar": b"// nothing\n"}).code == "E-policy-empty"


def test_files_are_named_within_their_folder():
    assert refused(FILES | {"b.cedar": b"permit"}).message.startswith("mine/b.cedar:1 ")
    assert refused(FILES | {"policy.yaml": b"a:\n\tb"}).message.startswith("mine/policy.yaml:2 ")


def test_ids_are_unique_over_all_files():
    error = refused(FILES | {"b.cedar": PERMIT.encode()})
    assert "used already" in error.message
    assert "mine/a.cedar:2" in error.hint


def test_a_schema_of_another_version_is_refused():
    assert refused(FILES | {"schema.cedarschema": b"entity Artifact;"}).code == "E-policy-schema"
    read_policy(FILES | {"schema.cedarschema": schema_text().replace("\n", "\r\n").encode()}, "mine")


def test_what_belongs_to_a_policy():
    assert all(map(is_wanted, ("policy.yaml", "a.cedar", "schema.cedarschema", "tests/a.yaml", "tests/b.yml")))
    assert not any(map(is_wanted, ("README.md", "old/a.cedar", "tests/x/a.yaml", "tests/a.txt", "policy.yml")))


@pytest.mark.parametrize("pack", BUILT_IN)
def test_shipped_files_all_belong(pack):
    assert all(map(is_wanted, built_in_files(pack)))
