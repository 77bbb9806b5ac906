"""`wb ledger` from the outside: what a person types, sees, and exits with."""

import json
import os
from pathlib import Path

import pytest
from tests.cli_runs import wb

from weighbridge.host.real import RealMachine
from weighbridge.ledger.tiles import bundle, entries_of
from weighbridge.pipeline.ledger_open import open_ledger


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def recorded(state: Path) -> Path:
    """A ledger of 303 records: start, 300 sightings, one artifact, stop."""
    with open_ledger(RealMachine()) as recorder:
        recorder.record_all([("sighting", {"path": f"/models/{number}.gguf"}) for number in range(300)])
        recorder.record("artifact", {"artifact": "ab" * 32, "format": "gguf", "license": "mit\x1b[31m"})
    return state


def edit(state: Path, index: int) -> None:
    name = "001.p/47" if index >= 256 else "000"
    path = state / "ledger" / "tile" / "entries" / name
    entries = entries_of(path.read_bytes())
    entries[index % 256] = entries[index % 256].replace(b"/models/", b"/hidden/")
    path.write_bytes(bundle(entries))


def test_nothing_recorded_is_said_and_makes_nothing(state: Path) -> None:
    for arguments in (("show",), ("verify",), ("checkpoint",), ("prove", "0"), ("export", str(state / "x"))):
        code, out, err = wb("ledger", *arguments)
        assert (code, out) == (3, "")
        assert "E-ledger-empty" in err
    assert not state.exists()


def test_help_lists_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert wb("ledger", "--help")[0] == 0
    out = capsys.readouterr().out
    assert all(
        f"  {name}" in out for name in ("checkpoint", "export", "prove", "rebuild", "rotate-key", "show", "verify")
    )


def test_show_tells_the_last_records(recorded: Path) -> None:
    code, out, err = wb("ledger", "show", "--last", "3")
    assert code == 0
    kinds = [line.split()[2] for line in out.splitlines()[1:]]
    assert kinds == ["sighting", "artifact", "stop"]
    assert "abababababab  gguf  mit\\x1b[31m" in out
    assert "the last 3 of 303" in err


def test_show_filters(recorded: Path) -> None:
    assert wb("ledger", "show", "--digest", "ABABAB")[1].count("\n") == 2
    assert wb("ledger", "show", "--kind", "start", "--kind", "stop")[1].count("\n") == 3
    assert wb("ledger", "show", "--since", "1h", "--last", "1000")[1].count("\n") == 304
    code, out, err = wb("ledger", "show", "--since", "2999-01-01")
    assert (code, out, "no record fits" in err) == (0, "", True)
    assert wb("ledger", "show", "--until", "1h")[1] == ""
    assert wb("ledger", "show", "--until", "2999-01-01", "--last", "2")[1].count("\n") == 3
    for wrong in (
        ("--until", "soon"),
        ("--since", "999999w"),
        ("--kind", "sightng"),
        ("--since", "soon"),
        ("--digest", "xyz"),
        ("--digest", "ab"),
    ):
        assert wb("ledger", "show", *wrong)[0] == 2


def test_show_as_json_is_what_was_signed(recorded: Path) -> None:
    records = [json.loads(line) for line in wb("ledger", "show", "--format", "json")[1].splitlines()]
    assert [record["sequence"] for record in records] == list(range(303))
    assert {record["schema"] for record in records} == {"weighbridge.record/1"}
    assert len(wb("ledger", "show", "--format", "json", "--last", "2")[1].splitlines()) == 2


def test_an_honest_ledger_verifies(recorded: Path) -> None:
    code, out, _ = wb("ledger", "verify")
    assert code == 0
    assert out.startswith(
        "✓ the ledger holds: 303 records, every one as it was signed\n  signed by weighbridge/ledger/"
    )
    document = json.loads(wb("ledger", "verify", "--format", "json")[1])
    assert (document["schema"], document["holds"], document["records"]) == (
        "weighbridge.ledger-verification/1",
        True,
        303,
    )


@pytest.mark.parametrize("index", [7, 290])
def test_an_edited_record_is_exit_30_and_named(recorded: Path, index: int) -> None:
    edit(recorded, index)
    code, out, _ = wb("ledger", "verify")
    assert code == 30
    assert f"✗ the ledger does not hold from record {index} on\n  record {index} is not what was signed\n" in out
    document = json.loads(wb("ledger", "verify", "--format", "json")[1])
    assert document["problems"] == [{"first": index, "last": index, "reason": "is not what was signed"}]


def test_a_damaged_checkpoint_is_exit_30(recorded: Path) -> None:
    (recorded / "ledger" / "checkpoint").write_bytes(b"nothing")
    for arguments in (("verify",), ("show",), ("checkpoint",), ("export", f"{recorded}/x"), ("prove", "0")):
        code, _, err = wb("ledger", *arguments)
        assert code == 30
        assert "E-ledger-damaged" in err


