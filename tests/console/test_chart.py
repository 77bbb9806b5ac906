from weighbridge.console.chart import days, share


def test_pieces_are_as_wide_as_their_share() -> None:
    drawn = str(share([("error", 1), ("success", 3), ("warning", 0)]))
    assert '<rect class="error" x="0.0" y="0" width="248.0"' in drawn
    assert '<rect class="success" x="250.0" y="0" width="748.0"' in drawn
    assert "warning" not in drawn


def test_nothing_is_an_empty_bar() -> None:
    assert "<rect" not in str(share([("error", 0)]))


def test_a_role_is_escaped() -> None:
    assert "<script>" not in str(share([("<script>", 1)]))


def test_a_day_stands_in_its_place_and_the_largest_is_full() -> None:
    drawn = str(days([(10, [("error", 1), ("muted", 1)]), (12, [("error", 4)])], 3))
    assert '<rect class="error" x="0.0" y="54.0" width="250.0" height="18.0"' in drawn
    assert '<rect class="muted" x="0.0" y="36.0"' in drawn
    assert '<rect class="error" x="666.7" y="0.0" width="250.0" height="72.0"' in drawn
    assert drawn.count("<rect") == 3


def test_no_days_and_days_before_the_first_column_are_not_drawn() -> None:
    assert "<rect" not in str(days([], 30))
    assert str(days([(1, [("error", 1)]), (9, [("error", 1)])], 3)).count("<rect") == 1
