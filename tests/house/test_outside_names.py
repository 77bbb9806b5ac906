"""No file names a package registry's host, a machine's own folders, or a workplace."""

import re

from tests.house.files import relative, repository_files

HOSTS = ("pypi" + ".org", "python" + "hosted.org", "files.python" + "hosted", "registry." + "npmjs", "crates" + ".io")
FOLDERS = re.compile(rb"(?<![\w.~-])/(?:work|root)/[a-z.]|/Users/(?!ada\b)[a-z]+/|/home/(?!ada\b|\w*\*)[a-z]+/\w")
ABOUT_FOLDERS = ("tests/",)
"""Tests invent paths."""


def test_no_registry_host_is_named() -> None:
    found = []
    for path in repository_files():
        content = path.read_bytes()
        found += [f"{relative(path)}: {host}" for host in HOSTS if host.encode() in content]
    assert found == []


def test_no_folder_of_a_real_machine_is_named() -> None:
    found = []
    for path in repository_files():
        if relative(path).startswith(ABOUT_FOLDERS) or path.suffix in (".png", ".svg"):
            continue
        found += [f"{relative(path)}: {match.group().decode()}" for match in FOLDERS.finditer(path.read_bytes())]
    assert found == []
