import pytest
from tests.fleet.config_kit import Reference

from weighbridge.cli.fleet_config import lines_of, shown, work_of
from weighbridge.fleet.config_plan import HIDDEN, Change, FieldChange, Plan
from weighbridge.model.errors import WeighbridgeError


def test_secrets_come_from_variables_and_files_beside(tmp_path, monkeypatch):
    monkeypatch.setenv("A_SECRET", "one")
    (tmp_path / "token").write_text("two\n")
    work = work_of(str(tmp_path), 1)
    assert work.secret(Reference(env="A_SECRET")) == "one"
    assert work.secret(Reference(env="NO_SUCH_SECRET")) is None
    assert work.secret(Reference(file="token")) == "two"
    assert work.secret(Reference(file="none")) is None
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(WeighbridgeError, match="bytes: is no text"):
        work.secret(Reference(file="bytes"))
    assert work_of(str(tmp_path / "token"), 1).secret(Reference(file="token")) == "two"


def test_a_value_is_one_line():
    assert shown(None) == shown("") == shown([]) == "nothing"
    assert shown({"site": "a\nb", "n": True}) == "site=a\\x0ab, n=yes"
    assert shown([{"percent": 5}, "x"]) == "(percent=5), x"
    assert shown("\x1b[31m") == "\\x1b[31m"


def test_a_plan_names_no_secret_and_no_removed_value():
    fields = [FieldChange(name="secret", before=HIDDEN, after=HIDDEN)]
    changes = [
        Change(action="change", section="targets", item="SIEM", fields=fields, source="t.yaml:2"),
        Change(action="remove", section="groups", item="old\n", fields=[], source=""),
    ]
    plan = Plan(changes=changes, same=0, only_here=[], notes=["t.yaml:3: x is not in the fleet"])
    assert [*lines_of(plan)] == [
        "~ targets  SIEM   t.yaml:2",
        "    secret  another (not shown)",
        "- groups  old\\x0a",
        "! t.yaml:3: x is not in the fleet",
    ]
