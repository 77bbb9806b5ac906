"""Data files of the package."""

import pytest

from weighbridge.host.package_file import package_text


def test_a_data_file_is_read_from_the_package():
    assert "filesystems" in package_text("discover", "noise.toml")
    assert "LM Studio" in package_text("discover", "signatures", "lm_studio.toml")
    with pytest.raises(OSError):
        package_text("discover", "missing.toml")
