import pytest

from weighbridge.formats.license_names import is_license_folder, is_license_name


@pytest.mark.parametrize(
    "name",
    [
        "LICENSE",
        "License.txt",
        "LICENCE.md",
        "LICENSE-MODEL",
        "LICENSE.json",
        ".LICENSE",
        ".license.md",
        "LICENSE.gz",
        "LICENSE.2",
        "LICENSE.pdf",
        "NOTICE",
        "COPYING.LESSER",
        "MODEL_LICENSE",
        "model-license.md",
        "Weights License.txt",
        "THIRD_PARTY_LICENSES.txt",
        "TERMS.md",
        "Terms of Use.md",
        "EULA.txt",
        "AGREEMENT.txt",
        "NON-COMMERCIAL.txt",
        "USE_POLICY.md",
        "USAGE_POLICY",
        "Acceptable Use Policy.md",
        "PROHIBITED_USES.md",
        "use_restrictions.txt",
        "AUP.md",
        "L\u0456CENSE",
        "\uff2c\uff29\uff23\uff25\uff2e\uff33\uff25",
    ],
)
def test_names_that_state_terms(name: str) -> None:
    assert is_license_name(name.encode())


@pytest.mark.parametrize(
    "name",
    [
        "license.py",
        "licenses.json",
        "model.gguf",
        "sublicense",
        "license_check.py",
        "license_plate.txt",
        "users.txt",
        "how_to_use.md",
        "use_cases.md",
        "policy.md",
        "terminology.txt",
        "user_guide.pdf",
        "model-license.gguf",
        "terms_frequency.txt",
        "commercial.txt",
        "license" * 40,
    ],
)
def test_other_names(name: str) -> None:
    assert not is_license_name(name.encode())


def test_names_that_are_no_text() -> None:
    assert not is_license_name(b"\xff\xfe\x00")
    assert is_license_name(b"license.\xff")


def test_folders() -> None:
    assert is_license_folder(b"LICENSES")
    assert is_license_folder(b"Licence")
    assert not is_license_folder(b"docs")
