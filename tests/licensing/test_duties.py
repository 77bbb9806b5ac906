from weighbridge.licensing.duties import checklist, derivative_words, duty, outputs_words, threshold_words
from weighbridge.licensing.strictness import UNKNOWN, terms_of
from weighbridge.licensing.table import entries, license_entry
from weighbridge.model.license import Threshold


def test_every_word_of_the_table_has_its_sentence():
    for entry in entries():
        terms = terms_of(entry)
        for line in checklist(terms):
            assert line.endswith("."), line
            assert not line.startswith("Meet this"), f"{entry.id}: {line}"
            assert "_" not in line, line
        assert "_" not in outputs_words(terms)


def test_duties():
    assert duty("display:Built with Llama") == "Show “Built with Llama” in the product, its page or its documentation."
    assert duty("keep-license-text") == "Keep the license text with every copy."
    assert duty("something-new") == "Meet this: something-new."


def test_thresholds():
    users = Threshold(
        metric="monthly_active_users", above=700_000_000, effect="separate-license", measured="at-release"
    )
    assert threshold_words(users) == (
        "Above 700 million monthly users when the model came out: ask the publisher for a separate license."
    )
    money = Threshold(metric="annual_revenue_usd", above=1_500_001, effect="display-name", scope="hosting")
    euros = Threshold(metric="annual_revenue_eur", above=2_000_000, effect="separate-license")
    assert threshold_words(euros) == "Above 2 million EUR yearly revenue: ask the publisher for a separate license."
    yuan = Threshold(metric="monthly_revenue_cny", above=1, effect="separate-license")
    assert threshold_words(yuan).startswith("Above 1 CNY monthly revenue")
    assert threshold_words(money) == "Above 1,500,001 USD yearly revenue (hosting): show the model's name."


def test_what_derivatives_carry():
    assert derivative_words("same-license:gpl-3.0") == "Put it under the GNU GPL 3.0 as well."
    assert "Llama 3.1 Community License" in derivative_words("may-add-own-terms:llama3.1")


def test_a_checklist_says_everything_once():
    lines = checklist(terms_of(license_entry("llama4")))
    assert len(lines) == len(set(lines))
    assert any("700 million" in line for line in lines)
    assert "Not for people and companies in: EU." in lines
    assert any(line.startswith("Follow the use policy") for line in lines)
    assert checklist(UNKNOWN) == ()
