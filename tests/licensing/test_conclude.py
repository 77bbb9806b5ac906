from tests.licensing.license_texts import exact, text

from weighbridge.licensing.conclude import conclude, same_terms
from weighbridge.licensing.statement import statements
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial, LicenseAltered, LicenseDisagreement, Outputs, TextLikeness

BESIDE = "LICENSE beside the file"


def stated(*values, **named):
    facts = [
        Fact(name="license", value=value, grade=Grade.DECLARED, source=f"place {at}") for at, value in enumerate(values)
    ]
    facts += [
        Fact(name=f"license.{key}", value=value, grade=Grade.DECLARED, source=key) for key, value in named.items()
    ]
    return statements(facts)


def answer(found):
    return found.license, found.method, found.confidence, found.terms.commercial


def test_nothing_and_other():
    assert conclude((), ()).reasons == ("Nothing declares a license.",)
    found = conclude(stated("other"), ())
    assert answer(found) == (None, None, None, Commercial.UNKNOWN)
    assert "names no license: `other`" in found.reasons[1]


def test_other_with_a_name_is_that_name():
    found = conclude(stated("other", name="flux-1-dev-non-commercial-license"), ())
    assert found.terms.commercial is Commercial.PROHIBITED
    assert found.license == "flux-1-dev-nc"


def test_other_beside_a_permission_takes_it_away():
    assert conclude(stated("other", "mit"), ()).terms.commercial is Commercial.UNKNOWN


def test_label_text_and_both():
    assert answer(conclude(stated("mit"), ())) == ("mit", "label", Confidence.MEDIUM, Commercial.ALLOWED)
    assert answer(conclude((), [exact(BESIDE, "mit")])) == ("mit", "text", Confidence.HIGH, Commercial.ALLOWED)
    both = conclude(stated("mit"), [exact(BESIDE, "mit")])
    assert answer(both) == ("mit", "text-and-label", Confidence.HIGH, Commercial.ALLOWED)
    assert both.observations == ()
    contained = conclude((), [text(BESIDE, TextLikeness.CONTAINED, "mit")])
    assert answer(contained) == ("mit", "text", Confidence.MEDIUM, Commercial.ALLOWED)


def test_a_text_settles_other():
    assert answer(conclude(stated("other"), [exact(BESIDE, "apache-2.0")]))[3] is Commercial.ALLOWED


def test_a_text_beats_a_label_and_the_stricter_holds():
    looser = conclude(stated("cc-by-nc-4.0"), [exact(BESIDE, "mit")])
    assert (looser.license, looser.terms.commercial) == ("mit", Commercial.PROHIBITED)
    stricter = conclude(stated("mit"), [exact(BESIDE, "cc-by-nc-4.0")])
    assert (stricter.license, stricter.terms.commercial) == ("cc-by-nc-4.0", Commercial.PROHIBITED)
    for found in (looser, stricter):
        assert [type(item) for item in found.observations] == [LicenseDisagreement]


def test_permissions_that_disagree_are_no_permission():
    for found in (
        conclude(stated("mit", "apache-2.0"), ()),
        conclude(stated("mit"), [exact(BESIDE, "apache-2.0")]),
        conclude((), [exact(BESIDE, "mit"), exact("LICENSE.txt beside the file", "apache-2.0")]),
    ):
        assert found.terms.commercial is Commercial.UNKNOWN
        assert len(found.observations) == 1


def test_a_revision_of_the_same_license_is_no_disagreement():
    found = conclude(stated("llama3.1", "llama3.2"), ())
    assert found.observations == ()
    assert found.terms.commercial is Commercial.CONDITIONAL
    assert same_terms("cc-by-nc-3.0", "cc-by-nc-4.0")
    assert not same_terms("qwen", "qwen-research")
    assert not same_terms("mit", "apache-2.0")
    assert not same_terms("cc-by-4.0", "cc-by-nc-4.0")


