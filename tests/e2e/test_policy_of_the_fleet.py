"""A machine that has its fleet's policy weighs by it without being told, and says so when it may not be the newest."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.test_policy_explain import weights
from tests.cli_runs import wb
from tests.sync.policy_server import policy_files

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.sync.policy_bundle import packed

DAY = timedelta(days=1)
WARNS = b"""
@id("warn-unknown-architecture")
@decision("warn")
@severity("low")
@reason("Nothing says what it is.")
@remedy("Write it beside the file.")
forbid (principal, action, resource is Artifact) when { resource.architecture == "unknown" };
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    path = tmp_path / "models" / "model.safetensors"
    path.parent.mkdir()
    return weights(path)


def given(expires: datetime, when_stale: str = "keep") -> None:
    """Put policy 7 in force, signed until then."""
    files = policy_files(7) | {"more.cedar": WARNS}
    files["policy.yaml"] += f"when_stale: {when_stale}\n".encode()
    folder = PolicyFolder(RealMachine())
    folder.put_in_force(packed(7, files))
    folder.say(7, expires=f"{expires:%Y-%m-%dT%H:%M:%SZ}")


def said(*arguments: str) -> tuple[str, str]:
    """Return what a command wrote to stdout and stderr."""
    code, out, err = wb(*arguments)
    assert code in (0, 4, 20, 21), (code, err)
    return out, err


def test_without_a_fleet_the_packs_are_what_they_were(model: str) -> None:
    assert "policy observe 1 (observe)" in said("scan", model)[0]
    assert "policy balanced 1 (enforce)" in said("check", model)[0]


@pytest.mark.parametrize("command", ["scan", "check"])
def test_the_fleets_policy_weighs_where_nobody_names_one(model: str, command: str) -> None:
    given(datetime.now(UTC) + 5 * DAY)
    out, err = said(command, model)
    assert "policy balanced 7 (fleet, enforce)" in out
    assert "stale" not in out + err
    assert "policy regulated 1 (enforce)" in said(command, model, "--policy", "regulated")[0]


def test_every_command_that_weighs_takes_it(model: str) -> None:
    given(datetime.now(UTC) + 5 * DAY)
    assert json.loads(said("scan", model, "--format", "json")[0])["policy"] == "balanced 7 (fleet, enforce)"
    assert "balanced 7" in said("inspect", model)[0]
    assert json.loads(said("check", model, "--format", "json")[0])["policy"] == "balanced 7 (fleet, enforce)"
    assert "balanced 7 (fleet, enforce)" in said("doctor")[0]


def test_a_stale_policy_is_said_beside_every_result(model: str) -> None:
    given(datetime.now(UTC) - DAY)
    since = f"{datetime.now(UTC) - DAY:%Y-%m-%d}"
    for command in ("scan", "check"):
        out, err = said(command, model)
        assert f"balanced 7 (fleet, enforce, stale since {since})" in out
        assert f"the policy balanced 7 of the fleet is stale since {since}" in err
        assert "it is kept in force" in err
    assert "is stale since" in said("ps")[1]
    assert "· policy" in said("doctor")[0]


def test_what_a_stale_policy_does_is_what_it_says_itself(model: str) -> None:
    def verdict() -> dict[str, object]:
        return dict(json.loads(said("scan", model, "--format", "json")[0])["artifacts"][0]["verdict"])

    given(datetime.now(UTC) - DAY)
    kept = verdict()
    assert kept["decision"] == "warn", "the sample must be one that is only warned about"
    given(datetime.now(UTC) - DAY, "tighten")
    tightened = verdict()
    assert tightened["decision"] == "pending"
    assert tightened["rules"][0]["id"] == "policy-stale"  # type: ignore[index]
    assert "what it would only warn about waits" in said("scan", model)[1]
    given(datetime.now(UTC) + DAY, "tighten")
    assert verdict() == kept


def test_a_stale_policy_is_a_finding_in_the_ledger_until_it_is_fresh(model: str) -> None:
    def findings() -> list[str]:
        out, _ = said("ledger", "show", "--format", "json")
        return [line for line in out.splitlines() if '"policy-stale"' in line]

    given(datetime.now(UTC) + DAY)
    said("scan", model, "--record", "-q")
    assert not findings()
    given(datetime.now(UTC) - DAY)
    said("scan", model, "--record", "-q")
    assert len(findings()) == 1
    given(datetime.now(UTC) + DAY)
    said("scan", model, "--record", "-q")
    assert len(findings()) == 2
    assert "finding-end" in findings()[1]


def test_a_damaged_policy_is_never_replaced_by_a_milder_one(model: str) -> None:
    given(datetime.now(UTC) + DAY)
    (Path(model).parents[1] / "state" / "policy" / "in-force.json").write_bytes(b"{")
    for command in ("scan", "check", "inspect"):
        code, out, err = wb(command, model)
        assert (code, out) == (2, "")
        assert "E-fleet-policy" in err
        assert "wb sync" in err
