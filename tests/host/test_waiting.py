import os
import signal
import socket
import threading

from weighbridge.host.waiting import Waiter


def test_what_can_be_read_ends_the_wait() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        waiter = Waiter([ours])
        assert not waiter.wait(0)
        theirs.send(b"x")
        assert waiter.wait(60)
        waiter.remove(ours)
        assert not waiter.wait(0)
        waiter.close()


def test_another_thread_ends_the_wait_and_is_not_heard_twice() -> None:
    waiter = Waiter()
    threading.Thread(target=waiter.wake).start()
    assert waiter.wait(60)
    for _ in range(100_000):
        waiter.wake()
    assert waiter.wait(60)
    assert not waiter.wait(0)
    waiter.close()


def test_a_signal_is_noted_and_ends_the_wait() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    waiter = Waiter()
    try:
        waiter.install([signal.SIGUSR1])
        os.kill(os.getpid(), signal.SIGUSR1)
        assert waiter.wait(60)
        assert waiter.signals == {signal.SIGUSR1}
    finally:
        waiter.close()
        signal.signal(signal.SIGUSR1, before)
