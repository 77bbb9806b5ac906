from tests.samples.containers_bundles import HANDLER, PLAIN_HANDLER, mar
from tests.samples.inspection import assessments, look
from tests.samples.packing import PAYLOAD, stored, tar_bytes


def test_a_model_with_its_facts_and_its_handler():
    [item] = look(mar(PLAIN_HANDLER), "m.mar")
    assert (item.format, item.holds_model) == ("mar", True)
    assert {fact.name: fact.value for fact in item.facts} == {"name": "m", "version": "1"}
    assert {type(observation).__name__ for observation in item.observations} >= {"EmbeddedCode", "PythonProgram"}


def test_handlers_are_for_review_and_pickles_judged():
    assert assessments(mar(PLAIN_HANDLER), "m.mar") == {None: "review"}
    assert assessments(mar(PLAIN_HANDLER, PAYLOAD), "m.mar") == {None: "malicious"}


def test_a_handler_by_another_name_is_read_as_a_program():
    [item] = look(mar(HANDLER, name="handler.txt"), "m.mar")
    assert [type(one).__name__ for one in item.observations].count("PythonProgram") == 1


def test_a_broken_manifest_is_malformed():
    assert assessments(stored({"MAR-INF/MANIFEST.json": b"{ broken", "a": b"xy"}), "m.mar") == {None: "hostile"}


def test_tar_archives_are_taken_and_others_not():
    assert look(tar_bytes({"MAR-INF/MANIFEST.json": b"{}"}))[0].format == "mar"
    assert look(stored({"META-INF/MANIFEST.MF": b"x" * 9}))[0].format == "zip"
