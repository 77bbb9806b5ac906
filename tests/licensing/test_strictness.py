from itertools import permutations

from weighbridge.licensing.strictness import ALLOWED, UNKNOWN, loosest, rank, strictest, terms_of
from weighbridge.licensing.table import license_entry
from weighbridge.model.license import Commercial, Outputs, Threshold


def of(license_id, **more):
    return terms_of(license_entry(license_id), **more)


def test_unknown_stands_between_a_condition_and_a_prohibition():
    order = sorted(Commercial, key=rank)
    assert order == [Commercial.ALLOWED, Commercial.CONDITIONAL, Commercial.UNKNOWN, Commercial.PROHIBITED]


def test_every_axis_by_itself():
    terms = strictest([of("llama3.1"), of("exaone-1.1-nc"), of("tencent-hunyuan-3d")])
    assert terms.commercial is Commercial.PROHIBITED
    assert terms.outputs is Outputs.PROHIBITED
    assert terms.output_training == "no-other-models"
    assert terms.regions_excluded == ("EU", "UK", "South Korea")
    assert {"display:Built with Llama", "name-prefix:EXAONE"} <= set(terms.obligations)
    assert terms.use_policy == "external"


def test_thresholds_of_a_kind_count_once_at_their_lowest():
    terms = strictest([of("llama3.1"), of("qwen"), of("stabilityai-community")])
    assert [(item.metric, item.above) for item in terms.thresholds] == [
        ("monthly_active_users", 100_000_000),
        ("annual_revenue_usd", 1_000_000),
    ]
    scoped = strictest([of("kimi-k3"), of("ltxv-owl")])
    assert len({(item.metric, item.scope) for item in scoped.thresholds}) == 2
    assert all(isinstance(item, Threshold) for item in scoped.thresholds)


def test_order_does_not_matter_for_answers():
    for several in permutations([of("mit"), of("gemma"), UNKNOWN]):
        terms = strictest(several)
        assert (terms.commercial, terms.outputs, terms.use_policy) == (Commercial.UNKNOWN, Outputs.UNCLEAR, "unknown")


def test_strictest_of_nothing_is_unknown_and_of_one_is_itself():
    assert strictest([]).commercial is Commercial.UNKNOWN
    assert strictest([of("mit")]) == of("mit")
    assert strictest([ALLOWED, of("mit")]).commercial is Commercial.ALLOWED


def test_who_may_choose_takes_the_loosest():
    assert loosest([of("cc-by-nc-4.0"), of("mit")]) == of("mit")


def test_regions_that_only_models_which_see_are_withheld_from():
    assert of("llama3.2", multimodal=True).regions_excluded == ("EU",)
    assert of("llama3.2").regions_excluded == ("EU",)
    assert of("llama3.2", multimodal=False).regions_excluded == ()
    assert of("llama4", multimodal=False).regions_excluded == ("EU",)


def test_what_a_derivative_carries_names_the_license():
    assert of("gpl-3.0").derivative_terms == ("same-license:gpl-3.0",)
    assert of("mit").derivative_terms == ()
