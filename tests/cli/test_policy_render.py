from tests.cli_runs import wb


def test_markdown_to_stdout():
    code, out, _ = wb("policy", "render", "balanced")
    assert code == 0
    assert out.startswith("# Use of AI models\n")


def test_html_by_name_or_format(tmp_path):
    page = tmp_path / "policy.html"
    code, out, err = wb("policy", "render", "--policy", "regulated", "-o", str(page))
    assert (code, out) == (0, "")
    assert "written" in err
    assert page.read_text().startswith("<!doctype html>")
    assert wb("policy", "render", "--format", "html")[1].startswith("<!doctype html>")
