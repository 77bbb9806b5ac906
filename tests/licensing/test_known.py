from weighbridge.licensing.known import COMMERCIAL, NAMES_NOTHING, SPELLINGS
from weighbridge.model.license import Commercial


def test_only_what_is_beyond_doubt():
    assert set(COMMERCIAL.values()) == {Commercial.ALLOWED, Commercial.PROHIBITED}
    for name, commercial in COMMERCIAL.items():
        assert name == name.lower()
        assert ("-nc-" in name) is (commercial is Commercial.PROHIBITED)


def test_spellings_lead_to_known_ids():
    assert set(SPELLINGS.values()) <= COMMERCIAL.keys()
    assert all(spelling == " ".join(spelling.lower().split()) for spelling in SPELLINGS)


def test_labels_are_no_ids():
    assert NAMES_NOTHING.isdisjoint(COMMERCIAL)
    assert "other" in NAMES_NOTHING
