"""The registry of routes under /api/v1."""

from weighbridge.hub.api import HUB_API


def test_every_file_of_routes_is_there_once() -> None:
    assert len(set(map(id, HUB_API))) == len(HUB_API)
    paths = {path for handler in HUB_API for path in handler.paths}
    assert paths
    assert [path for path in paths if not path.startswith(("/api/v1/", "/v1/", "/oauth/", "/device"))] == []
