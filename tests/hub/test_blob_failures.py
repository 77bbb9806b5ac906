"""Words for bytes that cannot be stored or read."""

import errno

import pytest

from weighbridge.fleet.problem import problem_of
from weighbridge.hub import dialects
from weighbridge.hub.blob_failures import cannot_read, cannot_write, wrong_size


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("face", ["hf", "oci", "blob"])
def test_a_full_disk_is_said_in_every_dialect(number, face):
    said = dialects.failed(face, problem_of(cannot_write(OSError(number, "full"))))
    assert said.status == 507
    assert b"no room left" in said.body


def test_what_went_wrong_is_said():
    assert "Input/output error" in cannot_write(OSError(errno.EIO, "Input/output error")).message
    assert cannot_write(ValueError("x")).code == "E-blob-write"
    assert "wb hub check" in cannot_read("ab" * 32).hint
    assert "5 bytes came, and 7 were announced" in wrong_size(5, 7).message
