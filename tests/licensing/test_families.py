import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.families import canonical, families, family_of
from weighbridge.licensing.table import license_entry
from weighbridge.model.license import Commercial


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "llama3.1"),
        ("meta-llama/Meta-Llama-3-8B", "llama3"),
        ("unsloth/Meta-Llama-3.1-8B-bnb-4bit", "llama3.1"),
        ("Meta Llama/Llama 3.1 8B", "llama3.1"),
        ("library/llama3.2:3b", "llama3.2"),
        ("meta-llama/Llama-2-7b-hf", "llama2"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "llama3.3"),
        ("deepseek-ai/DeepSeek-R1-0528", "mit"),
        ("Qwen/Qwen2.5-3B-Instruct", "qwen-research"),
        ("Qwen/Qwen2.5-7B-Instruct", "apache-2.0"),
        ("Qwen/Qwen2.5-72B", "qwen"),
        ("google/gemma-3-4b-it", "gemma"),
        ("google/gemma-4-12b", "apache-2.0"),
        ("black-forest-labs/FLUX.1-dev", "flux-1-dev-nc"),
        ("black-forest-labs/FLUX.1-schnell", "apache-2.0"),
        ("mistralai/Codestral-22B-v0.1", "mistral-mnpl-0.1"),
        ("mistralai/Mistral-7B-v0.3@0123abc", "apache-2.0"),
        ("LGAI-EXAONE/EXAONE-3.5-7.8B", "exaone-1.1-nc"),
    ],
)
def test_well_known_models(name, expected):
    family = family_of(name)
    assert family is not None
    assert family.licenses[0] == expected


@pytest.mark.parametrize("name", ["", "acme/model", "Qwen/Qwen9-1B", "other/Qwen2.5-7B", "mallama/x", "./base", "qwen"])
def test_a_name_that_is_not_known_says_nothing(name):
    assert family_of(name) is None


def test_only_what_restricts_fits_copies_by_other_owners():
    for family in families():
        commercial = {license_entry(license_id).commercial for license_id in family.licenses}
        if commercial == {Commercial.ALLOWED}:
            assert not [model for model in family.models if model.startswith("*")], family.models


def test_every_family_has_licenses_of_the_table_and_can_be_reached():
    for family in families():
        assert family.source
        assert all(license_entry(license_id) is not None for license_id in family.licenses)
        for model in family.models:
            found = family_of(model.replace("*", "x"))
            assert found is not None, model


def test_one_form_of_a_name():
    assert canonical(" Owner/My Model_1.GGUF ") == "owner/my-model-1"
    assert canonical("library/llama3.1:8b") == "library/llama3.1"
    assert canonical("owner/name@" + "0" * 40) == "owner/name"


@given(st.text())
def test_any_name_is_taken(name):
    family_of(name)


def test_the_day_from_which_the_last_license_holds():
    assert family_of("mistralai/Codestral-22B-v0.1").since == "2026-05-01"
    assert family_of("microsoft/phi-2").since == ""
    assert all(len(family.licenses) > 1 for family in families() if family.since)
