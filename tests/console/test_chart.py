from weighbridge.console.chart import share


def test_pieces_are_as_wide_as_their_share() -> None:
    drawn = str(share([("error", 1), ("success", 3), ("warning", 0)]))
    assert '<rect class="error" x="0.0" y="0" width="248.0"' in drawn
    assert '<rect class="success" x="250.0" y="0" width="748.0"' in drawn
    assert "warning" not in drawn


def test_nothing_is_an_empty_bar() -> None:
    assert "<rect" not in str(share([("error", 0)]))


def test_a_role_is_escaped() -> None:
    assert "<script>" not in str(share([("<script>", 1)]))
