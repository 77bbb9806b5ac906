from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_an_upload_is_tried_and_leaves_a_file_to_sign(fleet):  # noqa: F811
    fleet.trusted()
    said = fleet.well("upload", "policy", "--note", "the first", "-o", "sign.json")
    assert "policy 1   balanced 1" in said
    assert "situations as expected" in said
    assert (fleet.folder / "sign.json").exists()


def test_what_is_not_right_is_said_with_file_and_line(fleet):  # noqa: F811
    (fleet.folder / "policy" / "more.cedar").write_text("permit (")
    code, _, err = fleet("upload", "policy")
    assert (code, "E-policy-syntax" in err, "more.cedar" in err) == (2, True, True)
    assert fleet("upload", "missing")[0] == 2
