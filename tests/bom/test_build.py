from tests.bom.bills import artifact, bom_of, demo_bom, fact, three_model_bom

from weighbridge.bom.component import Kind
from weighbridge.model.artifact import Part
from weighbridge.model.finding import Assessment, Unexamined
from weighbridge.model.license import (
    ChainLink,
    Commercial,
    DeclaredLicense,
    EffectiveTerms,
    IdentifiedText,
    LicenseTerms,
    Outputs,
    TextLikeness,
    Threshold,
)
from weighbridge.model.place import Place
from weighbridge.model.verdict import DecidingRule, Decision, Verdict


def test_names_on_the_demo_machine_are_what_people_call_the_models() -> None:
    names = {(item.group, item.name) for item in demo_bom().components}
    assert ("HuggingFaceTB", "SmolLM2-135M-Instruct") in names
    assert ("library", "gemma3") in names
    assert ("", "tiny-poet-110m.Q8_0.gguf") in names
    assert ("", "adapter/adapter_model.safetensors") in names
    versions = {item.name: item.version for item in demo_bom().components}
    assert versions["gemma3"] == "270m"
    assert versions["SmolLM2-135M-Instruct"] == "bed3655d44736098fa59a0661d724a73da7c5654"


def test_a_purl_needs_facts() -> None:
    purls = {item.name: item.purl for item in demo_bom().components}
    commit = "bed3655d44736098fa59a0661d724a73da7c5654"
    assert (
        purls["SmolLM2-135M-Instruct"]
        == f"pkg:huggingface/HuggingFaceTB/SmolLM2-135M-Instruct@{commit}#model.safetensors"
    )
    assert (purls["detector.onnx"] or "").startswith("pkg:generic/detector.onnx?checksum=sha256:")
    gemma = purls["gemma3"] or ""
    assert gemma.startswith("pkg:oci/gemma3@sha256:")
    assert gemma.endswith("?repository_url=registry.ollama.ai/library/gemma3&tag=270m")
    assert purls["agent-model/config.json"] is None
    assert bom_of(artifact(sha256=None)).components[0].purl is None


def test_shards_are_one_component_with_parts() -> None:
    shards = next(item for item in three_model_bom().components if item.parts)
    assert shards.name == "d/model.safetensors"
    assert [part.path for part in shards.parts] == [f"d/model-{number:05}-of-00003.safetensors" for number in (1, 2, 3)]
    assert all(part.sha256 and part.blake3 and part.ref == f"sha256:{part.sha256}" for part in shards.parts)
    assert shards.sha256 is None
    assert shards.ref.startswith("sha256:")
    assert shards.size == sum(part.size for part in shards.parts)


def test_a_missing_shard_makes_the_component_incomplete() -> None:
    (shards,) = bom_of(artifact("/home/ada/models/x/w-00001-of-00002.gguf")).components
    assert shards.assessment == "incomplete"
    assert shards.ref.startswith("urn:uuid:")
    assert "1 of 2 shards are missing" in [concern.message for concern in shards.concerns]


def test_files_beside_a_graph_are_parts() -> None:
    part = Part(path=b"/home/ada/models/weights.bin", size=5, sha256="b" * 64)
    (graph,) = bom_of(artifact("/home/ada/models/g.onnx", format="onnx", parts=(part,))).components
    assert (graph.parts[0].path, graph.parts[0].sha256, graph.size) == ("weights.bin", "b" * 64, 12)


def test_references_are_unique_even_where_content_is_shared() -> None:
    part = Part(path=b"/home/ada/models/weights.bin", size=5, sha256="a" * 64)
    bom = bom_of(artifact("/home/ada/models/g.onnx", parts=(part,)))
    assert [bom.components[0].ref, bom.components[0].parts[0].ref] == [
        "sha256:" + "a" * 64,
        "sha256:" + "a" * 64 + "#2",
    ]


