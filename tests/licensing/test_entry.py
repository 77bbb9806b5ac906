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
