import pytest
from tests.sync.policy_server import NOW
from tests.sync.ruling_texts import BAD, exempted, revoked, text_of

from weighbridge.cli.fleet_ruling_text import read_ruling
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.ruling_metadata import new_ruling
from weighbridge.sync.rulings import EXCEPTIONS, REVOCATIONS


@pytest.mark.parametrize(
    ("role", "ruling", "said"),
    [
        (REVOCATIONS, revoked(), [f"  {BAD}  It holds a backdoor."]),
        (
            EXCEPTIONS,
            exempted(endpoints=("a" * 16,)),
            ["  warn-review for babababababa, 1 endpoint, until 2026-12-31"],
        ),
    ],
)
def test_what_is_signed_is_read_first(tmp_path, role, ruling, said):
    text = text_of(role, 4, ruling)
    (tmp_path / "text.json").write_bytes(text)
    lines = [*read_ruling(new_ruling(role, 4, text, NOW), str(tmp_path / "text.json"))]
    assert lines[0].startswith(f"{role} 4: 1 ")
    assert lines[1:2] == said
    assert "--text FILE" in next(read_ruling(new_ruling(role, 4, text, NOW), None))


def test_another_text_is_refused(tmp_path):
    (tmp_path / "text.json").write_bytes(text_of(REVOCATIONS, 4))
    metadata = new_ruling(REVOCATIONS, 4, text_of(REVOCATIONS, 4, revoked()), NOW)
    with pytest.raises(WeighbridgeError, match="is not what revocations 4 are about"):
        [*read_ruling(metadata, str(tmp_path / "text.json"))]
    with pytest.raises(WeighbridgeError, match="No such file"):
        [*read_ruling(metadata, str(tmp_path / "none.json"))]
    (tmp_path / "text.json").write_bytes(b"{}")
    with pytest.raises(WeighbridgeError, match="holds no rulings"):
        [*read_ruling(new_ruling(REVOCATIONS, 4, b"{}", NOW), str(tmp_path / "text.json"))]
