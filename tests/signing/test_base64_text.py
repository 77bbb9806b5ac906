import pytest

from weighbridge.signing.base64_text import decoded, encoded


def test_there_and_back() -> None:
    for content in (b"", b"a", b"ab", b"abc", bytes(range(256))):
        assert decoded(encoded(content)) == content


@pytest.mark.parametrize("text", ["YQ", "YR==", "YQ==\n", "Y Q==", "YQ==YQ==", "*", "é", None, 3])
def test_only_the_canonical_spelling_is_read(text: object) -> None:
    with pytest.raises(ValueError, match="is n"):
        decoded(text)
