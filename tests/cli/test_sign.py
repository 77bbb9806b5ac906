from pathlib import Path

import pytest
from tests.cli_runs import wb
from tests.samples.signed_model import model


def test_a_key_for_oneself_and_a_key_for_everybody(tmp_path: Path) -> None:
    code, fingerprint, _ = wb("sign", "--new-key", str(tmp_path / "key"))
    assert code == 0
    assert len(fingerprint.strip()) == 64
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "key").read_bytes()
    code, _, err = wb("sign", "--new-key", str(tmp_path / "key"))
    assert code == 2
    assert "exists" in err
    assert (tmp_path / "key").read_bytes() == before


def test_sign_and_verify(tmp_path: Path) -> None:
    folder = model(tmp_path)
    wb("sign", "--new-key", str(tmp_path / "key"))
    assert wb("sign", str(folder), "--key", str(tmp_path / "key"))[0] == 0
    code, out, _ = wb("verify", str(folder), "--key", str(tmp_path / "key.pub"))
    assert (code, out.splitlines()[0]) == (0, "✓ verified: 4 files, 3.01 kB, all as in the signature")
    one = folder / "weights.bin"
    assert wb("sign", str(one), "--key", str(tmp_path / "key"), "-o", str(tmp_path / "one.sig"))[0] == 0
    assert wb("verify", str(one), "--signature", str(tmp_path / "one.sig"), "--key", str(tmp_path / "key.pub"))[0] == 0


@pytest.mark.parametrize(
    "arguments", [[], ["x"], ["--key", "k"], ["x", "--new-key", "k"], ["/nowhere", "--key", "/nowhere"]]
)
def test_what_does_not_fit(arguments: list[str]) -> None:
    code, _, err = wb("sign", *arguments)
    assert code == 2
    assert "hint" in err
