import datetime
from dataclasses import replace
from pathlib import Path

from tests.samples.signed_model import private_key

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.waivers import find_waivers
from weighbridge.policy.settings import WaiverKey
from weighbridge.signing.keys import public_pem
from weighbridge.signing.waiver import Waiver, waiver_file

KEYS = (WaiverKey(owner="Ada", key=public_pem(private_key().public_key()).decode()),)


def test_files_and_folders(tmp_path: Path) -> None:
    day = datetime.date(2999, 1, 1)
    waiver = Waiver(sha256="ab" * 32, rule="deny-x", owner="Ada", reason="trial", expires=day)
    (tmp_path / "one.json").write_bytes(waiver_file(waiver, private_key()))
    (tmp_path / "two.json").write_bytes(waiver_file(waiver, private_key(5)))
    (tmp_path / "notes.txt").write_text("x")
    found = find_waivers(RealMachine(), (bytes(tmp_path), bytes(tmp_path / "one.json"), b"/nowhere"), KEYS)
    assert found.valid == (replace(waiver, signer="Ada"),)
    assert [Path(file).name for file, _ in found.refused] == ["two.json"]
    assert find_waivers(RealMachine(), (bytes(tmp_path / "one.json" / "waivers"),), KEYS).refused == ()


def test_without_keys_nothing_holds(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    assert find_waivers(RealMachine(), (bytes(tmp_path),), ()).valid == ()
