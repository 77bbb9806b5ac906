from weighbridge.console.thread import Known, thread


def words(known: Known) -> list[tuple[str, str, bool]]:
    return [(knot.title, knot.words, knot.known) for knot in thread(known)]


def test_what_nobody_can_know_is_said_to_be_unknown_and_not_none() -> None:
    assert words(Known()) == [
        ("Disk", "not seen", False),
        ("Process", "not seen running", False),
        ("Request", "not known", False),
        ("Code", "not known", False),
        ("Catalog", "not known", False),
        ("Release", "not known", False),
    ]


def test_each_knot_counts_what_is_known() -> None:
    said = {"catalog": "approved as a/b", "in_catalog": True}
    known = Known(places=3, endpoints=2, running=1, requests=1200, lines=1, releases=2, **said)
    assert words(known) == [
        ("Disk", "3 places on 2 endpoints", True),
        ("Process", "1 process now", True),
        ("Request", "1,200 requests", True),
        ("Code", "1 line", True),
        ("Catalog", "approved as a/b", True),
        ("Release", "2 bills of materials", True),
    ]


def test_what_is_gone_stays_on_the_thread() -> None:
    disk, process = words(Known(gone=1, ran=4))[:2]
    assert disk == ("Disk", "was on 1 endpoint", True)
    assert process == ("Process", "ran 4 times", True)


def test_known_to_be_none_is_not_the_same_as_unknown() -> None:
    found = words(Known(requests=0, catalog="not in the catalog"))
    assert found[2] == ("Request", "0 requests", False)
    assert found[4] == ("Catalog", "not in the catalog", False)
