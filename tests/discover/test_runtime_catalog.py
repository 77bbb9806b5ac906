import tomllib

import pytest
from tests.house.files import SOURCE

from weighbridge.discover.compiled import compiled_runtimes
from weighbridge.discover.runtime_catalog import runtime_of, runtimes
from weighbridge.discover.server_rules import server_rules

FILES = sorted((SOURCE / "discover/runtimes").glob("*.toml"))
PLAIN = {
    "title": "A",
    "kind": "runtime",
    "about": "Runs.",
    "source": "a page",
    "checked": "2026-11-20",
    "confidence": "docs",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_parses_and_says_what_it_stands_on(path):
    runtime = runtime_of(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    assert runtime.about.endswith(".")
    assert runtime.provenance.source
    assert runtime.provenance.checked.startswith("20")
    assert all(sign.provenance.confidence for sign in runtime.signs)


def test_there_are_all_products_of_the_research_sorted():
    assert list(compiled_runtimes()["runtimes"]) == sorted(path.stem for path in FILES)
    assert len(FILES) >= 55


def test_products_named_by_others_exist():
    known = set(runtimes())
    for one in runtimes().values():
        assert set(one.children) <= known, one.id
        assert set(one.imitates) <= known, one.id
        for sign in one.signs:
            assert set(sign.also) <= known, f"{one.id} {sign.path}"


def test_no_sign_calls_what_does_something():
    for one in runtimes().values():
        for sign in one.signs:
            assert sign.path not in server_rules().never_call, one.id


def test_a_program_belongs_to_one_product():
    owners = {}
    for one in runtimes().values():
        for name in one.programs:
            assert owners.setdefault(name.lower(), one.id) == one.id
    ambiguous = {name for one in runtimes().values() for name in one.ambiguous}
    assert ambiguous & set(owners) == set()


def test_an_owner_in_a_list_of_models_belongs_to_one_product():
    owners = {}
    for one in runtimes().values():
        for name in (*one.owned_by, *one.generic_owned_by):
            assert owners.setdefault(name, one.id) == one.id


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "thing"}, "kind is one of"),
        ({"surprise": 1}, "unknown key 'surprise'"),
        ({"confidence": "certain"}, "confidence is one of"),
        ({"process": {"program": ["a"]}}, "process: unknown key 'program'"),
        ({"process": {"programs": "a"}}, "programs is not what"),
        ({"server": {"signs": [{"path": "x", "proof": "hint", "status": 200}]}}, "path starts with /"),
        ({"server": {"signs": [{"path": "/x", "proof": "sure", "status": 200}]}}, "proof is one of"),
        ({"server": {"signs": [{"path": "/x", "proof": "hint"}]}}, "needs a condition"),
        ({"server": {"signs": [{"path": "/x", "proof": "hint", "shape": "round"}]}}, "shape is one of"),
        ({"files": {"layout": 3}}, "layout is not what"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(change, says):
    with pytest.raises(ValueError, match=says):
        runtime_of("a", PLAIN | change)


def test_a_missing_key_is_named():
    with pytest.raises(ValueError, match="missing key 'about'"):
        runtime_of("a", {key: value for key, value in PLAIN.items() if key != "about"})


def test_a_sign_that_nobody_confirmed_decides_nothing():
    sign = {"path": "/x", "proof": "decides", "status": 200}
    for confidence, proof in (("docs", "decides"), ("peer", "decides"), ("unverified", "narrows")):
        made = runtime_of("a", PLAIN | {"server": {"signs": [sign | {"confidence": confidence}]}})
        assert made.signs[0].proof == proof


def test_a_part_may_stand_on_a_source_of_its_own():
    sign = {"path": "/x", "proof": "hint", "status": 200, "source": "its code", "confidence": "source"}
    made = runtime_of("a", PLAIN | {"server": {"ports": [1], "signs": [sign]}})
    assert made.server_provenance == made.provenance
    assert made.signs[0].provenance.source == "its code"
    assert made.signs[0].provenance.checked == "2026-11-20"
