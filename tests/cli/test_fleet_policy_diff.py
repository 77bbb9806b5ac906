from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_what_an_upload_would_change(fleet):  # noqa: F811
    fleet.trusted()
    fleet.published()
    folder = fleet.folder / "policy"
    text = (folder / "policy.yaml").read_text()
    (folder / "policy.yaml").write_text(text.replace("mode: enforce", "mode: observe"))
    for path in (folder / "tests").iterdir():
        path.unlink()
    (folder / "tests" / "few.yaml").write_text("situations:\n- name: fine\n  expect: {decision: allow}\n")
    fleet.well("upload", "policy")
    said = fleet.well("diff", "2")
    assert "Newly allowed (" in said
    assert "deny → warn" in said
    assert "more\n" in said
    assert "nothing is newly" in fleet.well("diff", "1")
    assert fleet("diff", "7")[0] == 2
