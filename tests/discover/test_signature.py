"""Signature files are checked against their schema, each and every one."""

import pytest

from weighbridge.discover.signature import BASES, PLATFORMS, parse_signature
from weighbridge.host.package_file import package_names, package_text

NAMES = [name for name in package_names("discover", "signatures") if name.endswith(".toml")]
GOOD = """
title = "A"
layout = "{file}"
name_parts = 0
source = "somewhere"
checked = 2026-11-20
confidence = "docs"
[paths]
linux = ["{home}/a"]
darwin = []
windows = []
"""


@pytest.mark.parametrize("name", NAMES)
def test_each_signature_keeps_the_schema(name):
    signature = parse_signature(name.removesuffix(".toml"), package_text("discover", "signatures", name))
    assert any(signature.paths.values())
    for platform in PLATFORMS:
        for path in signature.paths[platform]:
            start = path.split("}")[0] + "}" if path.startswith("{") else path
            assert start in ("{home}", *BASES) or path.startswith("/") or path[1:3] == ":\\", path
            assert ("\\" in path) == (platform == "windows"), path
            assert not path.endswith(("/", "\\")), path
            assert ".." not in path
    assert len(signature.checked) == len("2026-11-20")


def test_a_good_one():
    signature = parse_signature("a", GOOD)
    assert (signature.id, signature.paths["linux"], signature.moved) == ("a", ("{home}/a",), ())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("title", "tilte"), "unknown key 'tilte'"),
        (('layout = "{file}"\n', ""), "missing key 'layout'"),
        (("docs", "hearsay"), "confidence"),
        (("name_parts = 0", "name_parts = 9"), "name_parts"),
        (("darwin = []\n", ""), "paths"),
        (('title = "A"', 'title = " "'), "title is a text"),
        (("[paths]", "[paths"), "."),
    ],
)
def test_a_bad_one_is_named(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_signature("a", GOOD.replace(*change))
