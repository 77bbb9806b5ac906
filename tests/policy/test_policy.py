from tests.policy_texts import PERMIT, forbid, policy_of


def test_a_policy_is_called_by_name_and_version_and_knows_its_rules():
    policy = policy_of(PERMIT, forbid("resource.size > 3"))
    assert policy.title == "small 1"
    assert [rule.id for rule in policy.rules] == ["permit-all", "a-rule"]
    assert policy.rule("a-rule") is policy.rules[1]
    assert policy.rule("another") is None


def test_permissions_are_kept_apart():
    policy = policy_of(PERMIT, forbid("resource.size > 3"))
    assert (len(policy.engine), len(policy.permits)) == (2, 1)