def test_altered_partial_and_ambiguous_texts_are_never_a_permission():
    for likeness in (TextLikeness.ALTERED, TextLikeness.PARTIAL, TextLikeness.AMBIGUOUS, TextLikeness.UNIDENTIFIED):
        for declared in (stated("mit"), ()):
            found = conclude(
                declared, [text(BESIDE, likeness, None if likeness is TextLikeness.UNIDENTIFIED else "mit")]
            )
            assert found.terms.commercial is Commercial.UNKNOWN, likeness
    changed = conclude((), [text(BESIDE, TextLikeness.ALTERED, "mit", detail="added: not commercially")])
    assert changed.observations == (LicenseAltered(source=BESIDE, license="mit", detail="added: not commercially"),)
    assert changed.license is None


def test_an_altered_prohibition_stays_one():
    assert conclude((), [text(BESIDE, TextLikeness.ALTERED, "cc-by-nc-4.0")]).terms.commercial is Commercial.PROHIBITED
    several = text(BESIDE, TextLikeness.AMBIGUOUS, "cc-by-4.0", candidates=("cc-by-nc-4.0",))
    assert conclude(stated("cc-by-4.0"), [several]).terms.commercial is Commercial.PROHIBITED


def test_an_unknown_text_leaves_a_restriction_as_it_is():
    found = conclude(stated("llama3"), [text(BESIDE, TextLikeness.UNIDENTIFIED)])
    assert (found.license, found.terms.commercial) == ("llama3", Commercial.CONDITIONAL)


def test_the_title_of_an_unknown_text_may_only_restrict():
    one = text(BESIDE, TextLikeness.UNIDENTIFIED, content="Meta Llama 3 Community License Agreement\n\nwords")
    assert conclude((), [one]).terms.commercial is Commercial.CONDITIONAL
    other = text(BESIDE, TextLikeness.UNIDENTIFIED, content="MIT License\n\nwords that are not")
    assert conclude((), [other]).terms.commercial is Commercial.UNKNOWN


def test_the_license_of_the_code_is_not_the_models():
    found = conclude(
        (), [exact("LICENSE-CODE beside the file", "mit"), exact("LICENSE-MODEL beside the file", "deepseek")]
    )
    assert (found.license, found.terms.commercial) == ("deepseek", Commercial.CONDITIONAL)
    assert found.observations == ()
    alone = conclude((), [exact("LICENSE-CODE beside the file", "mit")])
    assert (alone.license, alone.terms.commercial) == (None, Commercial.UNKNOWN)
    plain = conclude((), [exact(BESIDE, "mit"), exact("LICENSE-MODEL beside the file", "deepseek")])
    assert plain.license == "deepseek"


def test_a_use_policy_makes_a_permission_conditional():
    policy = text("USE_POLICY.md beside the file", TextLikeness.UNIDENTIFIED)
    found = conclude(stated("apache-2.0"), [exact(BESIDE, "apache-2.0"), policy])
    assert (found.license, found.terms.commercial) == ("apache-2.0", Commercial.CONDITIONAL)
    assert found.terms.use_policy == "in-text"
    assert conclude(stated("cc-by-nc-4.0"), [policy]).terms.commercial is Commercial.PROHIBITED


def test_a_notice_names_what_restricts():
    notice = text(
        "NOTICE beside the file",
        TextLikeness.UNIDENTIFIED,
        content="Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright (c) Meta Platforms, Inc.",
    )
    found = conclude(stated("apache-2.0"), [notice])
    assert found.terms.commercial is Commercial.CONDITIONAL
    assert len(found.observations) == 1
    harmless = text(
        "NOTICE beside the file", TextLikeness.UNIDENTIFIED, content="Parts are licensed under the MIT License."
    )
    assert conclude(stated("apache-2.0"), [harmless]).terms.commercial is Commercial.ALLOWED


def test_a_text_that_may_belong_to_something_else_grants_nothing_alone():
    shared = frozenset({BESIDE})
    assert conclude((), [exact(BESIDE, "mit")], shared=shared).terms.commercial is Commercial.UNKNOWN
    assert conclude(stated("mit"), [exact(BESIDE, "mit")], shared=shared).terms.commercial is Commercial.ALLOWED
    assert conclude((), [exact(BESIDE, "cc-by-nc-4.0")], shared=shared).terms.commercial is Commercial.PROHIBITED


