"""What the how-to page shows works as it stands there."""

import re
from pathlib import Path

from tests.policy_texts import PERMIT, SETTINGS

from weighbridge.policy.pack import read_policy
from weighbridge.policy.situation import never_seen, read_situations, try_situations

PAGE = (Path(__file__).parent.parent.parent / "docs/howto/write-a-policy.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_rule_the_acceptance_and_the_situations_of_the_page_fit_together():
    (rule,) = fences("cedar")
    accepted, situations = fences("yaml")
    files = {
        "policy.yaml": (SETTINGS + accepted).encode(),
        "rules.cedar": (rule + PERMIT).encode(),
        "tests/page.yaml": situations.encode(),
    }
    policy = read_policy(files, "page")
    tried = try_situations(policy, read_situations(policy))
    assert [item.problems for item in tried] == [(), (), ()]
    assert never_seen(policy, tried) == ([], [])
    assert policy.settings.accepted[0].until is not None
