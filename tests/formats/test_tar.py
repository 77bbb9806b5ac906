import shutil
import subprocess

import pytest
from tests.samples.inspection import assessments, kinds, look
from tests.samples.packing import DATA, PAYLOAD, SAFETENSORS, TAR_END, tar_bytes, tar_member


def test_models_inside_are_found_and_the_archive_is_silent():
    assert assessments(tar_bytes({"w.safetensors": SAFETENSORS, "a.txt": b"text"})) == {
        None: "not-a-model",
        "w.safetensors": "clean",
    }


def test_a_file_held_twice_is_for_review_if_it_is_a_model():
    twice = tar_member(b"m.pkl", DATA) + tar_member(b"m.pkl", PAYLOAD) + TAR_END
    assert "repeated-member" in kinds(look(twice)[0].observations)
    assert assessments(tar_member(b"a", b"one") + tar_member(b"a", b"two") + TAR_END) == {None: "not-a-model"}


@pytest.mark.skipif(shutil.which("tar") is None, reason="needs the tar command")
@pytest.mark.parametrize("options", [["--format=gnu"], ["--format=pax"], ["--format=ustar"], ["--format=v7"], ["-S"]])
def test_archives_by_the_tar_command(options, tmp_path):
    (tmp_path / "w.safetensors").write_bytes(SAFETENSORS)
    (tmp_path / "link").symlink_to("w.safetensors")
    with (tmp_path / "sparse.bin").open("wb") as file:
        file.seek(1 << 20)
        file.write(b"end")
    packed = subprocess.run(
        ["tar", *options, "-cf", "-", "w.safetensors", "link", "sparse.bin"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert assessments(packed.stdout) == {None: "not-a-model", "w.safetensors": "clean"}
