import datetime
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli_runs import wb
from tests.samples.safetensors_file import small
from tests.samples.shipments import CARD, LOWER, MALICIOUS, UPPER, docker_save, write, zipped

from weighbridge.cli.signing_files import private_key
from weighbridge.pipeline.policies import built_in_files
from weighbridge.signing.waiver import Waiver, waiver_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    return write(tmp_path / "x", {"m.safetensors": small(), "README.md": CARD % b"cc-by-nc-4.0"})


def test_one_screen(folder: Path) -> None:
    code, out, _ = wb("check", str(folder))
    assert code == 21
    assert out.startswith("✗ 1 of 1 model blocks this build\n\n✗ m.safetensors  safetensors, 208 B\n")
    for words in ("deny-noncommercial", "cc-by-nc-4.0", "Three ways forward", "1 Replace", "2 Resolve", "wb waive"):
        assert words in out


def test_an_image_with_a_deleted_file(folder: Path) -> None:
    write(folder, {"image.tar": docker_save(LOWER, UPPER)})
    code, out, _ = wb("check", str(folder / "image.tar"))
    assert code == 21
    assert "image.tar!/1/layer.tar!/opt/bad.pkl" in out
    assert "deleted in layer 2, and it still ships in layer 1" in out
    assert "A waiver is not possible here" in out


def test_what_may_ship_passes_and_so_does_nothing(folder: Path) -> None:
    (folder / "README.md").write_bytes(CARD % b"apache-2.0")
    code, out, _ = wb("check", str(folder))
    assert (code, out.splitlines()[0]) == (0, "✓ 1 model may ship")
    (folder / "m.safetensors").unlink()
    code, out, _ = wb("check", str(folder))
    assert code == 0
    assert "no models" in out


def test_formats(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "we,ird%\n.pkl").write_bytes(MALICIOUS)
    code, out, _ = wb("check", ".", "--format", "junit")
    assert code == 21
    suite = ElementTree.fromstring(out)[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    code, out, _ = wb("check", "--format", "github")
    assert "::error file=m.safetensors,title=deny-noncommercial::m.safetensors: Its license" in out
    assert all(line.startswith(("::error ", "::warning ")) for line in out.splitlines())
    code, out, _ = wb("check", "--format", "gitlab")
    entries = json.loads(out)
    assert {entry["location"]["path"] for entry in entries} >= {"m.safetensors"}
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    code, out, _ = wb("check", "--format", "sarif")
    assert code == 0
    assert "policy/deny-noncommercial" in out
    code, out, _ = wb("check", "--format", "json", "-o", str(folder.parent / "report.json"))
    assert code == 21
    assert json.loads((folder.parent / "report.json").read_text())["artifacts"]


def test_a_waiver_from_key_to_verdict(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    wb("sign", "--new-key", "key")
    policy = folder.parent / "policy"
    for name, content in built_in_files("balanced").items():
        write(policy, {name: content})
    indented = "".join(f"      {line}\n" for line in Path("key.pub").read_text().splitlines())
    with (policy / "policy.yaml").open("a") as settings:
        settings.write(f"\nwaiver_keys:\n  - owner: Ada\n    key: |\n{indented}")
    _, out, _ = wb("check", str(folder), "-f", "json", "--policy", str(policy))
    (artifact,) = json.loads(out)["artifacts"]
    waive = ("waive", artifact["sha256"], "--rule", "deny-noncommercial", "--owner", "Ada", "--reason", "trial")
    target = folder.parent / "policy/waivers/a.json"
    target.parent.mkdir()
    assert wb(*waive, "--expires", "2999-01-01", "--key", "key", "-o", str(target))[0] == 0
    code, out, _ = wb("check", str(folder), "--policy", str(policy))
    assert code == 0, out
    assert "1 waived" in out
    code, _, err = wb(*waive, "--expires", "2001-01-01", "--key", "key", "-o", str(target))
    assert code == 2
    assert "is over" in err
    over = Waiver(
        sha256=artifact["sha256"],
        rule="deny-noncommercial",
        owner="Ada",
        reason="trial",
        expires=datetime.date(2001, 1, 1),
    )
    target.write_bytes(waiver_file(over, private_key("key")))
    code, out, _ = wb("check", str(folder), "--policy", str(policy))
    assert code == 21
    assert "expired on 2001-01-01" in out


def test_a_wheel(folder: Path) -> None:
    write(folder, {"a.whl": zipped({"p/m.safetensors": small(), "p/README.md": CARD % b"mit"})})
    assert wb("check", str(folder / "a.whl"))[0] == 0


def test_several_paths_are_told_from_where_people_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder.parent / "y", {"n.safetensors": small(), "README.md": CARD % b"cc-by-4.0-nc"})
    monkeypatch.chdir(folder.parent)
    assert "\n✗ x/m.safetensors  " in wb("check", "x", "y")[1]
    monkeypatch.chdir(folder)
    assert "\n✗ x/m.safetensors  " in wb("check", "../x", "../y")[1]
    (folder.parent / "link").symlink_to("x")
    assert "\n✗ m.safetensors  " in wb("check", "../link")[1]


def test_what_is_checked_may_be_what_cannot_be_examined(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    code, out, _ = wb("check", str(folder / "loop"))
    assert (code, out.splitlines()[0]) == (4, f"? no models in {folder / 'loop'}, but 1 item could not be examined")
    assert wb("check", str(folder / "README.md"))[1].endswith("policy balanced 1 (enforce)\n")
