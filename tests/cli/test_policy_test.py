import json

from tests.cli_runs import wb


def mine(tmp_path):
    folder = tmp_path / "mine"
    assert wb("policy", "show", "balanced", "--write", str(folder))[0] == 0
    return folder


def test_shipped_packs_are_as_expected():
    for pack in ("observe", "balanced", "regulated"):
        code, out, err = wb("policy", "test", "--policy", pack)
        assert (code, err) == (0, "")
        assert "situations as expected" in out


def test_a_changed_rule_is_noticed(tmp_path):
    folder = mine(tmp_path)
    rules = folder / "artifacts.cedar"
    rules.write_text(rules.read_text().replace('resource.assessment == "malicious"', 'resource.assessment == "review"'))
    code, out, err = wb("policy", "test", str(folder))
    assert code == 2
    assert "E-policy-test" in err
    assert "✗ A malicious model is denied whatever is done with it (load)" in out
    assert "expected deny, got allow (by permit-the-rest)" in out


def test_rules_without_situations_are_told(tmp_path):
    folder = mine(tmp_path)
    (folder / "tests" / "services.yaml").unlink()
    code, _, err = wb("policy", "test", str(folder))
    assert code == 0
    assert "warn-open-listener, hold-changed-tool" in err


def test_no_situations(tmp_path):
    folder = mine(tmp_path)
    for file in (folder / "tests").iterdir():
        file.unlink()
    code, _, err = wb("policy", "test", str(folder))
    assert code == 2
    assert "E-policy-untested" in err


def test_json():
    code, out, _ = wb("policy", "test", "balanced", "--format", "json")
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "weighbridge.policy-test/1"
    assert all(item["problems"] == [] for item in document["situations"])


def test_verbose():
    document = json.loads(wb("policy", "test", "balanced", "--format", "json")[1])
    assert len(document["situations"]) > 50
    assert wb("policy", "test", "balanced", "-v")[1].count("✓") == len(document["situations"])
