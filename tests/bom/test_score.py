import json
from dataclasses import replace

from tests.bom.bills import artifact, bom_of, fact, three_model_bom

from weighbridge.bom import cyclonedx
from weighbridge.bom.component import Attribute, Bom, Component, Kind, Licensing, Statement
from weighbridge.bom.read import read_bom
from weighbridge.bom.score import _MODEL_ATTRIBUTES, _STATED, score
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.model.license import IdentifiedText, LicenseTerms, TextLikeness

SAID = Grade.DECLARED


def _worded() -> Bom:
    """Return a document that says everything, beautifully, and proves nothing."""
    names = {name for wanted in _MODEL_ATTRIBUTES.values() for name in wanted} | {"training.method", "reference.vcs"}
    card = Component(
        ref="model",
        kind=Kind.MODEL,
        name="Wonder",
        version="9",
        description="The best of models. " * 20,
        producer="Wonder Labs",
        purl="pkg:generic/wonder",
        sha256="a" * 64,
        attributes=tuple(
            Attribute(name=name, value="words " * 50, grade=SAID, source="card") for name in sorted(names)
        ),
        licensing=Licensing(declared=(Statement(value="MIT", source="card"),), concluded="MIT"),
        ancestors=(Ancestor(name="o/base", relation=Relation.DERIVED, grade=SAID, source="card"),),
    )
    stated = {name for wanted in _STATED.values() for name in wanted}
    return Bom(
        name="wonder",
        tool="pen 1",
        timestamp="2026-01-01T00:00:00Z",
        foreign=True,
        components=(card, replace(card, ref="lib", kind=Kind.LIBRARY, name="lib")),
        stated=tuple(Attribute(name=name, value="words", grade=SAID, source="card") for name in sorted(stated)),
    )


def _checked() -> Bom:
    """Return a short document whose few statements were checked."""
    base = Ancestor(name="o/base", relation=Relation.FINE_TUNED, grade=Grade.MEASURED, source="atlas", score=0.99)
    text = IdentifiedText(source="LICENSE", sha256="d" * 64, likeness=TextLikeness.EXACT, license="apache-2.0")
    model = artifact(
        facts=(
            fact("parameters", 7, Grade.MEASURED),
            fact("architecture", "llama"),
            fact("signature", "key 1234", Grade.SIGNED),
        ),
        ancestry=(base,),
        license=LicenseTerms(texts=(text,), concluded="apache-2.0"),
    )
    return bom_of(model)


def test_all_words_without_proof_score_below_a_checked_model() -> None:
    worded, checked = score(_worded()), score(_checked())
    assert worded.covered == worded.elements == 50
    assert checked.covered < 25
    assert worded.verified < checked.verified


def test_every_proof_counts() -> None:
    whole = _checked()
    (model,) = whole.components
    for weaker in (
        replace(model, sha256=None, ref="urn:uuid:x", version=""),
        replace(model, attributes=tuple(item for item in model.attributes if item.grade is not Grade.SIGNED)),
        replace(model, ancestors=tuple(replace(item, grade=SAID) for item in model.ancestors)),
        replace(model, licensing=Licensing(declared=(Statement(value="apache-2.0", source="card"),))),
    ):
        assert score(replace(whole, components=(weaker,))).verified < score(whole).verified


def test_words_alone_never_pass_a_fifth_of_what_proof_reaches() -> None:
    found = score(_worded())
    every = [item for cluster in found.clusters for item in cluster.found]
    assert {item.verified for item in every if item.element.notation not in ("MD-03", "MD-04")} == {0.2}
    assert found.verification.covered == 0


def test_another_tools_document_proves_nothing_by_carrying_our_grades() -> None:
    ours = _checked()
    foreign = score(replace(ours, foreign=True))
    assert foreign.verified < score(ours).verified
    assert foreign.verification.covered == 0


def test_partly_is_not_covered() -> None:
    bom = bom_of(artifact(facts=(fact("task", "chat"),)), artifact("/home/ada/models/n.gguf", "b" * 64))
    tasks = {item.element.notation: item for cluster in score(bom).clusters for item in cluster.found}["MDL-10"]
    assert (tasks.share, tasks.verified) == (0.5, 0.1)
    models = next(cluster for cluster in score(bom).clusters if cluster.title == "Models")
    assert models.partly == 1


def test_without_models_nothing_is_found_and_nothing_fails() -> None:
    found = score(bom_of())
    assert found.models == 0
    assert 0 < found.verified < 0.1


def test_a_document_scores_what_its_record_scores() -> None:
    bom = three_model_bom()
    assert score(read_bom(json.dumps(cyclonedx.document(bom)).encode())) == score(bom)
