"""How much is taken at once, and how the fleet is paced."""

import pytest

from weighbridge.fleet.admission import REGULAR_SECONDS, SLOWEST_SECONDS, Admission
from weighbridge.fleet.enrollment import RefusedError


def test_one_request_of_an_endpoint_at_a_time() -> None:
    admission = Admission()
    admission.enter("a", 0)
    with pytest.raises(RefusedError) as caught:
        admission.enter("a", 0)
    assert caught.value.code == "busy"
    admission.enter("b", 0)
    admission.leave("a")
    admission.enter("a", 0)
    assert admission.inside == 2


def test_so_many_at_once_and_no_more() -> None:
    admission = Admission(most=3)
    for name in "abc":
        admission.enter(name, 0)
    with pytest.raises(RefusedError):
        admission.enter("d", 0)
    admission.leave("a")
    admission.enter("d", 0)


def test_nobody_is_let_in_while_the_database_is_far_behind() -> None:
    with pytest.raises(RefusedError):
        Admission().enter("a", 100_000)


def test_the_busier_the_later() -> None:
    admission = Admission()
    paces = [admission.pace(waiting, remaining=False) for waiting in (0, 100, 400, 1000, 100_000)]
    assert paces[0] == REGULAR_SECONDS
    assert paces == sorted(paces)
    assert paces[-1] == SLOWEST_SECONDS
    assert admission.pace(0, remaining=True) < 1 < admission.pace(1000, remaining=True)
    assert admission.retry_in(1000) > admission.retry_in(0) > 0
