from tests.cli_runs import wb


def test_packs():
    code, out, _ = wb("policy", "show")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if not line.startswith(" ")] == [
        "observe",
        "balanced",
        "regulated",
    ]


def test_rules():
    code, out, _ = wb("policy", "show", "regulated")
    assert code == 0
    assert "deny     critical  deny-malicious" in out


def test_schema():
    assert "entity Artifact = {" in wb("policy", "show", "--schema")[1]


def test_a_copy_is_a_policy_and_nothing_is_overwritten(tmp_path):
    folder = str(tmp_path / "a" / "mine")
    assert wb("policy", "show", "balanced", "--write", folder)[0] == 0
    assert wb("policy", "test", folder)[0] == 0
    code, _, err = wb("policy", "show", "balanced", "--write", folder)
    assert code == 2
    assert "exists already" in err


def test_only_packs_are_copied(tmp_path):
    code, _, err = wb("policy", "show", "balance", "--write", str(tmp_path / "x"))
    assert code == 2
    assert "`balanced`" in err


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = wb("policy", "show", "balanced", "--write", str(tmp_path / "file" / "x"))
    assert code == 1
    assert "E-output-failed" in err
