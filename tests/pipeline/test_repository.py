import pytest
from tests.samples.python_sources import HOSTILE, PLAIN

from weighbridge.formats import python_child
from weighbridge.formats.registry import READERS
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import PythonProgram, Unread
from weighbridge.pipeline.examined import Examined
from weighbridge.pipeline.repository import (
    CONFIGURATION,
    CONFIGURATION_NAMES,
    LOADER_NAMES,
    RepositoryFile,
    code_wanted,
    examine_code,
    examine_program,
    gather,
    is_repository,
    program_kind,
)


def fact(name: str, value: object, grade: Grade = Grade.DECLARED) -> Fact:
    return Fact(name=name, value=value, grade=grade, source="key x")


def file(relative: str, format: str, *facts: Fact, model: bool = False, assessment=None) -> RepositoryFile:
    assessment = assessment or (Assessment.CLEAN if model else Assessment.NOT_A_MODEL)
    examined = Examined(member=None, format=format, size=1, holds_model=model, assessment=assessment, facts=facts)
    return RepositoryFile(relative=relative.encode(), examined=examined)


def program(source: bytes) -> PythonProgram:
    answer = python_child.read(source)
    return PythonProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})


WEIGHTS = file("model.safetensors", "safetensors", model=True)
CONFIG = file("config.json", "transformers-config", fact("architecture", "X"), fact("code.file", "modeling_x.py"))


def test_weights_and_something_that_tells_how_to_load_them():
    card = file("README.md", "model-card", fact("license", "mit"))

    assert is_repository([WEIGHTS, card])
    assert is_repository([WEIGHTS], [b"hubconf.py"])
    assert is_repository([CONFIG])
    assert not is_repository([WEIGHTS], [b"train.py", b"setup.py"])
    assert not is_repository([card])
    assert not is_repository([WEIGHTS, file("config.json", "transformers-config")])


def test_named_code_and_what_it_imports_is_wanted():
    code = file("modeling_x.py", "python-code", fact("code.imports", (".helper", ".sub.part", "..up", "torch")))

    assert code_wanted([CONFIG]) == {b"modeling_x.py"}
    assert {b"helper.py", b"sub/part.py"} <= code_wanted([CONFIG, code])
    assert b"modeling_x.py" not in code_wanted([CONFIG, code])
    assert code_wanted([file("config.json", "transformers-config", fact("code.file", "../../x.py"))]) == set()


@pytest.mark.parametrize(
    ("source", "named", "assessment"),
    [
        (PLAIN, True, Assessment.REVIEW),
        (PLAIN, False, Assessment.NOT_A_MODEL),
        (HOSTILE["os-system"], True, Assessment.MALICIOUS),
        (HOSTILE["os-system"], False, Assessment.REVIEW),
    ],
)
def test_code_weighs_more_if_a_loader_runs_it(source, named, assessment):
    examined = examine_code(b"modeling_x.py", 1, program(source), named=named)

    assert examined.assessment is assessment
    assert examined.format == "python-code"


def test_code_that_could_not_be_read_is_incomplete():
    unread = Unread(what="code", reason="the parser process ended")

    assert examine_code(b"m.py", 1, unread, named=True).assessment is Assessment.INCOMPLETE


def test_programs_are_for_review():
    assert examine_program(b"bin/run", 1, "elf").assessment is Assessment.REVIEW


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        (b"tokenizer.json", b"\x7fELF\x02", "elf"),
        (b"a", b"\xcf\xfa\xed\xfe", "mach-o"),
        (b"a.dll", b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", "pe"),
        (b"run", b"#!/bin/sh\n", "script"),
        (b"x.BAT", b"echo", "batch script"),
        (b"x.ps1", b"", "powershell script"),
        (b"notes.txt", b"MZ is a prefix", None),
        (b"config.json", b"{}", None),
        (b"train.py", b"#!/usr/bin/env python\n", None),
        (b"model.bin", b"\0" * 100, None),
        (b"README", b"", None),
    ],
)
def test_kinds_of_programs(name, head, kind):
    assert program_kind(name, head) == kind


@pytest.mark.parametrize("name", [b"handler.py", b"custom_generate/generate.py", b"modeling_x.py", b"sub/hubconf.py"])
def test_names_that_loaders_know(name):
    assert LOADER_NAMES.fullmatch(name)
    assert not LOADER_NAMES.fullmatch(b"train.py")


def test_the_names_are_those_of_the_readers():
    names = {name.encode(): reader.id for reader in READERS if reader.id in CONFIGURATION for name in reader.names}

    assert names == CONFIGURATION_NAMES


def test_facts_of_configurations_belong_to_the_weights():
    gathered = gather(b"/m/repo", [WEIGHTS, CONFIG])

    assert [(each.name, each.value, each.source) for each in gathered.facts] == [
        ("architecture", "X", "config.json: key x")
    ]
    assert gathered.repository.artifacts == (b"/m/repo/model.safetensors",)
    assert gathered.repository.assessment is Assessment.CLEAN


def test_a_repository_is_as_bad_as_its_worst_file():
    code = RepositoryFile(
        relative=b"modeling_x.py", examined=examine_code(b"modeling_x.py", 1, program(HOSTILE["ctypes"]), named=True)
    )
    repository = gather(b"/m/repo", [WEIGHTS, CONFIG, code]).repository

    assert repository.assessment is Assessment.MALICIOUS
    assert [finding.check for finding in repository.findings] == ["repository-code"]


def test_parts_that_are_missing_make_it_incomplete():
    def part(number: int) -> RepositoryFile:
        counted = (fact("shard.number", number), fact("shard.count", 2))
        return file(f"model-0000{number}-of-00002.safetensors", "safetensors", *counted, model=True)

    assert gather(b"/m", [part(1), part(2), CONFIG]).repository.assessment is Assessment.CLEAN
    assert gather(b"/m", [part(1), CONFIG]).repository.assessment is Assessment.INCOMPLETE
