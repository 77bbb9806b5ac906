"""What an approval may say."""

import pytest

from weighbridge.hub.approval import LONGEST, Approval, checked, in_order
from weighbridge.model.errors import WeighbridgeError


def test_an_approval_is_kept_without_what_is_around_it() -> None:
    said = Approval(guidance=" For drafts.\n", data_classes=("internal", "public"), owner=" ai-team ", version=" 1.2 ")
    kept = checked(said)
    assert (kept.guidance, kept.owner, kept.version) == ("For drafts.", "ai-team", "1.2")
    assert kept.data_classes == ("public", "internal")
    assert checked(kept) == kept


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"data_classes": ("internal", "unknown")}, "no data class"),
        ({"data_classes": ("secret",)}, "no data class"),
        ({"days": 0}, "0 days"),
        ({"days": LONGEST + 1}, f"{LONGEST + 1} days"),
        ({"guidance": "x" * 4_001}, "too long"),
        ({"owner": "x" * 129}, "too long"),
        ({"version": "1\n2"}, "cannot be shown"),
    ],
)
def test_what_no_approval_says_is_refused(wrong, said: str) -> None:
    with pytest.raises(WeighbridgeError, match=said) as refused:
        checked(Approval(**wrong))
    assert refused.value.code == "E-approval"
    assert refused.value.hint


def test_data_classes_stand_in_one_order_each_once() -> None:
    assert in_order(["restricted", "public", "restricted", "no such"]) == ("public", "restricted")
