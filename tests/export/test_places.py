from weighbridge.export.places import FILES, FOLDERS


def test_places_are_below_a_home_and_plain() -> None:
    for place in (*FOLDERS, *FILES):
        assert place.startswith(".")
        assert not place.endswith("/")
        assert set(place) <= set("abcdefghijklmnopqrstuvwxyz./-_")
    assert len({*FOLDERS, *FILES}) == len(FOLDERS) + len(FILES)
