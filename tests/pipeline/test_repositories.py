import json
from collections import Counter

from tests.samples.python_sources import HOSTILE, PLAIN
from tests.samples.safetensors_file import small
from tests.samples.templates import ESCAPES, HONEST

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.pipeline import repositories
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

REPO = b"/home/ada/models/repo"
CONFIG = {"model_type": "tiny", "architectures": ["Tiny"], "auto_map": {"AutoModel": "modeling_tiny.Tiny"}}


def machine(**files: bytes | dict) -> FakeMachine:
    made = FakeMachine()
    made.add_file(REPO + b"/model.safetensors", small())
    for name, content in files.items():
        path = name.replace("___", "/").replace("__", ".").encode()
        made.add_file(REPO + b"/" + path, json.dumps(content).encode() if isinstance(content, dict) else content)
    return made


def weigh(made: FakeMachine, **options: object) -> Scan:
    return scan(made, Options(roots=(b"/home/ada",), digest=False, **options))


def by_name(result: Scan) -> dict[bytes, Artifact]:
    return {place.path.rpartition(b"/")[2]: artifact for artifact in result.artifacts for place in artifact.places}


def test_each_file_that_carries_findings_is_an_artifact_of_its_own():
    result = weigh(
        machine(
            config__json=CONFIG,
            modeling_tiny__py=b"from .helper import x\n" + PLAIN,
            helper__py=HOSTILE["os-system"],
            train__py=PLAIN,
            tool=b"\x7fELF" + bytes(60),
        )
    )
    found = {name: (artifact.format, artifact.assessment.value) for name, artifact in by_name(result).items()}

    assert found == {
        b"model.safetensors": ("safetensors", "clean"),
        b"config.json": ("transformers-config", "review"),
        b"modeling_tiny.py": ("python-code", "review"),
        b"helper.py": ("python-code", "malicious"),
        b"tool": ("executable", "review"),
    }
    [repository] = result.repositories
    assert (repository.path, repository.assessment.value) == (REPO, "malicious")


def test_an_honest_repository_lists_its_weights_alone_and_tells_them_what_it_says():
    result = weigh(
        machine(
            config__json={"model_type": "llama", "architectures": ["LlamaForCausalLM"]},
            tokenizer_config__json={"chat_template": HONEST["short"]},
            README__md=b"---\nlicense: mit\nbase_model: org/base\n---\n",
            LICENSE=b"MIT License\n",
        )
    )
    [artifact] = result.artifacts
    facts = {fact.name: fact.value for fact in artifact.facts}

    assert facts["architecture"] == "LlamaForCausalLM"
    assert facts["license"] == "mit"
    assert facts["license.text"] == "MIT License"
    assert artifact.lineage == ("org/base",)
    assert [repository.assessment.value for repository in result.repositories] == ["clean"]


def test_links_into_a_store_are_one_repository():
    made = FakeMachine()
    blobs, snapshot = b"/home/ada/cache/blobs", b"/home/ada/cache/snapshots/abc"
    contents = {
        b"model.safetensors": small(),
        b"config.json": json.dumps(CONFIG).encode(),
        b"modeling_tiny.py": HOSTILE["ctypes"],
        b"tokenizer_config.json": json.dumps({"pad": "x" * 5000, "chat_template": ESCAPES["cycler"]}).encode(),
    }
    for number, (name, content) in enumerate(contents.items()):
        made.add_file(blobs + b"/%040x" % number, content)
        made.add_link(snapshot + b"/" + name, b"../../blobs/%040x" % number)
    result = weigh(made)

    assessments = {name: artifact.assessment.value for name, artifact in by_name(result).items()}
    assert assessments[b"modeling_tiny.py"] == "malicious"
    assert assessments[b"tokenizer_config.json"] == "malicious"
    assert assessments[b"config.json"] == "review"
    assert assessments[b"model.safetensors"] == "clean"


def test_weights_in_folders_below_a_pipeline_belong_to_it():
    made = machine(
        model_index__json={"_class_name": "P", "_diffusers_version": "0.3", "unet": ["my_unet", "U"]},
        unet___my_unet__py=HOSTILE["os-system"],
        unet___weights__safetensors=small(data=bytes(range(48))),
    )
    found = {name: artifact.assessment.value for name, artifact in by_name(weigh(made)).items()}

    assert found[b"my_unet.py"] == "malicious"
    assert found[b"weights.safetensors"] == "clean"


def test_a_project_without_models_is_not_looked_into():
    made = FakeMachine()
    made.add_file(b"/home/ada/app/main.py", HOSTILE["os-system"])
    made.add_file(b"/home/ada/app/config.json", b'{"port": 1}')
    made.add_file(b"/home/ada/app/run.sh", b"#!/bin/sh\n")

    assert weigh(made).artifacts == ()
    assert not [read for read in made.reads if read.path.endswith(b"main.py") and read.operation == "read"]


def test_code_is_remembered_until_it_changes():
    made = machine(config__json=CONFIG, modeling_tiny__py=PLAIN)
    first = weigh(made)
    made.reads.clear()

    assert weigh(made) == first
    assert not [read for read in made.reads if read.operation == "read" and read.path.endswith(b"modeling_tiny.py")]

    made.change_file(REPO + b"/modeling_tiny.py", HOSTILE["os-system"])
    assert by_name(weigh(made))[b"modeling_tiny.py"].assessment.value == "malicious"


def test_what_cannot_be_read_is_said():
    made = machine(config__json=CONFIG, modeling_tiny__py=PLAIN)
    made.forbid(REPO + b"/modeling_tiny.py")

    artifact = by_name(weigh(made)).get(b"modeling_tiny.py")
    assert artifact is None or artifact.assessment.value == "incomplete"
    assert [repository.assessment.value for repository in weigh(made).repositories] != ["clean"]


def test_thousands_of_pictures_hide_nothing_and_are_no_gap():
    made = machine(config__json=CONFIG, modeling_tiny__py=PLAIN)
    for number in range(repositories.MOST_ENTRIES + 10):
        made.add_file(REPO + b"/data/%05d.jpg" % number, b"\xff\xd8")
    made.add_file(REPO + b"/zz/tool", b"\x7fELF" + bytes(60))
    made.reads.clear()
    result = weigh(made)

    assert result.unexamined == ()
    assert by_name(result)[b"tool"].format == "executable"
    looks = Counter(read.path for read in made.reads if read.operation == "peek" and read.path.endswith(b".jpg"))
    assert sum(count > 1 for count in looks.values()) <= repositories.MOST_DATA  # the sweep looks at each once


def test_too_many_files_that_may_be_programs_are_a_gap(monkeypatch):
    monkeypatch.setattr(repositories, "MOST_ENTRIES", 5)
    made = machine(config__json=CONFIG, handler__py=HOSTILE["os-system"])
    for number in range(6):
        made.add_file(REPO + b"/bin/%d" % number, b"nothing")
    result = weigh(made)

    assert [gap.reason for gap in result.unexamined] == ["more than 5 files that may be programs beside weights"]
    assert by_name(result)[b"handler.py"].assessment.value == "malicious"


def test_too_many_folders_are_a_gap(monkeypatch):
    monkeypatch.setattr(repositories, "MOST_FOLDERS", 5)
    made = machine(config__json=CONFIG)
    for number in range(6):
        made.add_file(REPO + b"/%d/a.txt" % number, b"nothing")

    assert [gap.reason for gap in weigh(made).unexamined] == ["more than 5 folders beside weights"]
