import pytest
from tests.cli_runs import wb

from weighbridge.cli.license_topics import license_page
from weighbridge.licensing.table import entries


def test_a_license_by_its_id_and_by_its_name():
    page = license_page("llama3.1")
    assert page.startswith("License: Llama 3.1 Community License, Meta (vendor-conditional)\n")
    assert "Commercial use is allowed on conditions." in page
    assert "  ☐ Show “Built with Llama” in the product" in page
    assert "Above 700 million monthly users" in page
    assert "Source: aboutcode scancode-licensedb llama-3.1-license-2024" in page
    assert license_page("Llama 3.1 Community License") == page


def test_an_ambiguous_label_and_a_well_known_model():
    assert "modified-mit-kimi-k2, modified-mit-minimax" in license_page("modified-mit")
    assert "qwen-research" in license_page("Qwen/Qwen2.5-3B-Instruct")


@pytest.mark.parametrize("topic", ["other", "acme/model", "no such license", "", "qwen2.5-3b"])
def test_what_is_no_license(topic):
    assert license_page(topic) is None


def test_every_license_has_a_page():
    for entry in entries():
        assert license_page(entry.id)


def test_explain_shows_it():
    code, text = wb("explain", "cc-by-nc-4.0")[:2]
    assert code == 0
    assert "No commercial use." in text
