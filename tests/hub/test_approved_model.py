"""An approval with real parts: a model that policy denies for its license, from the request to the revocation.

The server runs as people run it, the laptop is enrolled, and each change of a verdict takes one contact: `wb sync`.
"""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.cli_runs import wb
from tests.fleet.policy_people import publish
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.test_new_developer import decide, in_review, written
from tests.hub.upstream_server import Upstream, serving
from tests.samples.safetensors_file import small
from tests.sync.policy_server import person

from weighbridge.fleet import accounts, enrollment, policy_repository, ruling_signing
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.policy_rings import Ring
from weighbridge.hub import hub_tokens
from weighbridge.pipeline.policies import built_in_files
from weighbridge.sync.policy_metadata import add_signature, new_root
from weighbridge.sync.rulings import CATALOG, URGENT

NAME, FILE = "acme/poet", "model.safetensors"
CARD = b"---\nlicense: cc-by-nc-4.0\n---\n# Poet\n"
RULE = "deny-noncommercial-use"


def policy() -> dict[str, bytes]:
    """Return the strict pack, in which a license for research alone is denied unless somebody accepts the digest."""
    files = {path: content for path, content in built_in_files("regulated").items() if path != "tests/licenses.yaml"}
    rules = files["licenses.cedar"].replace(
        b'@id("hold-noncommercial-use")\n@decision("pending")', b'@id("%b")' % RULE.encode()
    )
    assert RULE.encode() in rules
    return files | {"licenses.cedar": rules}


def found_fleet(connection: Connection) -> None:
    """Let two people sign a policy, and that this server's keys revoke in haste and say what its catalog approved."""
    now = time.time_ns() // 1_000_000
    online = policy_repository.online_key(connection).public_key()
    root = new_root([person(number).public_key() for number in (0, 1)], 2, online, datetime.now(UTC))
    policy_repository.add_root(connection, now, both_sign(root))
    publish(connection, now=now, files=policy(), rings=(Ring(percent=100, hours=0),))
    listed = ruling_signing.delegate(connection, now, {CATALOG: True, URGENT: True})
    ruling_signing.take_delegation(connection, now, None, both_sign(listed))


def developer(connection: Connection) -> str:
    """Return the token of somebody who asks for models and decides about none."""
    now = time.time_ns() // 1_000_000
    account = accounts.add(connection, now, "dana", Role.VIEWER, Scope())
    return hub_tokens.make(connection, now, account.account_id, name="laptop")[1]


def both_sign(content: bytes) -> bytes:
    return add_signature(add_signature(content, person(0)), person(1))


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerProcess]:
    """A server with a fleet whose people signed, and an upstream on loopback."""
    for name in [one for one in os.environ if one.startswith(("HF_", "HUGGINGFACE_", "XDG_", "WEIGHBRIDGE_"))]:
        monkeypatch.delenv(name)
    weights = small()
    with serving(Upstream({FILE: weights, "README.md": CARD}, NAME)) as there:
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM", there.origin)
        monkeypatch.setenv("WEIGHBRIDGE_SERVE_UPSTREAM_NETWORKS", "127.0.0.0/8")
        (tmp_path / FILE).write_bytes(weights)
        (tmp_path / "README.md").write_bytes(CARD)
        started = ServerProcess(f"sqlite:///{tmp_path / 'fleet.db'}", tmp_path / "server")
        try:
            written(started, found_fleet)
            yield started
        finally:
            started.kill()


def scanned(path: Path) -> dict[str, Any]:
    """Return the verdict of `wb scan` on the model."""
    (artifact,) = json.loads(wb("scan", str(path), "--format", "json", "--quiet")[1])["artifacts"]
    return dict(artifact["verdict"])


def contact() -> None:
    code, _, err = wb("sync")
    assert code == 0, err


def wait_until_told(hub: ServerProcess) -> dict[str, Any]:
    """Wait until the server has signed what its catalog says."""
    end = time.monotonic() + LIMIT
    while True:
        said: dict[str, Any] = hub.client.get("/api/v1/hub/approvals").raise_for_status().json()
        if not said["waiting"] and said["role"]["number"]:
            return said
        assert time.monotonic() < end, "the server does not sign what was approved"
        time.sleep(0.05)


def test_from_a_denial_to_an_approval_and_to_a_revocation(hub, tmp_path, monkeypatch):
    reviewer = hub.sign_in()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setattr("weighbridge.pipeline.hub_ollama.OLLAMA_SERVICE", bytes(tmp_path / "service"))
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "laptop"))
    now = time.time_ns() // 1_000_000
    token = written(
        hub, lambda c: enrollment.make_token(c, now=now, made_by="ada", expires_at=1 << 52, group_name="lab")
    )
    code, _, err = wb("enroll", hub.origin, "--token", token)
    assert code == 0, err
    contact()
    model = tmp_path / FILE
    denied = scanned(model)
    assert (denied["decision"], denied["rules"][0]["id"]) == ("deny", RULE), denied

    (tmp_path / "token").write_text(written(hub, developer))
    for command in (
        ("hub", "setup", hub.origin, "--token-file", str(tmp_path / "token"), "--yes"),
        ("request", NAME, "--why", "to try it for the spring issue"),
    ):
        code, _, err = wb(*command)
        assert code == 0, err
    release_id = in_review(hub)
    decide(hub, reviewer, release_id, "approve", data_classes=["internal"], version="1.0", reason="For research alone.")
    assert [one["model"] for one in wait_until_told(hub)["approved"]] == [NAME]
    assert scanned(model)["decision"] == "deny", "nobody told this machine yet"

    contact()
    assert "1 release may be used, as text 1 says" in wb("enroll", "--status")[1]
    allowed = scanned(model)
    assert allowed["by_rules"] == "allow", allowed
    known = {rule["id"]: rule["reason"] for rule in allowed["rules"]}["catalog-approved"]
    assert known.startswith(f"In the catalog: approved as {NAME} 1.0, for internal data, until ")
    for command in (("scan",), ("inspect",), ("policy", "explain", "--policy", "fleet")):
        shown = wb(*command, str(model))[1]
        assert f"In the catalog: approved as {NAME} 1.0" in " ".join(shown.split()), shown

    code, out, err = wb("pull", NAME)
    assert code == 0, err
    pulled = scanned(Path(out.strip()) / FILE)
    assert (pulled["by_rules"], "catalog-approved" in pulled["policies"]) == ("allow", True), pulled

    decide(hub, reviewer, release_id, "deprecate", reason="There is a better one.", replaced_by="acme/bard")
    wait_until_told(hub)
    contact()
    old = scanned(model)
    assert (old["by_rules"], old["rules"][0]["id"]) == ("warn", "warn-deprecated"), old

    decide(hub, reviewer, release_id, "revoke", reason="It phones home.", replaced_by="acme/bard")
    contact()
    gone = scanned(model)
    assert (gone["decision"], gone["rules"][0]["id"]) == ("deny", "revoked-model"), gone
    assert "catalog-approved" not in gone["policies"]
    assert gone["remedy"].startswith("Use acme/bard instead.")
