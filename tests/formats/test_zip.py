import shutil
import subprocess

import pytest
from tests.samples.inspection import assessments, look
from tests.samples.packing import PAYLOAD, SAFETENSORS, Member, stored, zip_bytes

from weighbridge.model.budget import Budget


def test_models_inside_are_found_and_the_archive_is_silent():
    files = {"d/w.safetensors": SAFETENSORS, "a.txt": b"text"}
    assert assessments(stored(files, 8)) == {None: "not-a-model", "d/w.safetensors": "clean"}


def test_an_odd_archive_without_models_is_silent():
    odd = zip_bytes([Member(name=b"a", content=b"one"), Member(name=b"a", content=b"two")], prefix=b"MZ", after=b"sig")
    assert assessments(odd) == {None: "not-a-model"}


def test_the_same_oddity_around_a_model_is_hostile():
    odd = zip_bytes([Member(name=b"a.pkl", content=PAYLOAD), Member(name=b"a.pkl", content=PAYLOAD)])
    assert assessments(odd)[None] == "hostile"


def test_an_archive_behind_a_program_is_found_by_its_end():
    found = assessments(zip_bytes([Member(name=b"m.pkl", content=PAYLOAD)], prefix=b"\x7fELF" + bytes(9000)))
    assert found["m.pkl"] == "malicious"


def test_many_members_cost_little():
    budget = Budget()
    look(
        stored({f"com/example/C{number}.class": b"\xca\xfe\xba\xbe" + bytes(800) for number in range(500)}, 8),
        "a.jar",
        budget,
    )
    assert budget.expanded < 500 * 2000


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the zip command")
@pytest.mark.parametrize("options", [[], ["-0"], ["-fd"], ["-fz"], ["-Z", "bzip2"], ["-y"]])
def test_archives_by_the_zip_command(options, tmp_path):
    (tmp_path / "w.safetensors").write_bytes(SAFETENSORS)
    (tmp_path / "link").symlink_to("w.safetensors")
    streamed = [] if {"-y", "-fz"} & set(options) else ["-"]
    command = ["zip", "-q", *options, *(streamed or ["a.zip"]), "w.safetensors", "link"]
    packed = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    found = assessments(packed.stdout or (tmp_path / "a.zip").read_bytes())
    assert (found[None], found["w.safetensors"]) == ("not-a-model", "clean")


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the zip command")
def test_a_password_leaves_a_gap(tmp_path):
    (tmp_path / "m.pkl").write_bytes(PAYLOAD * 20)
    command = ["zip", "-q", "-P", "secret", "a.zip", "m.pkl"]
    subprocess.run(command, cwd=tmp_path, check=True, stdin=subprocess.DEVNULL)
    assert assessments((tmp_path / "a.zip").read_bytes())[None] == "incomplete"
