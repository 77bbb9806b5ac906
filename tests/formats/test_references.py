"""Names that stay beside the artifact and names that do not."""

import pytest

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.references import escape_of, refer
from weighbridge.model.observation import Escape


@pytest.mark.parametrize(
    ("path", "escape"),
    [
        ("/etc/passwd", Escape.ABSOLUTE_PATH), ("\\windows", Escape.ABSOLUTE_PATH), ("~/x", Escape.ABSOLUTE_PATH),
        ("c:/x", Escape.ABSOLUTE_PATH), ("../x", Escape.PARENT_PATH), ("a/b/../../../x", Escape.PARENT_PATH),
        ("a\\..\\b", Escape.PARENT_PATH), (".. /x", Escape.PARENT_PATH), ("http://e.example", Escape.URL),
        ("FILE:x", Escape.URL), ("s3://b/x", Escape.URL),
        ("model.bin", None), ("a/b.bin", None), ("a..b", None), ("...", None), ("./x", None),
    ],
)  # fmt: skip
def test_escape(path: str, escape: Escape | None) -> None:
    assert escape_of(path) is escape


def test_refer_wants_or_observes() -> None:
    gathering = Gathering("x")
    refer(gathering, "a.bin", "k")
    refer(gathering, "/a.bin", "k")
    refer(gathering, "a\0/../b", "k")
    refer(gathering, "./", "k")
    reading = gathering.reading()
    assert len(reading.parts_wanted) == 1
    assert len(reading.observations) == 2
