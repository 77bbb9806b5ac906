import base64
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.samples.scan import artifacts, context, scan

from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.artifact import Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.report.json_v1 import DEPTH_LIMIT, RENDERER, plain


def rendered(value: Scan | None = None) -> dict:
    text = RENDERER.render(value or scan(), context())
    assert text.isascii()
    assert text.endswith("\n")
    return json.loads(text, parse_constant=lambda name: 1 / 0)


def test_the_promised_fields_stand_where_they_were_promised() -> None:
    document = rendered()
    assert document["schema"] == "weighbridge.scan/1"
    artifact = document["artifacts"][0]
    assert artifact["sha256"] == artifact["claimed_sha256"]
    assert artifact["places"][0]["store"] == "ollama"
    assert artifact["license"]["effective"]["commercial"] == "allowed"
    assert artifact["license"]["declared"] == ["apache-2.0"]
    assert artifact["lineage"] == ["Qwen/Qwen3-8B-Base"]
    assert artifact["verdict"]["decision"] == "allow"
    finding = document["artifacts"][1]["findings"][0]
    assert set(finding) >= {"check", "severity", "confidence", "message", "evidence", "remedy"}
    assert document["artifacts"][1]["verdict"]["policies"] == ["deny-code"]
    assert document["artifacts"][4]["verdict"]["decision"] == "pending"
    assert document["unexamined"][1] == {"path": "/home/ada/a.zip", "reason": "encrypted", "member": "x.pt"}
    assert document["summary"]["artifacts"] == 5


def test_ancestors_come_with_what_is_known() -> None:
    deep = Ancestor(name="Org/Root", relation=Relation.DERIVED, grade=Grade.DECLARED, source="card")
    for _ in range(20):
        deep = replace(deep, name="Org/Mid", parents=(deep,))
    merged = Ancestor(
        name="Org/A\ud800",
        relation=Relation.MERGED,
        grade=Grade.MEASURED,
        source="lineage atlas",
        license="cc-by-nc-4.0",
        score=0.7,
        share=0.6,
        residual=0.01,
        parents=(deep,),
    )
    (artifact,) = rendered(scan(artifacts=(replace(artifacts()[0], ancestry=(merged,)),)))["artifacts"]
    (found,) = artifact["ancestry"]
    assert (found["name"], found["relation"], found["license"], found["share"], found["residual"]) == (
        "Org/A\\ud800",
        "merge",
        "cc-by-nc-4.0",
        0.6,
        0.01,
    )
    depth = 1
    while found["parents"]:
        (found,) = found["parents"]
        depth += 1
    assert depth == DEPTH_LIMIT
    assert rendered()["artifacts"][0]["lineage"]


def test_a_path_that_is_not_utf8_comes_with_its_exact_bytes_and_no_other_does() -> None:
    document = rendered()
    place = document["artifacts"][2]["places"][0]
    assert base64.b64decode(place["path_bytes"]) == b"/home/ada/caf\xe9.safetensors"
    assert "path_bytes" not in document["artifacts"][0]["places"][0]
    assert "member" not in document["artifacts"][0]["places"][0]


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.tuples(inner))
)
def test_any_fact_becomes_strict_json(value: object) -> None:
    fact = Fact(name="odd", value=value, grade=Grade.DECLARED, source="x")
    rendered(scan(artifacts=(replace(artifacts()[0], facts=(fact,)),)))


def test_huge_values_are_cut() -> None:
    assert len(plain("x" * 10**6)) == 4096
    assert len(plain(tuple(range(10**5)))) == 201
    assert plain(1 << 20_000).startswith("0x")
    assert plain("\ud800") == "\\ud800"
