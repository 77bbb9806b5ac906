import hashlib

from weighbridge.formats.license_text import READER, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

TEXT = b"\n   # Example License 2.0\n\nYou may.\n"


def test_digest_and_title():
    facts = {fact.name: fact.value for fact in READER.read(BytesSource(TEXT, b"LICENSE"), Budget()).facts}

    assert facts == {"license.text.sha256": hashlib.sha256(TEXT).hexdigest(), "license.text": "Example License 2.0"}


def test_it_is_never_found_by_content():
    assert READER.could_be is None
    assert READER.signatures == ()
    assert recognize(BytesSource(TEXT, b"LICENSE"), TEXT)
    assert not recognize(BytesSource(TEXT, b"other.txt"), TEXT)
