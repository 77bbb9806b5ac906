from tests.cli_runs import wb

from weighbridge.cli.runtime_topics import runtime_page, runtime_titles
from weighbridge.discover.runtime_catalog import runtimes


def test_every_product_has_a_line_and_a_page():
    assert runtime_titles().keys() == runtimes().keys()
    for name, line in runtime_titles().items():
        page = runtime_page(name)
        assert page.startswith(line)
        assert "These facts are" in page


def test_a_page_says_how_a_product_is_told_and_kept_in():
    page = runtime_page("llama_cpp")
    assert "  owned_by    llamacpp" in page
    assert "(never a proof)" in page
    assert "--mcp-servers-config" in page
    assert runtime_page("sglang").count("imitates    Ollama") == 1
    assert runtime_page("nothing") is None


def test_explain_shows_it():
    code, shown, _ = wb("explain", "sglang")
    assert code == 0
    assert "owned_by    sglang" in shown
    assert "Runtime: SGLang." in shown
    assert "Runtime: SGLang." in wb("explain")[1]


def test_explain_of_a_store_that_is_a_product_too_shows_both():
    shown = wb("explain", "ollama")[1]
    assert "Runtime: Ollama." in shown
    assert "Store: Ollama" in shown
