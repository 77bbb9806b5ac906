import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.intents import everything, hostile, strict

from weighbridge.export.apparmor import write
from weighbridge.export.intent import Intent, intent_of
from weighbridge.pipeline.export_products import products


def catalog(name: str) -> Intent:
    from tests.policy_texts import shipped

    return intent_of(shipped(name), products())


def test_enforcing_denies_credentials_to_agents() -> None:
    text = write(everything())["weighbridge.claude_code"]
    assert "flags=(attach_disconnected)" in text
    assert "audit deny owner @{HOME}/.ssh/{,**} rwkl," in text
    assert "**/.local/share/claude/versions/*" in text
    assert "usr/local/bin/claude" in text


@pytest.mark.parametrize("intent", [replace(everything(), enforced=False), strict()])
def test_without_a_rule_or_while_observing_nothing_is_denied(intent: Intent) -> None:
    """A `deny` holds in complain mode too (apparmor.d(5)), so there may be none."""
    for text in write(intent).values():
        assert "flags=(complain," in text
        assert "deny" not in [word for line in text.splitlines() if line[:1] != "#" for word in line.split()]


def test_only_agents_have_profiles() -> None:
    assert set(write(everything())) == {"weighbridge.claude_code"}


def test_names_that_need_quoting_are_left_out() -> None:
    for text in write(hostile()).values():
        assert "`k`" not in "".join(line for line in text.splitlines() if not line.startswith("#"))


@pytest.mark.skipif(shutil.which("apparmor_parser") is None, reason="apparmor_parser is not installed here")
@pytest.mark.parametrize("name", ["observe", "regulated"])
def test_the_parser_takes_every_profile(name: str, tmp_path: Path) -> None:
    parser = shutil.which("apparmor_parser")
    assert parser is not None
    base = Path(os.path.realpath(parser)).parent.parent / "etc/apparmor.d"
    for place in (base, Path("/etc/apparmor.d")):
        if (place / "tunables/global").exists():
            base = place
            break
    else:
        pytest.skip("AppArmor's own files are not installed here")
    profiles = write(catalog(name))
    assert len(profiles) > 10
    for file, text in profiles.items():
        (tmp_path / file).write_text(text)
    command = [parser, "-Q", "-K", "--base", str(base), *(str(tmp_path / file) for file in profiles)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "rror" in line] == []
