from tests.house.files import ROOT
from tests.samples.stores import add_docker, add_ollama

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.license import Commercial, IdentifiedText, LicenseText, TextLikeness
from weighbridge.model.place import Place
from weighbridge.pipeline.demo_files import gguf
from weighbridge.pipeline.demo_licenses import add_three_models
from weighbridge.pipeline.licenses import NOTHING, license_artifacts
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

HOME = b"/home/ada"


def fact(name, value):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source="card")


def artifact(name, *facts, sha256=None, store_name=None):
    place = Place(path=HOME + b"/" + name.encode(), store="huggingface" if store_name else None, store_name=store_name)
    return Artifact(
        format="gguf", size=1, places=(place,), assessment=Assessment.CLEAN, facts=facts, sha256=sha256 and sha256 * 64
    )


def flux(text: LicenseText) -> IdentifiedText:
    return IdentifiedText(source=text.source, sha256="0" * 64, likeness=TextLikeness.EXACT, license="flux-1-dev-nc")


def licensed(*artifacts):
    return license_artifacts(FakeMachine(), (HOME,), artifacts, (), (), flux)


def test_the_folder_of_three_models():
    machine = FakeMachine()
    add_three_models(machine, HOME + b"/three")
    first, second, third = scan(machine, Options(roots=(HOME,))).artifacts
    assert [item.license.commercial for item in (first, second, third)] == [
        Commercial.CONDITIONAL,
        Commercial.PROHIBITED,
        Commercial.PROHIBITED,
    ]
    assert [item.assessment for item in (first, second, third)] == [Assessment.CLEAN] * 3
    assert [link.name for link in first.license.effective.chain] == ["this artifact", "meta-llama/Llama-3.1-8B"]
    assert first.license.effective.decided_by == "meta-llama/Llama-3.1-8B"
    assert first.lineage == ("meta-llama/Llama-3.1-8B",)
    (finding,) = first.findings
    assert finding.check == "license-laundering"
    assert finding.evidence.value == "this artifact ← meta-llama/Llama-3.1-8B"
    assert second.license.concluded == "cc-by-nc-4.0"
    assert "model card front matter license" in second.license.declared[0].source
    assert third.license.texts[0].source == "LICENSE.md beside the file"
    assert "flux-1-dev-non-commercial-license" in [item.value for item in third.license.declared]
    assert not second.findings + third.findings


def test_nobody_says_anything():
    found = licensed(artifact("a"), artifact("b", fact("architecture", "llama")))
    assert [item.license for item in found] == [NOTHING, NOTHING]
    assert NOTHING.commercial is NOTHING.effective.commercial is Commercial.UNKNOWN


def test_an_ancestor_in_the_same_scan_by_name_and_by_digest():
    base = artifact("base", fact("license", "cc-by-nc-4.0"), sha256="a", store_name="acme/base@0123")
    by_name = artifact("tuned", fact("license", "mit"), fact("base_model", "Acme/Base"))
    found = licensed(by_name, base)[0]
    assert found.license.commercial is Commercial.PROHIBITED
    assert [item.check for item in found.findings] == ["license-laundering"]
    assert "found in this scan" in found.license.effective.chain[1].source


def test_an_ancestor_by_its_folder():
    base = artifact("models/base/model.safetensors", fact("license", "cc-by-nc-4.0"))
    merged = artifact("merged", fact("license", "mit"), fact("base_model", "/home/ada/models/base"))
    assert licensed(merged, base)[0].license.commercial is Commercial.PROHIBITED


def test_artifacts_that_name_each_other_end():
    one = artifact("a", fact("license", "mit"), fact("base_model", "acme/b"), store_name="acme/a@0")
    two = artifact("b", fact("license", "mit"), fact("base_model", "acme/a"), store_name="acme/b@0")
    found = licensed(one, two)
    assert [len(item.license.effective.chain) for item in found] == [2, 2]
    assert [item.license.commercial for item in found] == [Commercial.ALLOWED] * 2


def test_findings_that_stand_are_kept():
    one = artifact("Qwen2.5-3B.gguf", fact("license", "apache-2.0"))
    found = licensed(one)[0]
    assert [item.check for item in found.findings] == ["license-disagreement"]
    assert found.license.commercial is Commercial.PROHIBITED


def test_license_layers_of_stores_are_read_and_identified():
    text = (ROOT / "LICENSE").read_bytes()
    made = gguf({"general.architecture": "llama", "general.name": "x"}, [("t", (64, 32), "F16")])
    weights = made.read(0, made.size)
    ollama, docker = FakeMachine(), FakeMachine()
    add_ollama(ollama, HOME + b"/.ollama/models", (weights,), license_text=text)
    add_docker(docker, HOME + b"/.docker/models", weights, license_text=b"---\nspdx-id: Apache-2.0\n---\n" + text)
    for machine, method in ((ollama, "text"), (docker, "text-and-label")):
        (found,) = scan(machine, Options(roots=(HOME,))).artifacts
        assert (found.license.concluded, found.license.method) == ("apache-2.0", method)
        assert found.license.commercial is Commercial.ALLOWED


def test_the_card_at_the_root_counts_in_folders_below():
    machine = FakeMachine()
    for folder, size in ((b"repo/gguf/small", 64), (b"other", 32)):
        made = gguf({"general.license": "mit"}, [("t", (size, 32), "F16")])
        machine.add_file(b"/models/" + folder + b"/model.gguf", made.read(0, made.size))
    machine.add_file(b"/models/repo/README.md", b"---\nlicense: cc-by-nc-4.0\n---\n# A model\n")
    result = scan(machine, Options(roots=(b"/models",)))
    terms = {item.places[0].path: item.license for item in result.artifacts}
    below = terms[b"/models/repo/gguf/small/model.gguf"]
    assert below.commercial is Commercial.PROHIBITED
    assert any(item.source.startswith("repo: ") for item in below.declared)
    assert terms[b"/models/other/model.gguf"].commercial is Commercial.ALLOWED
