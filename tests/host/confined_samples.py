"""What a confined process is asked to do by its tests."""

import contextlib
import os
import signal
import socket
import subprocess
import time


def main(request: bytes) -> bytes:
    act = request.decode()
    if act == "echo":
        return request
    if act == "environment":
        return repr(dict(os.environ)).encode()
    if act == "fail":
        raise ValueError("it is *odd* \x1b[31m\nreally")
    if act == "exit":
        os._exit(3)
    if act == "killed":
        signal.raise_signal(signal.SIGKILL)
    if act == "memory":
        return bytes(bytearray(1 << 30)[:1])
    if act == "much":
        return bytes((64 << 20) + 2)
    if act == "compute":
        while True:
            pass
    if act == "sleep":
        time.sleep(600)
    try:
        _forbidden(act)
    except OSError:
        return b"refused"
    return b"did it"


def _forbidden(act: str) -> None:
    if act == "socket":
        socket.socket().connect(("127.0.0.1", 9))
    elif act == "program":
        with contextlib.closing(subprocess.Popen(["/bin/true"]).stdin or open(os.devnull)):
            pass
    elif act == "unlink":
        os.unlink("there")
    elif act.startswith("read "):
        with open(act.removeprefix("read "), "rb") as file:
            file.read()
    elif act.startswith("list "):
        os.listdir(act.removeprefix("list "))
    elif act.startswith("truncate "):
        os.close(os.open(act.removeprefix("truncate "), os.O_WRONLY | os.O_TRUNC))
    else:
        with open("output/written", "wb") as file:
            file.write(bytes(10 if act == "write" else 100_000))
            file.flush()
