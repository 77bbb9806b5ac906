"""What policy approves alone: nothing that has a single reason against it, and all reasons are said at once."""

import msgspec
import pytest

from weighbridge.hub.automatic import automatic
from weighbridge.hub.weighing import Gap, Weighing

DIGEST = "ab" * 32
CLEAN = Weighing(
    assessment="clean",
    decision="allow",
    remedy="",
    rules=(),
    policy="observe 1 (observe)",
    formats=("safetensors",),
    code_formats=(),
    licenses=("apache-2.0",),
    commercial="allowed",
    permissive=True,
    obligations=(),
    lineage=(),
    findings=0,
    unexamined=(),
    loose=(),
    weights=(DIGEST,),
    interrupted=False,
)


def test_what_is_clean_permissive_and_safe_is_approved_with_reasons() -> None:
    alone, reasons = automatic(CLEAN, allowed=True)
    assert alone
    assert [word for word in ("safetensors", "apache-2.0", "observe 1") if word not in " ".join(reasons)] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weights": ()}, "No model was found"),
        ({"assessment": "review", "findings": 2}, "`review`: 2 findings"),
        ({"code_formats": ("pytorch",)}, "can carry code: pytorch"),
        ({"unexamined": (Gap(path="a.bin", reason="too large"),)}, "a.bin"),
        ({"interrupted": True}, "interrupted"),
        ({"loose": ("a", "b", "c", "d", "e")}, "a, b, c and 2 more"),
        ({"permissive": False, "licenses": ("",)}, "none that could be concluded"),
        ({"decision": "deny", "rules": ("no-pickles",), "remedy": "Convert it."}, "no-pickles. Convert it."),
        ({"decision": ""}, "no verdict"),
    ],
)
def test_one_reason_against_it_is_enough(changed, said: str) -> None:
    alone, reasons = automatic(msgspec.structs.replace(CLEAN, **changed), allowed=True)
    assert not alone
    assert len(reasons) == 1
    assert said in reasons[0]


def test_revoked_digests_and_hubs_without_automatic_approval_need_a_person() -> None:
    assert automatic(CLEAN, allowed=True, revoked={DIGEST})[1] == (f"It holds what was revoked: {DIGEST[:12]}.",)
    alone, reasons = automatic(msgspec.structs.replace(CLEAN, assessment="hostile"), allowed=False)
    assert not alone
    assert len(reasons) == 2
