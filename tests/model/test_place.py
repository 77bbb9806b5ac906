from hypothesis import given
from hypothesis import strategies as st

from weighbridge.model.place import display, is_exact


@given(st.binary())
def test_a_path_is_exact_when_its_display_can_be_turned_back(path: bytes) -> None:
    if is_exact(path):
        assert display(path).encode() == path
    else:
        assert "\\x" in display(path)
