import pytest

from weighbridge.formats.config_targets import observe_targets
from weighbridge.formats.gathering import Gathering


def found(text: bytes) -> list[tuple[str, str, str]]:
    gathering = Gathering("nemo")
    observe_targets(text, "c.yaml", gathering)
    return [(item.framework, item.module, item.name) for item in gathering.reading().observations]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (b"a:\n  _target_: os.system\n", ("hydra", "os", "system")),
        (b"a: {b: [{_target_: x.Y}]}\n", ("hydra", "x", "Y")),
        (b"_target_: eval\n", ("hydra", "", "eval")),
        (b"target: nemo.a.B\n", ("hydra", "nemo.a", "B")),
        (b"a: !!python/name:os.system\n", ("yaml", "os", "system")),
        (b"a: !!python/object/new:subprocess.Popen [x]\n", ("yaml", "subprocess", "Popen")),
    ],
)
def test_names_that_a_loader_imports(text, reference):
    assert reference in found(text)


@pytest.mark.parametrize("text", [b"target: speech\n", b"target: a/b.wav\n", b"cls: 3\n", b"a: !!python/tuple [1]\n"])
def test_ordinary_words(text):
    assert found(text) == []


def test_what_is_not_yaml_is_a_gap():
    gathering = Gathering("nemo")
    observe_targets(b"a: [", "c.yaml", gathering)
    [unread] = gathering.reading().observations
    assert unread.member == "c.yaml"
