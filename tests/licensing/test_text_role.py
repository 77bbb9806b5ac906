import pytest

from weighbridge.licensing.text_role import TextRole, role_of, title
from weighbridge.model.license import LicenseText


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("LICENSE beside the file", TextRole.MODEL),
        ("LICENSE.md at the root of the repository", TextRole.MODEL),
        ("LICENSE-MODEL beside the file", TextRole.WEIGHTS),
        ("LICENSE-CODE beside the file", TextRole.CODE),
        ("license_code.txt beside the file", TextRole.CODE),
        ("LICENSE-3RD-PARTY beside the file", TextRole.CODE),
        ("USE_POLICY.md beside the file", TextRole.POLICY),
        ("USAGE-POLICY beside the file", TextRole.POLICY),
        ("Acceptable Use Policy.md beside the file", TextRole.POLICY),
        ("PROHIBITED_USES.md beside the file", TextRole.POLICY),
        ("use_restrictions.txt beside the file", TextRole.POLICY),
        ("AUP.md beside the file", TextRole.POLICY),
        ("Terms of Use.md beside the file", TextRole.MODEL),
        ("WEIGHTS_LICENSE beside the file", TextRole.WEIGHTS),
        ("NOTICE beside the file", TextRole.NOTICE),
        ("Ollama license layer sha256:0123", TextRole.MODEL),
    ],
)
def test_by_name(source, role):
    assert role_of(LicenseText(source=source, text="some words")) is role


def test_a_use_policy_in_a_store_is_known_by_its_title():
    layer = LicenseText(source="Ollama license layer sha256:0", text="\n# Llama 3.1 Acceptable Use Policy\n\nMeta is")
    assert role_of(layer) is TextRole.POLICY
    own = LicenseText(
        source="Ollama license layer sha256:0", text="LICENSE\n\nYou must follow the Acceptable Use Policy."
    )
    assert role_of(own) is TextRole.MODEL


def test_title_is_the_first_line_that_says_something():
    assert title("\n\n  # MIT License #\n text") == "MIT License"
    assert title(" \n---\n") == "license text without a title"
