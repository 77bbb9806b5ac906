import pytest
from tests.samples.containers_bundles import nemo
from tests.samples.inspection import assessments, look
from tests.samples.packing import tar_bytes, torch_members, zip_bytes


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_model_with_its_facts(mode):
    [item] = look(nemo(mode=mode), "m.nemo")
    assert (item.format, item.holds_model) == ("nemo", True)
    assert {fact.name: fact.value for fact in item.facts}["architecture"] == "EncDecCTCModel"
    assert assessments(nemo(mode=mode), "m.nemo") == {None: "clean"}


def test_names_in_the_configuration_are_judged():
    assert assessments(nemo(b"a: {_target_: os.system}\n"), "m.nemo") == {None: "malicious"}


def test_weights_are_judged():
    assert assessments(nemo(weights=zip_bytes(torch_members())), "m.nemo") == {None: "malicious"}


def test_any_other_tar_is_not_taken():
    assert look(tar_bytes({"config.yaml": b"a: 1\n"}))[0].format == "tar"