def test_artifacts_of_one_name_are_told_apart_by_their_files() -> None:
    def cached(file: str, sha256: str) -> object:
        path = f"/home/ada/.cache/huggingface/hub/models--o--m/snapshots/{'1' * 40}/{file}"
        place = Place(path=path.encode(), store="huggingface", store_name="o/m@main")
        return artifact(sha256=sha256, places=(place,))

    bom = bom_of(cached("a.gguf", "a" * 64), cached("b.gguf", "b" * 64))  # type: ignore[arg-type]
    assert [item.name for item in bom.components] == ["m/a.gguf", "m/b.gguf"]


def test_members_of_archives_name_both() -> None:
    place = Place(path=b"/home/ada/models/old.zip", member="run/best.pt")
    (member,) = bom_of(artifact(places=(place,))).components
    assert member.name == "best.pt"
    assert (member.occurrences[0].path, member.occurrences[0].member) == ("old.zip", "run/best.pt")


def test_what_has_no_digest_gets_a_reference_from_its_place() -> None:
    one, two = (bom_of(artifact(path, None)).components[0].ref for path in ("/home/ada/models/a", "/home/ada/models/b"))
    assert one.startswith("urn:uuid:")
    assert one != two
    claimed = bom_of(artifact(sha256=None, claimed_sha256="c" * 64)).components[0]
    assert claimed.version == "sha256:" + "c" * 12
    assert [item.confidence for item in claimed.identities if item.field == "version"] == [0.5]


def test_terms_come_with_chain_and_texts() -> None:
    terms = LicenseTerms(
        declared=(DeclaredLicense(value="apache-2.0", source="header"),),
        texts=(IdentifiedText(source="LICENSE", sha256="d" * 64, likeness=TextLikeness.EXACT, license="llama3.1"),),
        concluded="llama3.1",
        commercial=Commercial.CONDITIONAL,
        effective=EffectiveTerms(
            commercial=Commercial.CONDITIONAL,
            production=Commercial.CONDITIONAL,
            outputs=Outputs.FREE,
            thresholds=(Threshold(metric="monthly_active_users", above=700, effect="separate-license"),),
            obligations=("display:Built with Llama",),
            chain=(
                ChainLink(
                    name="this artifact",
                    license="llama3.1",
                    commercial=Commercial.CONDITIONAL,
                    grade="measured",
                    source="text",
                ),
            ),
            decided_by="this artifact",
        ),
    )
    licensing = bom_of(artifact(license=terms)).components[0].licensing
    assert ("threshold", "monthly_active_users > 700: separate-license") in licensing.terms
    assert ("obligation", "display:Built with Llama") in licensing.terms
    assert ("chain", "this artifact: llama3.1, conditional (text)") in licensing.terms
    assert licensing.texts[0].likeness == "exact"


def test_the_strictest_verdict_of_a_set_counts() -> None:
    def verdict(decision: Decision) -> Verdict:
        rule = DecidingRule(id="r", severity="high", reason="Because.", remedy="")
        return Verdict(decision=decision, action="load", policy="p 1", mode="enforce", rules=(rule,))

    bom = bom_of(
        artifact("/home/ada/models/w-00001-of-00002.gguf", "a" * 64, verdict=verdict(Decision.DENY)),
        artifact("/home/ada/models/w-00002-of-00002.gguf", "b" * 64, verdict=verdict(Decision.ALLOW)),
    )
    decided = bom.components[0].verdict
    assert decided is not None
    assert (decided.decision, decided.rules) == ("deny", (("r", "Because."),))
    assert bom.policy == "p 1 (enforce)"


def test_an_empty_or_interrupted_scan_is_still_a_document() -> None:
    bom = bom_of(interrupted=True, unexamined=(Unexamined(path=b"/home/ada/models/x", reason="gone"),) * 2)
    assert bom.components == ()
    assert [(gap.path, gap.reason) for gap in bom.gaps] == [("x", "gone")]
    assert bom.interrupted


def test_attributes_are_bounded_and_sorted() -> None:
    facts = tuple(fact(f"n{number:04}", "x" * 10_000) for number in range(500))
    (component,) = bom_of(artifact(facts=facts, assessment=Assessment.REVIEW)).components
    assert len(component.attributes) == 80
    assert max(len(item.value) for item in component.attributes) <= 501
    assert component.kind is Kind.MODEL
