"""Scans and records that tests of bills of materials share."""

import json
from functools import cache

from tests.samples.gguf_file import STRING
from tests.samples.gguf_file import small as gguf
from tests.samples.registry import BENIGN, EVASIONS
from tests.samples.safetensors_file import small as safetensors

from weighbridge.bom.build import from_scan
from weighbridge.bom.component import Bom
from weighbridge.bom.places import Places
from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.place import Place
from weighbridge.pipeline.demo_machine import demo_machine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

ROOT = b"/home/ada/models"


def artifact(path: str = "/home/ada/models/m.gguf", sha256: str | None = "a" * 64, **fields: object) -> Artifact:
    """Return a small artifact."""
    values = {
        "format": "gguf",
        "size": 7,
        "places": (Place(path=path.encode()),),
        "assessment": Assessment.CLEAN,
        "sha256": sha256,
    }
    return Artifact(**(values | fields))  # type: ignore[arg-type]


def fact(name: str, value: object, grade: Grade = Grade.DECLARED, source: str = "header") -> Fact:
    """Return a fact."""
    return Fact(name=name, value=value, grade=grade, source=source)  # type: ignore[arg-type]


def scan_of(*artifacts: Artifact, **fields: object) -> Scan:
    """Return a scan."""
    values = {"artifacts": artifacts, "repositories": (), "unexamined": (), "files_seen": 1, "bytes_seen": 1}
    return Scan(**(values | fields))  # type: ignore[arg-type]


def bom_of(*artifacts: Artifact, **fields: object) -> Bom:
    """Return the record of artifacts below the folder `models`."""
    return from_scan(scan_of(*artifacts, **fields), Places((ROOT.decode(),), "/home/ada"), tool="1.2.3")


def three_models() -> FakeMachine:
    """Return a machine with the folder that tools get wrong: tags and texts against what the models are made from."""
    machine = FakeMachine()
    files = {
        "a/helpful-8b.gguf": gguf(
            ("general.license", STRING, "apache-2.0"),
            ("general.base_model.0.repo_url", STRING, "https://huggingface.co/meta-llama/Llama-3.1-8B"),
            ("general.name", STRING, "Helpful 8B"),
            ("tokenizer.chat_template", STRING, "{{ messages }}"),
        ).build(),
        "b/model.safetensors": safetensors(bytes(range(48))),
        "b/README.md": b"---\nlicense: cc-by-nc-4.0\ndatasets:\n- wikitext\npipeline_tag: text-generation\n---\n# B\n",
        "b/config.json": json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}).encode(),
        "c/model.safetensors": safetensors(),
        "c/README.md": b"---\nlicense: other\nlicense_name: flux-1-dev-non-commercial-license\n---\n",
        "c/LICENSE.md": b"FLUX.1 [dev] Non-Commercial License\n\nFor research only.\n",
    }
    for number in (1, 2, 3):
        files[f"d/model-{number:05}-of-00003.safetensors"] = safetensors(bytes([number] * 48))
    for name, content in files.items():
        machine.add_file(ROOT + b"/" + name.encode(), content)
    return machine


@cache
def three_model_bom() -> Bom:
    """Return the record of `three_models`."""
    result = scan(three_models(), Options(roots=(ROOT,), with_blake3=True))
    return from_scan(result, Places((ROOT.decode(),), "/home/ada"), tool="1.2.3")


@cache
def demo_bom() -> Bom:
    """Return the record of the demonstration machine."""
    return from_scan(scan(demo_machine(), Options(cache=False)), Places((), "/home/ada"), tool="1.2.3")


def samples_bom() -> Bom:
    """Return the record of every sample, each in a folder of its own."""
    machine = FakeMachine()
    for number, case in enumerate((*EVASIONS, *BENIGN)):
        for name, content in case.build().items():
            machine.add_file(ROOT + f"/{number:04}/".encode() + name.encode("utf-8", "surrogateescape"), content)
    result = scan(machine, Options(roots=(ROOT,), cache=False))
    return from_scan(result, Places((ROOT.decode(),), "/home/ada"), tool="1.2.3")