def test_an_unknown_label_beside_a_permissive_text():
    found = conclude(stated("other", name="acme-nc"), [exact(BESIDE, "mit")])
    assert found.terms.commercial is Commercial.UNKNOWN
    assert found.terms.outputs is Outputs.UNCLEAR


def test_a_license_of_the_index_without_terms_of_ours():
    found = conclude((), [exact(BESIDE, "some-license-of-the-index")])
    assert answer(found) == ("some-license-of-the-index", "text", Confidence.MEDIUM, Commercial.UNKNOWN)
    assert "not in the table" in found.reasons[1]


def test_a_plain_text_that_restricts_counts_beside_the_weights_own():
    found = conclude((), [exact(BESIDE, "cc-by-nc-4.0"), exact("MODEL_LICENSE beside the file", "mit")])
    assert found.terms.commercial is Commercial.PROHIBITED
    unknown = text(BESIDE, TextLikeness.UNIDENTIFIED)
    assert conclude((), [unknown, exact("MODEL_LICENSE beside the file", "mit")]).terms.commercial is Commercial.UNKNOWN


def test_a_notice_that_speaks_of_a_limit_takes_a_permission_away():
    notice = text("NOTICE beside the file", TextLikeness.UNIDENTIFIED, content="Weights: non-commercial.")
    found = conclude(stated("mit"), [exact(BESIDE, "mit"), notice])
    assert found.terms.commercial is Commercial.UNKNOWN
    assert "`non-commercial`" in found.reasons[-1]


def test_a_link_to_terms_elsewhere_leaves_open_what_holds_until_a_text_says_it():
    linked = stated("mit", link="https://acme.example/terms")
    assert conclude(linked, ()).terms.commercial is Commercial.UNKNOWN
    assert conclude(linked, [exact(BESIDE, "mit")]).terms.commercial is Commercial.ALLOWED


def test_a_text_that_could_not_be_read_may_hold_terms():
    found = conclude(stated("mit"), [text(BESIDE, TextLikeness.UNIDENTIFIED, detail="could not be read, or longer")])
    assert found.terms.commercial is Commercial.UNKNOWN
    assert found.reasons[-1] == f"{BESIDE}: could not be read, or longer; terms may stand there."


def test_texts_in_folders_below_restrict_and_grant_nothing():
    strict = conclude(stated("mit"), [exact(BESIDE, "mit"), exact("docs/LICENSE in a folder below", "cc-by-nc-4.0")])
    assert strict.terms.commercial is Commercial.PROHIBITED
    others = conclude(stated("mit"), [exact(BESIDE, "mit"), exact("licenses/x.txt in a folder below", "bsd-3-clause")])
    assert (others.terms.commercial, others.observations) == (Commercial.ALLOWED, ())
    alone = conclude((), [exact("docs/LICENSE in a folder below", "mit")])
    assert alone.terms.commercial is Commercial.UNKNOWN


def test_two_texts_to_choose_from_do_not_contradict_each_other():
    both = [exact("LICENSE-MIT beside the file", "mit"), exact("LICENSE-APACHE beside the file", "apache-2.0")]
    for said in ((), ("mit",), ("MIT OR Apache-2.0",), ("mit", "apache-2.0")):
        found = conclude(stated(*said), both)
        assert (found.license, found.terms.commercial) == ("apache-2.0 OR mit", Commercial.ALLOWED), said
        assert found.observations == ()
    assert conclude(stated("cc-by-nc-4.0"), both).terms.commercial is Commercial.PROHIBITED


def test_a_stated_limit_takes_a_permission_away():
    found = conclude(stated("mit"), [exact(BESIDE, "mit")], limits=[("README.md", "for research only")])
    assert found.terms.commercial is Commercial.UNKNOWN
    assert "README.md states a limit to use: `for research only`." in found.reasons
    assert conclude(stated("cc-by-nc-4.0"), (), limits=[("x", "y")]).terms.commercial is Commercial.PROHIBITED
