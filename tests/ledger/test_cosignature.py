import pytest

from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.cosignature import CosignerKey, EdCosigner, MlDsaCosigner, cosigned_at
from weighbridge.ledger.note import Note, verified

TEXT = Checkpoint("log.example", 5, bytes(32)).text


def cosigner(kind: str) -> EdCosigner | MlDsaCosigner:
    if kind == "ed25519":
        return EdCosigner("w.example", bytes(32))
    try:
        return MlDsaCosigner("w.example", bytes(32))
    except ValueError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("kind", "length"), [("ed25519", 72), ("ml-dsa", 2428)])
def test_a_cosignature_holds_for_its_text_and_time_only(kind: str, length: int) -> None:
    key = cosigner(kind)
    signature = key.cosign(TEXT, 1_700_000_000)
    trusted = CosignerKey(key.text)
    assert (signature.key_id, len(signature.content)) == (trusted.key_id, length)
    assert cosigned_at(signature.content) == 1_700_000_000
    assert verified(Note(TEXT, (signature,)), [trusted]) == (trusted,)
    assert not trusted.holds(TEXT.replace("5", "6"), signature.content)
    assert not trusted.holds(TEXT, (1_700_000_001).to_bytes(8, "big") + signature.content[8:])
    assert not trusted.holds("no checkpoint\n", signature.content)
    assert not trusted.holds(TEXT, b"")
    assert not trusted.holds(TEXT, b"\xff" * 72)


def test_the_message_of_ed25519_is_the_one_of_the_specification() -> None:
    from weighbridge.ledger.note_keys import PrivateKey

    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    signature = EdCosigner("w.example", b"s" * 32).cosign(text, 1679315147)
    message = "cosignature/v1\ntime 1679315147\n" + text
    assert PrivateKey("any", b"s" * 32).public.holds(message, signature.content[8:])


def test_the_two_kinds_have_different_ids() -> None:
    key = EdCosigner("w.example", bytes(32))
    assert key.text.startswith(f"w.example+{key.key_id.hex()}+B")
    with pytest.raises(ValueError, match="witness"):
        CosignerKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
