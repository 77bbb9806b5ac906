"""What every route of the hub can ask for by naming a parameter `hub` with this type, beside those of the fleet."""

from typing import Annotated

from litestar.datastructures import State
from litestar.di import Dependency, Provide

from weighbridge.hub.hub import Hub

GivenHub = Annotated[Hub, Dependency()]


def _hub(state: State) -> Hub:
    hub: Hub = state.hub
    return hub


HUB_GIVEN = {"hub": Provide(_hub, sync_to_thread=False)}
