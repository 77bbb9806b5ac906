import json
from dataclasses import replace

import pytest
from tests.bom.bills import three_model_bom

from weighbridge.bom import spdx
from weighbridge.bom.canonical import canonical
from weighbridge.bom.component import Kind
from weighbridge.model.record import record


@record
class _Old:
    name: str
    kind: Kind = Kind.MODEL
    size: int = 0


@record
class _New:
    size: int = 0
    kind: Kind = Kind.MODEL
    name: str
    later: str | None = None
    many: tuple[str, ...] = ()
    flag: bool = False


def test_the_text_depends_on_content_alone() -> None:
    text = canonical((_Old(name="é\ud800\U0001fae0"), 0.5, None))
    assert text == r'[{"kind":"model","name":"\u00e9\ud800\ud83e\udee0","size":0},0.5,null]'
    assert canonical(_Old(name="a")) == canonical(_New(name="a"))
    assert canonical(_New(name="a", later="b")) != canonical(_New(name="a"))
    assert canonical(_New(name="a", flag=True)) != canonical(_New(name="a"))


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({1, 2})


def test_any_change_renames_an_spdx_document() -> None:
    bom = three_model_bom()
    (first, *rest) = bom.components
    named = {
        json.dumps(spdx.document(one)["@graph"][-1])
        for one in (
            bom,
            replace(bom, name="other"),
            replace(bom, timestamp="2026-01-01T00:00:00Z"),
            replace(bom, components=(replace(first, description="other"), *rest)),
            replace(bom, components=tuple(rest)),
        )
    }
    assert len(named) == 5
