import json

from tests.cli_runs import wb


def test_cells_between_packs():
    code, out, _ = wb("policy", "diff", "balanced", "regulated")
    assert code == 0
    assert "Newly denied or held" in out
    assert "by hold-unaccepted-source" in out
    assert "download Artifact by Agent, when source.accepted = no" in out
    assert "Rules added: " in out
    assert "sources: 4 entries → 1 entries" in out


def test_one_changed_rule(tmp_path):
    folder = tmp_path / "mine"
    wb("policy", "show", "balanced", "--write", str(folder))
    rules = folder / "artifacts.cedar"
    rules.write_text(rules.read_text().replace('resource.assessment == "hostile"', 'resource.assessment == "clean"'))
    code, out, _ = wb("policy", "diff", "balanced", str(folder), "--all")
    assert code == 0
    assert "Newly allowed" in out
    assert "load Artifact by User, when assessment = hostile" in out
    assert "deny-hostile (no longer)" in out
    assert "Rules changed: deny-hostile" in out


def test_nothing_changes():
    assert "0 of " in wb("policy", "diff", "balanced", "balanced")[1]


def test_json():
    document = json.loads(wb("policy", "diff", "observe", "balanced", "-f", "json")[1])
    assert document["schema"] == "weighbridge.policy-diff/1"
    assert document["newly_denied"]
    assert document["complete"] is True
    assert {"key": "mode", "before": "observe", "after": "enforce"} in document["settings"]
