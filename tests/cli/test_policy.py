from tests.cli_runs import wb


def test_help_lists_every_subcommand(capsys):
    assert wb("policy", "--help")[0] == 0
    out = capsys.readouterr().out
    for name in ("diff", "explain", "render", "show", "test", "validate"):
        assert f"  {name} " in out


def test_an_unknown_subcommand():
    code, _, err = wb("policy", "tset")
    assert code == 2
    assert "tset" in err
