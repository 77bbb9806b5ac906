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


def test_what_is_in_no_hurry_is_left_alone_for_a_while_after_it_was_ready() -> None:
    ours, theirs = socket.socketpair()
    clock = [100.0]
    with ours, theirs:
        waiter = Waiter(now=lambda: clock[0])
        waiter.add(ours, rest=30.0)
        theirs.send(b"x")
        assert waiter.wait(60)
        assert not waiter.wait(0)
        clock[0] = 130.0
        assert waiter.wait(60)
        waiter.remove(ours)  # while it rests
        clock[0] = 160.0
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
