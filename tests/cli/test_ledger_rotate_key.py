"""`wb ledger rotate-key` and what others, who have an old public key or an export, see of it."""

import json
import shutil
from pathlib import Path

from tests.cli.test_ledger import recorded, state  # noqa: F401  (fixtures)
from tests.cli_runs import wb


def test_old_and_new_key_verify_after_a_change(recorded: Path, tmp_path: Path) -> None:  # noqa: F811  (a fixture)
    (tmp_path / "old.key").write_text(wb("ledger", "checkpoint", "--key")[1])
    (tmp_path / "kept").write_text(wb("ledger", "checkpoint")[1])
    code, _, err = wb("ledger", "rotate-key", "--why", "the laptop was repaired\x1b[31m")
    assert (code, "a new key signs from record 304 on" in err) == (0, True)
    (tmp_path / "new.key").write_text(wb("ledger", "checkpoint", "--key")[1])
    assert (tmp_path / "new.key").read_text() != (tmp_path / "old.key").read_text()
    code, out, _ = wb("ledger", "verify", "--against", str(tmp_path / "kept"))
    assert code == 0
    assert "another key signs from here on (the laptop was repaired\\x1b[31m)" in out
    assert "the laptop was repaired" in wb("ledger", "show", "--kind", "key-change")[1]
    assert wb("ledger", "export", str(tmp_path / "out.zip"))[0] == 0
    shutil.rmtree(recorded)
    for key in ("old.key", "new.key"):
        code, out, _ = wb("ledger", "verify", str(tmp_path / "out.zip"), "--key", str(tmp_path / key), "-f", "json")
        assert (code, json.loads(out)["holds"]) == (0, True)


def test_a_reason_is_asked_for_where_it_is_none(recorded: Path) -> None:  # noqa: F811  (a fixture)
    assert wb("ledger", "rotate-key", "--why", "  ")[0] == 2
    assert wb("ledger", "rotate-key", "--why", "x" * 201)[0] == 2
