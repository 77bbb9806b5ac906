import pytest
from tests.cli_runs import wb

SETTINGS = b"name: mine\nversion: 1\ntitle: Mine\nmode: enforce\n"


def test_shipped_packs():
    code, out, _ = wb("policy", "validate", "observe", "balanced", "regulated")
    assert code == 0
    assert out.count("✓") == 3


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({}, "E-policy-empty", "holds no policy"),
        ({"a.cedar": b""}, "E-policy-missing", "no policy.yaml"),
        ({"policy.yaml": SETTINGS}, "E-policy-empty", "no rule"),
        ({"policy.yaml": b"name:\n\tx: 1\n"}, "E-policy-yaml", "policy.yaml:2"),
        ({"policy.yaml": b"a: &a [*a]\n"}, "E-policy-yaml", "anchor"),
        ({"policy.yaml": b"\xff\xfe"}, "E-policy-yaml", "UTF-8"),
        ({"policy.yaml": b"[" * 100_000}, "E-policy-yaml", "nested"),
        ({"policy.yaml": b"x" * 3_000_000}, "E-policy-unreadable", "larger"),
        ({"policy.yaml": SETTINGS + b"mod: x\n"}, "E-policy-settings", "policy.yaml:5"),
        ({"policy.yaml": SETTINGS.replace(b"1", b"[1]")}, "E-policy-settings", "policy.yaml:2"),
        ({"policy.yaml": SETTINGS, "a.cedar": b"\n\npermit (principal\n"}, "E-policy-syntax", "a.cedar:3"),
        ({"policy.yaml": SETTINGS, "a.cedar": b"\xff;"}, "E-policy-syntax", "UTF-8"),
        ({"policy.yaml": SETTINGS, "a.cedar": b"(" * 100_000}, "E-policy-syntax", "nests"),
        (
            {"policy.yaml": SETTINGS, "a.cedar": b"permit (principal, action, resource) when {" + b"!" * 99_999},
            "E-policy-syntax",
            "ends inside",
        ),
    ],
)
def test_bad_input_is_a_clear_error_with_a_hint(tmp_path, files, code, says):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    exit_code, out, err = wb("policy", "validate", str(tmp_path))
    assert (exit_code, out) == (2, "")
    assert f"error[{code}]" in err
    assert says in err
    assert "hint: " in err
    assert len(err) < 2500


def test_a_folder_that_is_not_there():
    code, _, err = wb("policy", "validate", "nowhere")
    assert code == 2
    assert "E-policy-missing" in err


def test_rules_without_clause_are_told(tmp_path):
    assert wb("policy", "show", "balanced", "--write", str(tmp_path / "mine"))[0] == 0
    rules = tmp_path / "mine" / "sources.cedar"
    lines = [line for line in rules.read_text().splitlines() if "Stop using" not in line]
    rules.write_text("\n".join(lines) + "\n")
    code, _, err = wb("policy", "validate", str(tmp_path / "mine"))
    assert code == 0
    assert "deny-revoked-release" in err
