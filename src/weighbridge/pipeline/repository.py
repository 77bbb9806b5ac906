"""A folder of files that are loaded together, judged as a whole. Pure: values in, values out.

    files = [RepositoryFile(relative=..., examined=...), ...]      # what the scan already knows of the folder
    if is_repository(files):
        wanted = code_wanted(files)                                # Python to read; repeat until nothing new
        verdict = gather(folder, files)                            # facts for the weights, findings, one assessment

A repository is a folder with weights and a configuration, card, index, template or loader code beside them. Its
weights keep their own assessment; configurations, code and programs that carry findings are artifacts of their own; the
repository is as bad as the worst of them. Facts of configurations and cards belong to every weight file in the folder.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from weighbridge.checks.assess import assess, judge
from weighbridge.checks.check import Subject
from weighbridge.model.artifact import Repository
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Finding, Severity, worst
from weighbridge.model.observation import Escape, ExecutableBeside, Observation, OutsideReference, PythonProgram, Unread
from weighbridge.model.place import display
from weighbridge.model.record import record
from weighbridge.pipeline.examined import Examined

CONFIGURATION = frozenset(
    {
        "adapter-config",
        "chat-template",
        "hydra-config",
        "mergekit-config",
        "model-card",
        "modelfile",
        "sentence-modules",
        "tokenizer-config",
        "transformers-config",
        "weights-index",
    }
)
"""Formats that make a folder with weights a repository."""

CONFIGURATION_NAMES: dict[bytes, str] = {
    b"adapter_config.json": "adapter-config",
    b"chat_template.jinja": "chat-template",
    b"chat_template.json": "tokenizer-config",
    b"config.json": "transformers-config",
    b"diffusion_pytorch_model.safetensors.index.json": "weights-index",
    b"generation_config.json": "transformers-config",
    b"image_processor_config.json": "transformers-config",
    b"mergekit_config.yaml": "mergekit-config",
    b"mergekit_config.yml": "mergekit-config",
    b"model.safetensors.index.json": "weights-index",
    b"model_index.json": "transformers-config",
    b"modules.json": "sentence-modules",
    b"preprocessor_config.json": "transformers-config",
    b"processor_config.json": "transformers-config",
    b"pytorch_model.bin.index.json": "weights-index",
    b"quantize_config.json": "transformers-config",
    b"tokenizer_config.json": "tokenizer-config",
    b"video_preprocessor_config.json": "transformers-config",
}
"""File name to reader: the `names` of these readers, here so that an unchanged machine does not have to load them."""

YAML_NAMES = frozenset({b"config.yaml", b"hparams.yaml", b"hyperparams.yaml", b"model_config.yaml"})
"""YAML that loaders open beside weights; elsewhere any program may call its settings so."""

LOADER_NAMES = re.compile(
    rb"(?:.*/)?(?:handler|hubconf|pipeline|inference|custom_generate/generate|setup|__init__"
    rb"|conftest|sitecustomize|usercustomize|\d{1,9}/model"
    rb"|(?:modeling|modelling|configuration|tokenization|processing|image_processing|video_processing"
    rb"|feature_extraction|generation|pipeline)_\w{1,80})\.py"
)
"""Python files that a loader, server or installer picks up by name."""

OWN_LOADER_NAMES = re.compile(rb"(?:handler|hubconf|(?:modeling|configuration|tokenization)_\w{1,80})\.py")
"""Those of them that nothing but a model repository has."""

PROGRAMS: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\xca\xfe\xba\xbe", "mach-o or java"),
    (b"\x00asm\x01", "wasm"),
    (b"dex\n03", "dex"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"!<arch>\ndebian", "package"),
    (b"\xed\xab\xee\xdb", "package"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "installer or document"),
)
SCRIPT_SUFFIXES: dict[bytes, str] = {
    b".bat": "batch script",
    b".cmd": "batch script",
    b".command": "shell script",
    b".desktop": "shortcut",
    b".hta": "script",
    b".jar": "java archive",
    b".jse": "script",
    b".lnk": "shortcut",
    b".msi": "installer",
    b".pif": "program",
    b".ps1": "powershell script",
    b".pyc": "compiled Python",
    b".reg": "registry script",
    b".scr": "program",
    b".sh": "shell script",
    b".url": "shortcut",
    b".vbs": "script",
    b".wsf": "script",
    b".wsh": "script",
}
_SENSITIVE = re.compile(rb"(?i)^/(?:etc|proc|sys|dev|boot|private/etc)/|/\.(?:ssh|aws|gnupg|kube|docker|netrc)\b")
"""Places whose content no model has business with: to follow such a link hands it to whoever reads the model."""
_STARTUP = re.compile(rb"(?m)^import[ \t]")
"""Lines of a path configuration file that the interpreter runs when it starts (`site` in the library reference)."""
_DATA_FACTS = frozenset({"code.file", "code.repository", "code.imports"})


@record
class RepositoryFile:
    """One file of the folder and what looking at it gave."""

    relative: bytes
    """Path below the folder, with `/`."""
    examined: Examined


@record
class Gathered:
    """What follows from the files of one folder."""

    facts: tuple[Fact, ...]
    """For every weight file: what configurations, cards and license texts beside it say."""
    repository: Repository


def is_repository(files: Sequence[RepositoryFile], names: Iterable[bytes] = ()) -> bool:
    """Tell whether the folder holds weights and something that tells how to load them, or names code of its own.

    Args:
        files: what was examined.
        names: relative paths of the other files.
    """
    if any(fact.name == "code.file" for file in files for fact in file.examined.facts):
        return True
    return any(file.examined.holds_model for file in files) and (
        any(_says_something(file.examined) for file in files) or any(OWN_LOADER_NAMES.fullmatch(name) for name in names)
    )


def _says_something(examined: Examined) -> bool:
    """Tell whether a configuration is one: any program may call its settings `config.json`."""
    return examined.format in CONFIGURATION and (
        bool(examined.facts) or examined.assessment is not Assessment.NOT_A_MODEL
    )


def code_wanted(files: Sequence[RepositoryFile]) -> frozenset[bytes]:
    """Return relative paths of Python files that a loader would run, as far as the files read so far name them."""
    known = {file.relative for file in files}
    wanted: set[bytes] = set()
    for file in files:
        for fact in file.examined.facts:
            if fact.name == "code.file" and isinstance(fact.value, str):
                wanted.add(fact.value.encode("utf-8", "surrogateescape"))
            elif fact.name == "code.imports" and isinstance(fact.value, tuple):
                base = file.relative.rpartition(b"/")[0]
                for module in fact.value:
                    wanted |= _imported(base, str(module))
    return frozenset(path for path in wanted if path not in known and b".." not in path and not path.startswith(b"/"))


def _imported(base: bytes, module: str) -> set[bytes]:
    """Return the files that a relative import may mean: `.a.b` beside the importing file."""
    steps = module.lstrip(".").replace(".", "/").encode("utf-8", "surrogateescape")
    if not module.startswith(".") or module.startswith("...") or not steps:
        return set()
    if module.startswith(".."):
        base = base.rpartition(b"/")[0]
    stem = base + b"/" + steps if base else steps
    return {stem + b".py", stem + b"/__init__.py"}


def examine_code(relative: bytes, size: int, program: PythonProgram | Unread, *, named: bool) -> Examined:
    """Return what a Python file in a repository is.

    Args:
        relative: path below the folder.
        size: bytes.
        program: what its syntax tree shows, or why it could not be read.
        named: whether a loader runs it. Other code is worth a look only if it does what no model needs.
    """
    name = display(relative.rpartition(b"/")[2])
    findings = _judged([program], "python-code", name)
    if not named:
        findings = tuple(
            replace(finding, implies=Assessment.REVIEW, severity=Severity.MEDIUM)
            for finding in findings
            if finding.implies is Assessment.MALICIOUS
        )
    imports = program.imports if isinstance(program, PythonProgram) else ()
    relative_imports = tuple(module for module in imports if module.startswith("."))[:200]
    return Examined(
        member=None,
        format="python-code",
        size=size,
        holds_model=False,
        assessment=assess(findings, holds_model=False),
        facts=(Fact(name="code.imports", value=relative_imports, grade=Grade.MEASURED, source="syntax tree"),),
        findings=findings,
    )


def examine_program(relative: bytes, size: int, kind: str) -> Examined:
    """Return what a program beside weights is."""
    shown = display(relative)
    observation = ExecutableBeside(path=shown, kind=kind)
    findings = _judged([observation], "executable", shown.rpartition("/")[2])
    return Examined(
        member=None,
        format="executable",
        size=size,
        holds_model=False,
        assessment=assess(findings, holds_model=False),
        facts=(Fact(name="executable.kind", value=kind, grade=Grade.MEASURED, source="first bytes"),),
        findings=findings,
    )


def examine_link(relative: bytes, target: bytes) -> Examined:
    """Return what a symbolic link is that leads out of the repository.

    Args:
        relative: path of the link below the folder.
        target: absolute path that it leads to.
    """
    shown = display(relative)
    observation = OutsideReference(escape=Escape.SYMBOLIC_LINK, target=display(target)[:200])
    findings = _judged([observation], "link", shown.rpartition("/")[2])
    if not _SENSITIVE.search(target.replace(b"\\", b"/")):
        findings = tuple(replace(finding, implies=Assessment.REVIEW, severity=Severity.MEDIUM) for finding in findings)
    return Examined(
        member=None,
        format="link",
        size=0,
        holds_model=False,
        assessment=assess(findings, holds_model=False),
        findings=findings,
    )


def program_kind(name: bytes, head: bytes) -> str | None:
    """Return what kind of program a file is, by its first bytes or, for scripts, its ending; None if it is none."""
    for magic, kind in PROGRAMS:
        if head.startswith(magic):
            return kind
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        start = int.from_bytes(head[60:64], "little")
        return "pe" if len(head) >= 64 and (start >= len(head) or head[start : start + 2] in (b"PE", b"NE")) else "dos"
    lowered = name.lower()
    if lowered.endswith(b".pth") and b"\0" not in head and _STARTUP.search(head):
        return "python start-up file"
    if lowered.rpartition(b"/")[2] == b"autorun.inf":
        return "shortcut"
    if head.startswith(b"#!") and not lowered.endswith(b".py"):
        return "script"
    dot = lowered.rfind(b".")
    return SCRIPT_SUFFIXES.get(lowered[dot:]) or None if dot >= 0 else None


def gather(folder: bytes, files: Sequence[RepositoryFile]) -> Gathered:
    """Return what the files of `folder` say together.

    Args:
        folder: absolute path.
        files: weights, configurations, cards, license texts, code and programs, each examined.
    """
    facts: list[Fact] = []
    findings: dict[Finding, None] = {}
    for file in sorted(files, key=lambda each: each.relative):
        if file.examined.holds_model:
            continue
        shown = display(file.relative)
        facts += (
            replace(fact, source=f"{shown}: {fact.source}")
            for fact in file.examined.facts
            if fact.name not in _DATA_FACTS and file.examined.format not in ("python-code", "executable")
        )
        findings.update(dict.fromkeys(each for each in file.examined.findings if each.implies is not Assessment.CLEAN))
    name = display(folder.replace(b"\\", b"/").rstrip(b"/").rpartition(b"/")[2])
    missing = _judged(_missing(files), "repository", name)
    findings.update(dict.fromkeys(missing))
    weights = [file for file in files if file.examined.holds_model]
    assessment = worst(
        (
            *(file.examined.assessment for file in files),
            *(finding.implies for finding in missing),
        )
    )
    separator = b"\\" if b"\\" in folder and b"/" not in folder else b"/"
    paths = tuple(folder + separator + file.relative.replace(b"/", separator) for file in weights)
    return Gathered(
        facts=_distinct(facts),
        repository=Repository(path=folder, assessment=assessment, findings=tuple(findings), artifacts=paths),
    )


def _judged(observations: Sequence[Observation], format_id: str, name: str) -> tuple[Finding, ...]:
    if not observations:
        return ()
    from weighbridge.checks.registry import CHECKS  # loads only when there is something to judge

    return judge(observations, Subject(format=format_id, name=name), CHECKS)


def _distinct(facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple({repr(fact): fact for fact in facts}.values())


def _missing(files: Sequence[RepositoryFile]) -> list[Observation]:
    """Return shards that the weights count and the folder does not hold, and named code that is not there."""
    shards: dict[int, set[int]] = {}
    for file in files:
        values = {fact.name: fact.value for fact in file.examined.facts}
        count, number = values.get("shard.count"), values.get("shard.number")
        if file.examined.holds_model and isinstance(count, int) and isinstance(number, int) and 0 < count <= 10_000:
            shards.setdefault(count, set()).add(number)
    missing: list[Observation] = []
    for count, numbers in shards.items():
        absent = sorted(set(range(1, count + 1)) - numbers)
        if absent:
            shown = ", ".join(map(str, absent[:8]))
            missing.append(Unread(what=f"part {shown} of {count}", reason="it is not in the folder"))
    return missing
