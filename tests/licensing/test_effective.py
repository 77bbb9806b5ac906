from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.conclude import conclude
from weighbridge.licensing.effective import MOST_LINKS, Known, effective, named
from weighbridge.licensing.statement import statements
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial, LicenseDisagreement, Outputs

KEY = "header key general.base_model.0"


def own(*labels):
    facts = [Fact(name="license", value=label, grade=Grade.DECLARED, source="card") for label in labels]
    return conclude(statements(facts), ())


def ancestor(name, *parents, grade=Grade.DECLARED, sha256=None):
    return Ancestor(name=name, relation=Relation.DERIVED, grade=grade, source=KEY, parents=parents, sha256=sha256)


def test_without_ancestors_the_own_terms_hold():
    terms, reasons, observations = effective(own("mit"), ())
    assert (terms.commercial, terms.decided_by, reasons, observations) == (Commercial.ALLOWED, "this artifact", (), ())
    assert [link.name for link in terms.chain] == ["this artifact"]


def test_a_permissive_label_on_a_restricted_base():
    terms, reasons, (laundering,) = effective(own("apache-2.0"), [ancestor("meta-llama/Llama-3.1-8B")])
    assert terms.commercial is Commercial.CONDITIONAL
    assert terms.decided_by == "meta-llama/Llama-3.1-8B"
    assert [(link.name, link.license, link.grade) for link in terms.chain] == [
        ("this artifact", "apache-2.0", "measured"),
        ("meta-llama/Llama-3.1-8B", "llama3.1", "declared"),
    ]
    assert KEY in terms.chain[1].source
    assert {"keep-notice-file", "display:Built with Llama"} <= set(terms.obligations)
    assert terms.derivative_terms == ("may-add-own-terms:llama3.1",)
    assert terms.thresholds[0].above == 700_000_000
    assert "those terms hold too" in reasons[0]
    assert (laundering.claimed, laundering.ancestor_license, laundering.grade) == ("apache-2.0", "llama3.1", "declared")
    assert laundering.chain == ("this artifact", "meta-llama/Llama-3.1-8B")


def test_the_same_license_is_no_laundering():
    assert effective(own("llama3.1"), [ancestor("meta-llama/Llama-3.1-8B")])[2] == ()
    assert effective(own("apache-2.0"), [ancestor("Qwen/Qwen2.5-7B")])[2] == ()
    assert effective(own("qwen-research"), [ancestor("Qwen/Qwen2.5-3B")])[2] == ()


def test_no_claim_is_no_laundering():
    terms, _, observations = effective(own(), [ancestor("Qwen/Qwen2.5-3B")])
    assert (terms.commercial, observations) == (Commercial.PROHIBITED, ())


def test_an_unknown_ancestor_takes_a_permission_away_and_leaves_a_prohibition():
    assert effective(own("mit"), [ancestor("acme/base")])[0].commercial is Commercial.UNKNOWN
    assert effective(own("mit"), [ancestor("acme/base")])[0].outputs is Outputs.UNCLEAR
    assert effective(own("cc-by-nc-4.0"), [ancestor("acme/base")])[0].commercial is Commercial.PROHIBITED
    assert "whose license is not known" in effective(own("mit"), [ancestor("acme/base")])[1][0]


def test_the_whole_chain_counts():
    chain = ancestor("acme/tuned", ancestor("acme/merged", ancestor("Qwen/Qwen2.5-3B")))
    terms, _, (laundering,) = effective(own("mit"), [chain])
    assert terms.commercial is Commercial.PROHIBITED
    assert laundering.chain == ("this artifact", "acme/tuned", "acme/merged", "Qwen/Qwen2.5-3B")


def test_what_the_same_scan_knows_of_an_ancestor():
    known = Known(conclusion=own("cc-by-nc-4.0"), ancestry=(ancestor("acme/root"),))
    terms, _, (laundering,) = effective(
        own("mit"), [ancestor("acme/base")], lambda one: known if one.name == "acme/base" else None
    )
    assert [link.name for link in terms.chain] == ["this artifact", "acme/base", "acme/root"]
    assert terms.decided_by == "acme/base"
    assert laundering.ancestor == "acme/base"
    assert "found in this scan" in terms.chain[1].source


def test_a_label_found_in_the_scan_does_not_loosen_a_known_model():
    known = Known(conclusion=own("mit"))
    terms, _, _ = effective(own("mit"), [ancestor("Qwen/Qwen2.5-3B")], lambda _: known)
    assert terms.commercial is Commercial.PROHIBITED


def test_a_loop_ends():
    first = Known(conclusion=own("mit"), ancestry=(ancestor("acme/b"),))
    second = Known(conclusion=own("mit"), ancestry=(ancestor("acme/a"),))
    here = {"acme/a": first, "acme/b": second}
    terms, _, _ = effective(own("mit"), [ancestor("acme/a")], lambda one: here[one.name])
    assert [link.name for link in terms.chain] == ["this artifact", "acme/a", "acme/b"]
    assert terms.commercial is Commercial.ALLOWED


