from weighbridge.model.stream_marks import MOST, Marks


def marked(count: int) -> Marks:
    marks = Marks()
    reached = 0
    for _ in range(count):
        while not marks.due(reached):
            reached += 1 << 20
        marks.add(reached, reached // 3, lambda _pull: iter(()))
    return marks


def test_the_nearest_mark_before() -> None:
    marks = marked(3)
    assert marks.before((4 << 20) - 1) is None
    found = marks.before(9 << 20)
    assert found is not None
    assert (found.reached, found.consumed) == (8 << 20, (8 << 20) // 3)


def test_marks_of_a_long_stream_are_few_and_reach_its_end() -> None:
    marks = marked(3 * MOST)
    far = marks.before(1 << 60)
    assert far is not None
    assert far.reached > 4 * MOST << 20
    marks.add(0, 0, lambda _pull: iter(()))
    assert marks.before(0) is None
    marks.clear()
    assert marks.before(1 << 60) is None
