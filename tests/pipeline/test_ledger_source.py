import os
from pathlib import Path

import pytest

from weighbridge.host.real import RealMachine
from weighbridge.host.zip_folder import write_zip
from weighbridge.ledger.cosignature import CosignerKey, EdCosigner
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_source import ledger_at, verifier

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_the_key_that_lies_with_a_ledger_is_found(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    assert ledger_at(RealMachine(), os.fsencode(tmp_path))[1] == KEY
    write_zip(os.fsencode(tmp_path / "pack.zip"), [("key", KEY.encode())])
    assert ledger_at(RealMachine(), os.fsencode(tmp_path / "pack.zip"))[1] == KEY
    (tmp_path / "key").write_bytes(b"\xff")
    assert ledger_at(RealMachine(), os.fsencode(tmp_path))[1] is None


def test_keys_of_logs_and_of_witnesses_are_told_apart() -> None:
    assert isinstance(verifier(KEY), PublicKey)
    assert isinstance(verifier(EdCosigner("w.example", bytes(32)).text), CosignerKey)
    with pytest.raises(WeighbridgeError) as caught:
        verifier("nonsense")
    assert caught.value.code == "E-ledger-key"
