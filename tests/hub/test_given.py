"""What routes ask for by name."""

from litestar.datastructures import State

from weighbridge.hub.given import HUB_GIVEN, _hub


def test_the_hub_of_the_application_is_given():
    state = State({"hub": "this one"})
    assert _hub(state) == "this one"
    assert set(HUB_GIVEN) == {"hub"}
