from dataclasses import replace

import pytest
from tests.export.intents import CATALOG, everything, ordinary

from weighbridge.export.intent import TOPICS
from weighbridge.export.left_out import counted, left_out, untold
from weighbridge.export.registry import EXPORTS, export
from weighbridge.pipeline.export_products import products


@pytest.mark.parametrize("name", EXPORTS)
def test_every_topic_that_is_not_carried_is_said(name: str) -> None:
    chosen = export(name)
    said = left_out(everything(), chosen)
    assert chosen.carries <= set(TOPICS)
    assert {TOPICS[topic] for topic in TOPICS if topic not in chosen.carries} <= set(said)
    assert not {TOPICS[topic] for topic in chosen.carries} & set(said)


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_left_out_stands_in_the_files(name: str) -> None:
    intent = replace(everything(), products=products())
    files = "".join(export(name).write(intent).values())
    assert [missing for missing in left_out(intent, export(name)) if missing not in files] == []


def test_what_the_policy_does_not_ask_for_is_not_missed() -> None:
    assert left_out(ordinary()[0], export("auditd")) == ["model servers that other machines reach"]


def test_weights_are_no_programs_for_santa() -> None:
    assert "1 of 1 digests: weights that are no program" in left_out(everything(), export("santa"))


def test_long_lists_are_cut_and_counted() -> None:
    many = [replace(CATALOG[0], title=f"T{number}") for number in range(10)]
    assert list(untold("x", many, lambda one: one.title == "T3")) == ["x: T0, T1, T2, T4, T5, T6, T7, T8 and 1 more"]
    assert list(untold("x", many, lambda _: True)) == []
    assert list(counted(0, 5, "y")) == []
    assert list(counted(1000, 5000, "y")) == ["1,000 of 5,000 y"]
