import pytest

from weighbridge.licensing.entry import entry_from
from weighbridge.model.license import Commercial, Threshold

ROW = {
    "name": "A license",
    "class": "vendor-conditional",
    "commercial": "conditional",
    "production": "conditional",
    "outputs": "free",
    "output_training": "free",
    "redistribution": "conditional",
    "share_alike": "none",
    "derivatives": "free",
    "use_policy": "none",
    "confidence": "high",
    "source": "its text",
    "as_of": "2026-11-20",
}


def test_lists_become_tuples_and_thresholds_records():
    threshold = {"metric": "annual_revenue_usd", "above": 5, "effect": "separate-license"}
    entry = entry_from("a", ROW | {"aliases": ["b"], "thresholds": [threshold]})
    assert (entry.id, entry.aliases, entry.commercial) == ("a", ("b",), Commercial.CONDITIONAL)
    assert entry.thresholds == (Threshold(metric="annual_revenue_usd", above=5, effect="separate-license"),)


def test_the_row_is_left_as_it_was():
    row = dict(ROW)
    entry_from("a", row)
    assert row == ROW


@pytest.mark.parametrize("metric", ["annual_revenue_eur", "monthly_revenue_krw", "daily_active_users"])
def test_thresholds_in_any_currency_or_users(metric):
    threshold = {"metric": metric, "above": 5, "effect": "separate-license"}
    assert entry_from("a", ROW | {"thresholds": [threshold]}).thresholds[0].metric == metric


@pytest.mark.parametrize(("metric", "above"), [("revenue", 5), ("annual_revenue_euros", 5), ("annual_revenue_eur", 0)])
def test_thresholds_that_nobody_could_compare(metric, above):
    with pytest.raises(ValueError, match="is not known"):
        entry_from("a", ROW | {"thresholds": [{"metric": metric, "above": above, "effect": "separate-license"}]})
