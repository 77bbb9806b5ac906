"""`wb ledger verify PACK`."""

import json

import msgspec
import pytest
from tests.cli_runs import wb
from tests.ledger.packs import FILES, KEY, head, pack

from weighbridge.ledger.pack import HEADS, Heads
from weighbridge.ledger.pack_zip import unzipped


@pytest.fixture
def packed(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    path = tmp_path / "pack.zip"
    path.write_bytes(pack(title="Board page", coverage="covers 3 of 4 endpoints"))
    (tmp_path / "server.key").write_text(KEY.public.text + "\n")
    return path


def test_a_pack_holds_under_its_key(packed, tmp_path):
    code, out, _ = wb("ledger", "verify", str(packed), "--key", str(tmp_path / "server.key"))
    assert code == 0
    assert out.startswith("✓ the pack holds: 4 files, every one as it was signed\n")
    assert f"signed by {KEY.name}" in out
    assert "states itself" not in out
    assert "covers 3 of 4 endpoints" in out
    assert "1 ledger signed by their endpoints" in out
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(("more", "said"), [({"ledgers": 12_345}, "1 of 12,345 ledgers"), ({}, "1 ledger")])
def test_heads_that_were_left_out_are_said_without_the_server(packed, tmp_path, more, said):
    cut = msgspec.json.encode(Heads(heads=[head()], complete=False, **more))
    packed.write_bytes(pack({HEADS: cut, **FILES}))
    code, out, _ = wb("ledger", "verify", str(packed), "--key", KEY.public.text)
    assert (code, f"! these are {said}; of the others it has no head" in out) == (0, True), out
    _, out, _ = wb("ledger", "verify", str(packed), "--key", KEY.public.text, "--format", "json")
    found = json.loads(out)
    assert (found["heads_are_cut"], found["ledgers"]) == (True, more.get("ledgers", 1))


def test_without_a_key_it_says_that_the_key_is_its_own(packed):
    code, out, _ = wb("ledger", "verify", str(packed))
    assert code == 0
    assert "the key that the pack states itself" in out
    assert KEY.public.text in out


@pytest.mark.parametrize("at", [20, 400, -400, -30, -1])
def test_a_changed_bit_is_refused(packed, tmp_path, at):
    changed = bytearray(packed.read_bytes())
    changed[at] ^= 4
    packed.write_bytes(changed)
    code, out, err = wb("ledger", "verify", str(packed), "--key", KEY.public.text)
    assert code == 30, (out, err)
    assert out.startswith("✗ the pack does not hold\n")


def test_a_beginning_that_was_changed_is_refused_too(packed):
    for at in range(43):
        changed = bytearray(packed.read_bytes())
        changed[at] ^= 1
        (packed.parent / "changed.zip").write_bytes(changed)
        code, _, _ = wb("ledger", "verify", str(packed.parent / "changed.zip"), "--key", KEY.public.text)
        assert code == 30, at


def test_another_key_is_not_trusted(packed):
    other = KEY.public.text.replace("evidence/test", "evidence/else")
    assert wb("ledger", "verify", str(packed), "--key", other)[0] == 2
    code, out, _ = wb("ledger", "verify", str(packed), "--key", _other())
    assert (code, "nobody who is trusted here" in out) == (30, True)


def _other():
    from weighbridge.ledger.note_keys import PrivateKey

    return PrivateKey(KEY.name, b"o" * 32).public.text


def test_for_programs_it_is_json(packed):
    code, out, _ = wb("ledger", "verify", str(packed), "--key", KEY.public.text, "--format", "json")
    found = json.loads(out)
    assert (code, found["holds"], found["signed_by"], found["problems"]) == (0, True, [KEY.name], [])
    assert found["manifest"]["title"] == "Board page"
    packed.write_bytes(packed.read_bytes() + b"more")
    code, out, _ = wb("ledger", "verify", str(packed), "--format", "json")
    assert (code, json.loads(out)["holds"]) == (30, False)


def test_an_unpacked_pack_is_checked_file_by_file(packed, tmp_path):
    folder = tmp_path / "unpacked"
    for name, content in unzipped(packed.read_bytes()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert wb("ledger", "verify", str(folder), "--key", KEY.public.text)[0] == 0
    (folder / "rows" / "extra.csv").write_text("x")
    code, out, _ = wb("ledger", "verify", str(folder), "--key", KEY.public.text)
    assert (code, "rows/extra.csv was added" in out) == (30, True)


def test_what_a_pack_says_cannot_reach_the_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    (tmp_path / "pack.zip").write_bytes(pack(title="a\x1b[31m\u202e", coverage="\x07" + "x" * 3000))
    code, out, _ = wb("ledger", "verify", str(tmp_path / "pack.zip"))
    assert code == 0
    assert not {"\x1b", "\u202e", "\x07"} & set(out)


def test_there_is_nothing_to_compare_a_checkpoint_with(packed):
    code, _, err = wb("ledger", "verify", str(packed), "--against", "kept")
    assert (code, "E-usage" in err) == (2, True)
