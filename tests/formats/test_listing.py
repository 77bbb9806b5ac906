from weighbridge.formats.listing import Listing


def test_names_come_back_in_order_and_more_than_once() -> None:
    names = ["a/b", "ä\udcff", "c d\n", "a/b"]
    listing = Listing(names)
    assert list(listing) == names
    assert list(listing) == names
    assert list(Listing([])) == []
