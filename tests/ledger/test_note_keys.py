import pytest

from weighbridge.ledger.note_keys import PrivateKey, PublicKey


def test_texts_lead_back_to_their_keys() -> None:
    key = PrivateKey("log.example/1", bytes(range(32)))
    again = PrivateKey.parse(key.text + "\n")
    assert again.text == key.text
    assert PublicKey.parse(key.public.text).public == key.public.public
    assert key.text.startswith("PRIVATE+KEY+log.example/1+")
    assert key.public.holds("text", again.sign("text"))
    assert not key.public.holds("text", b"short")
    assert key.public.holds_on(b"\xff", key.sign_bytes(b"\xff"))


@pytest.mark.parametrize(
    "text",
    ["", "name", "a+b+c", "PRIVATE+KEY+x+y+z", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"]
)  # fmt: skip
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    for kind in (PublicKey, PrivateKey):
        with pytest.raises(ValueError) as caught:
            kind.parse(text)
        assert not text or text not in str(caught.value)


def test_a_private_key_with_another_id_is_refused() -> None:
    text = PrivateKey("a", bytes(32)).text.replace("PRIVATE+KEY+a+", "PRIVATE+KEY+b+")
    with pytest.raises(ValueError, match="ID"):
        PrivateKey.parse(text)
    with pytest.raises(ValueError):
        PrivateKey("with space", bytes(32))