def test_what_was_kept_elsewhere_shows_a_restored_snapshot(recorded: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    snapshot = {path: path.read_bytes() for path in (recorded / "ledger").rglob("*") if path.is_file()}
    open_ledger(RealMachine()).close()
    kept.write_text(wb("ledger", "checkpoint")[1])
    assert wb("ledger", "verify", "--against", str(kept))[0] == 0
    for path in (recorded / "ledger").rglob("*"):
        if path.is_file():
            path.unlink()
    for path, content in snapshot.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert wb("ledger", "verify")[0] == 0
    code, out, _ = wb("ledger", "verify", "--against", str(kept))
    assert code == 30
    assert "records 303 to 304 were signed once and are not here any more" in out
    for wrong in (str(tmp_path / "missing"), str(recorded / "ledger-key" / "public")):
        assert "E-ledger-file" in wb("ledger", "verify", "--against", wrong)[2]


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_an_export_verifies_without_our_state(
    recorded: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = wb("ledger", "checkpoint", "--key")[1].strip()
    target = str(tmp_path / name)
    code, _, err = wb("ledger", "export", target)
    assert (code, "303 records" in err) == (0, True)
    assert wb("ledger", "export", target)[0] == 2
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "elsewhere"))
    code, out, _ = wb("ledger", "verify", target)
    assert (code, "compare that with what its owner says" in out) == (0, True)
    code, out, _ = wb("ledger", "verify", target, "--key", key)
    assert (code, "compare" in out) == (0, False)
    (tmp_path / "key").write_text(key)
    assert wb("ledger", "verify", target, "--key", str(tmp_path / "key"))[0] == 0
    other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    assert wb("ledger", "verify", target, "--key", other)[0] == 30
    assert "E-ledger-key" in wb("ledger", "verify", target, "--key", "a+b+c")[2]
    assert not (tmp_path / "elsewhere").exists()


def test_an_export_holds_no_secret_and_nothing_but_the_log(recorded: Path, tmp_path: Path) -> None:
    wb("ledger", "export", str(tmp_path / "pack"))
    files = sorted(
        str(path.relative_to(tmp_path / "pack")) for path in (tmp_path / "pack").rglob("*") if path.is_file()
    )
    assert files == [
        "checkpoint", "key", "tile/0/000", "tile/0/001.p/47", "tile/1/000.p/1", "tile/entries/000",
        "tile/entries/001.p/47",
    ]  # fmt: skip
    assert not (tmp_path / "pack" / "temporary").exists()
    assert "PRIVATE" not in (tmp_path / "pack" / "key").read_text()


def test_what_is_no_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for target in ("file", "folder"):
        code, _, err = wb("ledger", "verify", str(tmp_path / target))
        assert (code, "E-ledger-damaged" in err) == (30, True)
    assert "E-path-missing" in wb("ledger", "verify", str(tmp_path / "nothing"))[2]


def test_a_proof_is_checked_anywhere(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = wb("ledger", "checkpoint", "--key")[1].strip()
    proof = tmp_path / "a.tlog-proof"
    assert wb("ledger", "prove", "301", "-o", str(proof))[0] == 0
    assert wb("ledger", "prove", "301")[1] == proof.read_text()
    assert wb("ledger", "verify", str(proof))[0] == 0
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "elsewhere"))
    code, out, _ = wb("ledger", "verify", str(proof), "--key", key)
    assert code == 0
    assert out.startswith("✓ holds: record 301 of weighbridge/ledger/")
    assert "artifact" in out
    proof.write_text(proof.read_text().replace("index 301", "index 300"))
    code, out, _ = wb("ledger", "verify", str(proof), "--key", key)
    assert (code, out) == (30, "✗ does not hold: the record is not record 300 of the log\n")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(recorded))
    assert "there is no record 999" in wb("ledger", "prove", "999")[2]


def test_a_ledger_that_is_being_written_can_be_read(recorded: Path) -> None:
    with open_ledger(RealMachine()) as recorder:
        recorder.record("artifact", {"artifact": "cd" * 32})
        assert "cdcdcdcdcdcd" in wb("ledger", "show")[1]
        code, out, _ = wb("ledger", "verify")
        assert (code, "1 newer record not signed yet" in out) == (0, True)
        assert "not signed yet" in wb("ledger", "prove", "304")[2]
        assert wb("ledger", "checkpoint")[0] == 0


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_key_is_made_once_for_this_user_alone(recorded: Path) -> None:
    private = recorded / "ledger-key" / "private"
    assert private.stat().st_mode & 0o777 == 0o600
    before = private.read_bytes()
    open_ledger(RealMachine()).close()
    assert private.read_bytes() == before


def test_what_retention_removed_is_said_everywhere(recorded: Path, tmp_path: Path) -> None:
    with open_ledger(RealMachine()) as recorder:
        recorder.prune(300, "older than 30 days")
    code, out, err = wb("ledger", "show", "--last", "1000")
    assert (code, len(out.splitlines())) == (0, 51)
    assert "records below 256 were removed by retention" in err
    code, out, _ = wb("ledger", "show", "--kind", "prune")
    assert "older than 30 days" in out
    code, _, err = wb("ledger", "prove", "7")
    assert (code, "record 7 was removed by retention" in err, "from 256 on" in err) == (2, True, True)
    assert wb("ledger", "prove", "256", "-o", str(tmp_path / "proof"))[0] == 0
    assert wb("ledger", "verify", str(tmp_path / "proof"))[0] == 0
    code, out, _ = wb("ledger", "verify")
    assert (code, "records below 256 were removed (older than 30 days)" in out) == (0, True)
    assert wb("ledger", "export", str(tmp_path / "pack.zip"))[0] == 0
    assert wb("ledger", "verify", str(tmp_path / "pack.zip"))[0] == 0
