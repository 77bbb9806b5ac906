"""What faces and worker share."""

from tests.fleet.serving import Running

from weighbridge.fleet.settings import Settings


def test_origin_and_openness_follow_the_settings(served: Running):
    assert (served.hub.origin, served.hub.open_to_all) == ("http://127.0.0.1:8480", False)
    served.server.settings = Settings(hub_open=True, url="https://hub.example")
    assert (served.hub.origin, served.hub.open_to_all) == ("https://hub.example", True)
