"""Ctrl-C as a wish: raised where work may be cut, noted elsewhere."""

import os
import signal
from collections.abc import Iterator

import pytest

from weighbridge.host.interrupt import Interrupts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a process cannot send itself Ctrl-C there")


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    before = signal.getsignal(signal.SIGINT)
    made = Interrupts()
    made.install()
    yield made
    signal.signal(signal.SIGINT, before)


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_it_waits_until_it_is_allowed(interrupts: Interrupts) -> None:
    press()
    assert interrupts.requested
    with pytest.raises(KeyboardInterrupt):
        interrupts.allow()
    interrupts.forget()
    interrupts.allow()
    interrupts.hold()


def test_it_cuts_what_may_be_cut_and_not_what_cleans_up_after_it(interrupts: Interrupts) -> None:
    interrupts.allow()
    with pytest.raises(KeyboardInterrupt):
        press()
    with pytest.raises(KeyboardInterrupt):  # the second one is for those who do not want to wait for a report
        press()


def test_it_is_only_noted_after_hold(interrupts: Interrupts) -> None:
    interrupts.allow()
    interrupts.hold()
    press()
    assert interrupts.requested
