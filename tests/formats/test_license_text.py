import hashlib

import pytest

from weighbridge.formats.license_text import READER, is_license_name, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

TEXT = b"\n   # Example License 2.0\n\nYou may.\n"


@pytest.mark.parametrize(
    "name", [b"LICENSE", b"License.txt", b"LICENCE.md", b"LICENSE-MODEL", b"NOTICE", b"USE_POLICY.md"]
)
def test_names(name):
    assert is_license_name(name)


@pytest.mark.parametrize("name", [b"license.py", b"licenses.json", b"model.gguf", b"sublicense", b"license_check.py"])
def test_other_names(name):
    assert not is_license_name(name)


def test_digest_and_title():
    facts = {fact.name: fact.value for fact in READER.read(BytesSource(TEXT, b"LICENSE"), Budget()).facts}

    assert facts == {"license.text.sha256": hashlib.sha256(TEXT).hexdigest(), "license.text": "Example License 2.0"}


def test_it_is_never_found_by_content():
    assert READER.could_be is None
    assert READER.signatures == ()
    assert recognize(BytesSource(TEXT, b"LICENSE"), TEXT)
    assert not recognize(BytesSource(TEXT, b"other.txt"), TEXT)
