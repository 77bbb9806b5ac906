"""Which texts speak for the model; what they come to together with labels is in test_conclude.py."""

from tests.licensing.license_texts import exact, text

from weighbridge.licensing.own_texts import limits_in_notices, texts_of_the_model, titles_and_notices
from weighbridge.model.license import BELOW, Commercial, TextLikeness


def licenses(*texts):
    return [read.license for read in texts_of_the_model(texts, None)[0]]


def test_the_license_of_the_code_is_not_the_models():
    assert licenses(exact("LICENSE", "cc-by-nc-4.0"), exact("LICENSE-CODE", "mit")) == ["cc-by-nc-4.0"]
    assert licenses(exact("LICENSE-CODE", "mit")) == []


def test_beside_a_license_of_the_weights_a_plain_one_is_the_codes_unless_it_restricts():
    assert licenses(exact("LICENSE", "mit"), exact("LICENSE-MODEL", "llama3.1")) == ["llama3.1"]
    assert licenses(exact("LICENSE", "cc-by-nc-4.0"), exact("LICENSE-MODEL", "mit")) == ["mit", "cc-by-nc-4.0"]


def test_texts_in_folders_below_only_restrict():
    assert licenses(exact(f"a/LICENSE{BELOW}", "mit")) == []
    assert licenses(exact(f"a/LICENSE{BELOW}", "cc-by-nc-4.0")) == ["cc-by-nc-4.0"]


def test_a_use_policy_is_no_license_unless_it_holds_one():
    policy = text("USE_POLICY.md", TextLikeness.UNIDENTIFIED)
    assert texts_of_the_model([policy], None) == ([], ["USE_POLICY.md"])
    assert licenses(exact("USE_POLICY.md", "llama3.1")) == ["llama3.1"]


def test_an_altered_text_permits_nothing():
    ((read,), _) = texts_of_the_model([text("LICENSE", TextLikeness.ALTERED, "mit")], None)
    assert not read.settled
    assert read.terms.commercial is Commercial.UNKNOWN


def test_the_title_of_an_unknown_text_restricts_and_never_permits():
    named = [
        [one.names for one in titles_and_notices([text("LICENSE", TextLikeness.UNIDENTIFIED, content=content)], None)]
        for content in ("CC BY-NC 4.0\n\nwords", "MIT License\n\nwords")
    ]
    assert named == [["cc-by-nc-4.0"], []]


def test_a_notice_that_limits_use_is_told():
    limiting = text("NOTICE", TextLikeness.UNIDENTIFIED, content="For research use only. Copyright A.")
    plain = text("NOTICE", TextLikeness.UNIDENTIFIED, content="Copyright A. All parts of it are by A.")
    assert [*limits_in_notices([limiting])] == ["NOTICE speaks of a limit to use: `research use only`."]
    assert [*limits_in_notices([plain])] == []
