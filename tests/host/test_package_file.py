"""Data files of the package."""

import pytest

from weighbridge.host.package_file import package_names, package_text


def test_text_and_names():
    assert "filesystems" in package_text("discover", "noise.toml")
    names = package_names("discover", "signatures")
    assert "lm_studio.toml" in names
    assert list(names) == sorted(names)
    with pytest.raises(OSError):
        package_text("discover", "missing.toml")
