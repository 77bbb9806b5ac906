import re

import pytest
from tests.policy_texts import PERMIT, SETTINGS, forbid, shipped

from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.pack import read_policy
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.policy import Policy
from weighbridge.policy.situation import never_seen, read_situations, try_situations

RULES = PERMIT + forbid('resource.assessment == "review"', head='principal, action == Action::"load", resource')
RULES = RULES.replace("resource)\nwhen", "resource is Artifact)\nwhen")


def policy_with(situations: str | bytes) -> Policy:
    content = situations if isinstance(situations, bytes) else situations.encode()
    files = {"policy.yaml": SETTINGS.encode(), "a.cedar": RULES.encode(), "tests/t.yaml": content}
    return read_policy(files, "small")


def refused(situations: str | bytes) -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        read_situations(policy_with(situations))
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("pack", BUILT_IN)
def test_the_situations_of_shipped_packs_come_out_and_show_both_sides_of_every_rule(pack):
    policy = shipped(pack)
    tried = try_situations(policy, read_situations(policy))
    assert [(item.situation.name, item.problems) for item in tried if item.problems] == []
    assert never_seen(policy, tried) == ([], [])


def test_what_differs_is_said():
    policy = policy_with(
        """
situations:
  - name: right
    given: {assessment: review}
    expect: {decision: deny, rules: [a-rule]}
  - name: wrong
    action: [load, ship]
    expect: {decision: deny, rules: [a-rule], silent: [permit-all]}
"""
    )
    right, load, ship = try_situations(policy, read_situations(policy))
    assert right.problems == ()
    assert load.situation.name == "wrong (load)"
    assert load.situation.line == 6
    assert load.problems == (
        "expected deny, got allow (by permit-all)",
        "rule a-rule was expected to hold and does not",
        "rule permit-all was expected to be silent and holds",
    )
    assert ship.problems == load.problems


def test_rules_that_are_never_seen_at_work():
    policy = policy_with("situations:\n  - {name: n, expect: {decision: allow}}\n")
    assert never_seen(policy, try_situations(policy, read_situations(policy))) == (["a-rule"], [])
    policy = policy_with("situations:\n  - {name: n, given: {assessment: review}, expect: {decision: deny}}\n")
    assert never_seen(policy, try_situations(policy, read_situations(policy))) == ([], ["a-rule"])


def test_records_may_be_dotted_or_nested():
    policy = policy_with(
        """
situations:
  - name: both
    given: {license: {effective: {commercial: unknown}}, license.concluded: mit, digest.status: claimed, checks: [x]}
    principal: {kind: User, id: ann, groups: [a]}
    context: {environment: test, data_kinds: [pii]}
    expect: {decision: allow}
"""
    )
    (situation,) = read_situations(policy)
    assert situation.request.resource["license.effective.commercial"] == "unknown"
    assert situation.request.resource["license.concluded"] == "mit"
    assert situation.request.resource["checks"] == ("x",)
    assert situation.request.principal.id == "ann"
    assert situation.request.principal.attributes["groups"] == ("a",)


@pytest.mark.parametrize(
    ("line", "says", "hint"),
    [
        ("given: {asessment: review}", "unknown attribute `asessment`", "`assessment`"),
        ("given: {license: {efective: {}}}", "unknown attribute `license.efective`", "license."),
        ("given: {assessment: malicous}", "value `malicous`, which it never has", "`malicious`"),
        ("given: {accepted: maybe}", "wrong value for `accepted`", "`true` or `false`"),
        ("given: {size: big}", "wrong value for `size`", "whole number"),
        ("given: {size: true}", "wrong value for `size`", "whole number"),
        ("given: {checks: x}", "wrong value for `checks`", "list of texts"),
        ("given: {checks: [1]}", "wrong value for `checks`", "list of texts"),
        ("given: {name: 1}", "wrong value for `name`", "a text"),
        ("given: {kind: Artefact}", "unknown kind `Artefact`", "`Artifact`"),
        ("given: {kind: Agent}", "unknown kind `Agent`", "Artifact"),
        ("given: {kind: Host}", "cannot load a Host", "connect"),
        ("principal: {kind: Usr}", "unknown kind `Usr`", "`User`"),
        ("principal: {kind: User, grups: [a]}", "unknown attribute `grups`", "`groups`"),
        ("context: {environment: prod}", "value `prod`", "`production`"),
        ("action: lod", "unknown action `lod`", "`load`"),
        ("gven: {}", "unknown key `gven`", "`given`"),
        ("expect: {decision: dney}", "wrong value", "`deny`"),
        ("expect: {decision: deny, rules: [a-rul]}", "unknown rule `a-rul`", "`a-rule`"),
    ],
)
def test_what_is_misspelt_is_refused_with_line_and_nearest_name(line, says, hint):
    expect = "" if line.startswith("expect") else "    expect: {decision: allow}\n"
    error = refused(f"situations:\n  - name: n\n    {line}\n{expect}")
    assert re.match(r"small/tests/t.yaml:[23] ", error.message), error.message
    assert says in error.message
    assert hint in error.hint


def test_files_that_are_no_situations():
    assert "holds no situations" in refused("").message
    assert "unknown key" in refused("situatons: []\n").message
    assert refused(b"\xff").code == "E-policy-yaml"
    assert "lacks the key `expect`" in refused("situations:\n  - name: n\n").message