def test_an_artifact_is_no_ancestor_of_itself():
    terms, _, _ = effective(own("mit"), [ancestor("acme/own")], own_names=["Acme/Own@0123"])
    assert len(terms.chain) == 1


def test_one_model_under_two_keys_counts_once():
    both = [ancestor("acme/base", sha256="a" * 64), ancestor("acme/copy", sha256="a" * 64)]
    assert len(effective(own("mit"), both)[0].chain) == 2


def test_a_chain_is_as_sure_as_its_weakest_step():
    measured = ancestor("acme/x", ancestor("meta-llama/Llama-3.1-8B"), grade=Grade.MEASURED)
    assert [link.grade for link in effective(own("mit"), [measured])[0].chain] == ["measured", "measured", "declared"]


def test_copyleft_must_be_kept():
    _, _, observations = effective(own("mit"), [ancestor("acme/base")], lambda _: Known(conclusion=own("gpl-3.0")))
    assert observations[0].ancestor_license == "gpl-3.0"
    kept = effective(own("gpl-3.0"), [ancestor("acme/base")], lambda _: Known(conclusion=own("gpl-3.0")))
    assert kept[2] == ()


def test_two_that_each_want_the_derivative_cannot_both_be_met():
    terms, reasons, _ = effective(
        own("cc-by-sa-4.0"), [ancestor("acme/base")], lambda _: Known(conclusion=own("gpl-3.0"))
    )
    assert terms.commercial is Commercial.UNKNOWN
    assert "both cannot be met" in reasons[-1]


def test_many_ancestors_are_bounded():
    many = [ancestor(f"acme/{number}") for number in range(500)]
    assert len(effective(own("mit"), many)[0].chain) == MOST_LINKS + 1


def test_a_well_known_name_restricts():
    found = named(own("apache-2.0"), ["Qwen/Qwen2.5-3B-Instruct"])
    assert (found.license, found.confidence, found.terms.commercial) == (
        "apache-2.0",
        Confidence.LOW,
        Commercial.PROHIBITED,
    )
    assert isinstance(found.observations[0], LicenseDisagreement)
    assert "Research only" in found.reasons[-1]


def test_a_well_known_name_never_grants():
    assert named(own(), ["Qwen/Qwen2.5-7B"]).terms.commercial is Commercial.UNKNOWN
    assert named(own("cc-by-nc-4.0"), ["Qwen/Qwen2.5-7B"]).terms.commercial is Commercial.PROHIBITED


def test_a_well_known_name_is_the_license_where_nothing_else_is_said():
    found = named(own(), ["", "Meta-Llama-3.1-8B-Instruct.gguf"])
    assert (found.license, found.method, found.confidence) == ("llama3.1", "name", Confidence.LOW)
    assert found.observations == ()


def test_a_relicensed_model_is_what_its_text_says():
    text = replace(own("mit"), method="text")
    assert named(text, ["microsoft/phi-2"]) == text
    assert named(own("mit"), ["microsoft/phi-2"]).terms.commercial is Commercial.PROHIBITED
    assert named(own("apache-2.0"), ["Yi-34B-Q4_K_M.gguf"]).terms.commercial is Commercial.CONDITIONAL
    assert named(own(), ["microsoft/phi-2"]).terms.commercial is Commercial.PROHIBITED


def test_a_day_settles_a_relicensed_model_only_where_it_is_known():
    name, label = ["mistralai/Codestral-22B-v0.1"], own("apache-2.0")
    assert named(label, name, dates=["2026-06-01"]) == label
    for dates in ([], ["2024-05-29"], ["2026-06-01", "2024-05-29"]):
        assert named(label, name, dates=dates).terms.commercial is Commercial.PROHIBITED
    assert named(own("mit"), ["microsoft/phi-2"], dates=["2026-06-01"]).terms.commercial is Commercial.PROHIBITED


LABELS = st.sampled_from(["mit", "gemma", "cc-by-nc-4.0", "other", "gpl-3.0"])
NAMES = st.sampled_from(["a/a", "a/b", "a/c", "meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"])


@given(LABELS, st.dictionaries(NAMES, st.tuples(LABELS, st.lists(NAMES, max_size=3))), st.lists(NAMES, max_size=3))
def test_any_graph_ends_and_is_no_looser_than_any_of_its_links(label, graph, bases):
    known = {
        name: Known(conclusion=own(said), ancestry=tuple(map(ancestor, parents)))
        for name, (said, parents) in graph.items()
    }
    terms, _, _ = effective(own(label), [ancestor(name) for name in bases], lambda one: known.get(one.name))
    if terms.commercial is Commercial.ALLOWED:
        assert all(link.commercial is Commercial.ALLOWED for link in terms.chain)
