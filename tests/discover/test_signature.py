"""Signature files are checked against their schema, each and every one."""

import tomllib

import pytest
from tests.house.files import SOURCE

from weighbridge.discover.signature import BASES, PLATFORMS, signature_of

FILES = sorted((SOURCE / "discover/signatures").glob("*.toml"))
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_signature_keeps_the_schema(path):
    signature = signature_of(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    assert any(signature.paths.values())
    for platform in PLATFORMS:
        for place in signature.paths[platform]:
            start = place.split("}")[0] + "}" if place.startswith("{") else place
            assert start in ("{home}", *BASES) or place.startswith("/") or place[1:3] == ":\\", place
            assert ("\\" in place) == (platform == "windows"), place
            assert not place.endswith(("/", "\\")), place
            assert ".." not in place
    assert len(signature.checked) == len("2026-11-20")


def test_a_good_one():
    signature = signature_of("a", tomllib.loads(GOOD))
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
    ],
)
def test_a_bad_one_is_named(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        signature_of("a", tomllib.loads(GOOD.replace(*change)))
