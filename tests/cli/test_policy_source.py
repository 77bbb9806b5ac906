import pytest
from tests.cli_runs import wb

from weighbridge.cli.policy_source import chosen, read
from weighbridge.model.errors import WeighbridgeError


def test_one_policy_is_meant():
    assert chosen(None, None) == "observe"
    assert chosen("a", None) == chosen(None, "a") == chosen("a", "a") == "a"
    with pytest.raises(WeighbridgeError, match="two policies"):
        chosen("a", "b")


def test_names_of_formats_are_checked(tmp_path):
    assert wb("policy", "show", "balanced", "--write", str(tmp_path / "mine"))[0] == 0
    rules = tmp_path / "mine" / "sources.cedar"
    rules.write_text(rules.read_text().replace("{ !resource.source.known }", '{ resource.format == "ggfu" }'))
    with pytest.raises(WeighbridgeError, match="ggfu") as caught:
        read(str(tmp_path / "mine"))
    assert caught.value.hint == "did you mean `gguf`?"
