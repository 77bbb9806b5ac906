"""What breaks off is gone on with, and bytes that are not those of the digest never get a name."""

import pytest
from tests.pipeline.hub_kit import WEIGHTS, pulled, repository
from tests.pipeline.hub_server import COMMIT

from weighbridge.model.errors import WeighbridgeError


def test_what_broke_off_goes_on_where_it_ended_in_this_run(hub, home):
    hub.files = {"model.gguf": WEIGHTS}
    hub.breaks = [1 << 20, 1 << 19]
    pulled(hub)
    assert hub.sent == len(WEIGHTS)
    ranges = [headers.get("Range") for path, headers in hub.seen if "/resolve/" in path]
    assert ranges == [None, f"bytes={1 << 20}-", f"bytes={(1 << 20) + (1 << 19)}-"]


def test_what_broke_off_goes_on_where_it_ended_in_a_later_run(hub, home):
    hub.files = {"model.gguf": WEIGHTS}
    hub.breaks = [1 << 19] + [0] * 4
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert caught.value.code == "E-hub-unreachable"
    assert not list((repository(home)).glob("snapshots/*"))
    pulled(hub)
    assert hub.sent == len(WEIGHTS)


def test_a_server_that_forgets_ranges_is_asked_for_all(hub, home):
    hub.files, hub.ranges, hub.breaks = {"model.gguf": WEIGHTS}, False, [1 << 20]
    pulled(hub)
    assert (repository(home) / "snapshots" / COMMIT / "model.gguf").read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    "lie", [b"\0" * len(WEIGHTS), b"more" + WEIGHTS, WEIGHTS[:-1]], ids=["other", "longer", "shorter"]
)
def test_bytes_that_are_not_those_of_the_digest_never_get_a_name(hub, home, lie):
    hub.files, hub.lies = {"model.gguf": WEIGHTS}, {"model.gguf": lie}
    with pytest.raises(WeighbridgeError) as caught:
        pulled(hub)
    assert caught.value.code in ("E-pull-digest", "E-hub-unreachable")
    left = [one.name for one in (repository(home) / "blobs").iterdir()]
    assert all(name.endswith(".incomplete") for name in left)
    hub.lies = {}
    pulled(hub)
