import shutil
import subprocess
from pathlib import Path

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent, intent_of
from weighbridge.export.systemd import write
from weighbridge.pipeline.export_products import products


def settings(text: str) -> list[str]:
    """Return the lines that have an effect."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_enforcing_binds_to_this_machine_and_forwards_nothing() -> None:
    found = settings(write(everything())["ollama.service.d/50-weighbridge.conf"])
    assert found[:2] == ["[Service]", "IPAccounting=yes"]
    assert 'Environment="OLLAMA_HOST=127.0.0.1:11434"' in found
    assert 'Environment="OLLAMA_NO_CLOUD=1"' in found
    assert "IPAddressDeny=any" in found
    assert "NoNewPrivileges=yes" in found


def test_only_what_the_policy_denies_is_on() -> None:
    found = settings(write(strict())["ollama.service.d/50-weighbridge.conf"])
    assert "IPAddressDeny=any" in found
    assert 'Environment="OLLAMA_NO_CLOUD=1"' not in found
    assert "NoNewPrivileges=yes" not in found


@pytest.mark.parametrize("intent", ordinary()[:1])
def test_observing_changes_nothing_and_shows_what_would(intent: Intent) -> None:
    for text in write(intent).values():
        assert settings(text) == ["[Service]", "IPAccounting=yes"]
        assert "#IPAddressDeny=any" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("intent", [everything(), hostile()], ids=["everything", "hostile"])
def test_systemd_takes_every_line(intent: Intent, tmp_path: Path) -> None:
    for name, text in write(intent).items():
        unit = tmp_path / name.partition(".d/")[0]
        unit.write_text("[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n")
        place = tmp_path / name
        place.parent.mkdir()
        place.write_text(text)
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)],
            capture_output=True,
            text=True,
            check=False,
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        )
        about = [line for line in done.stderr.splitlines() if "50-weighbridge" in line]
        assert about == []


def test_every_unit_of_the_catalog_has_a_drop_in() -> None:
    from tests.policy_texts import shipped

    assert {"ollama.service.d/50-weighbridge.conf"} <= set(write(intent_of(shipped("regulated"), products())))
