"""What an upstream's answers mean: which are tried again, which are the end."""

import pytest

from weighbridge.host.outgoing import ForbiddenError, OutgoingError
from weighbridge.hub.upstream import refused, unreachable
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_an_answer_that_will_not_change_ends_it(status: int) -> None:
    assert isinstance(refused(status, "acme/tiny"), CannotError)
    assert str(status) in str(refused(status, "acme/tiny"))


@pytest.mark.parametrize("status", [429, 500, 503, 302, 204])
def test_an_answer_that_may_change_is_asked_for_again(status: int) -> None:
    assert isinstance(refused(status, "acme/tiny"), WeighbridgeError)


def test_an_address_that_is_forbidden_stays_so() -> None:
    assert isinstance(unreachable(ForbiddenError("10.0.0.1")), CannotError)
    assert isinstance(unreachable(OutgoingError("no route")), WeighbridgeError)
