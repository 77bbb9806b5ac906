"""A page of Python that shares no line with Weighbridge accepts our packs and refuses what was changed in them."""

import subprocess
import sys
from random import Random

import pytest
from tests.house.files import ROOT
from tests.ledger.packs import FILES, KEY, pack
from tests.ledger.test_third_party import pytestmark  # noqa: F401  (where there is no OpenSSL 3)

from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.pack import MANIFEST, manifest_of
from weighbridge.ledger.pack_zip import unzipped, zipped


def check(folder, content: bytes, key: PrivateKey = KEY) -> tuple[int, str]:
    (folder / "server.key").write_text(key.public.text + "\n")
    (folder / "pack.zip").write_bytes(content)
    program = [sys.executable, "-I", ROOT / "examples/check_pack.py", folder / "pack.zip", folder / "server.key"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_it_accepts_what_we_make(tmp_path):
    code, said = check(tmp_path, pack(title="Board page", coverage="Covers 3 of 4."))
    assert (code, said.splitlines()) == (
        0,
        [
            f"{len(FILES) + 1} files, every one as {KEY.name} signed it: Board page, made 2026-11-21T12:00:00Z",
            "x: Covers 3 of 4.",
        ],
    )


def test_it_refuses_another_key(tmp_path):
    code, said = check(tmp_path, pack(), PrivateKey(KEY.name, b"o" * 32))
    assert (code, said) == (1, "the manifest is not signed with this key\n")


@pytest.mark.parametrize("seed", range(24))
def test_it_refuses_a_changed_bit_wherever_it_is(tmp_path, seed):
    whole = bytearray(pack())
    at = Random(seed).randrange(len(whole))
    whole[at] ^= 1 << seed % 8
    assert check(tmp_path, bytes(whole))[0] == 1, at


def test_it_refuses_another_order_and_other_signatures(tmp_path):
    files = unzipped(pack())
    turned = {name: files[name] for name in (MANIFEST, *reversed(files))}
    assert "another order" in check(tmp_path, zipped(turned))[1]
    note, _ = manifest_of(files[MANIFEST])
    twice = bytes(signed(note.text, KEY, PrivateKey("other.example", b"o" * 32)))
    assert "other signatures" in check(tmp_path, zipped(files | {MANIFEST: twice}))[1]


def test_it_refuses_what_was_added(tmp_path):
    for changed in (pack() + b"\0", pack()[:-1], b"\0" + pack(), pack({**FILES})[:-22] + pack({**FILES})):
        assert check(tmp_path, changed)[0] == 1
