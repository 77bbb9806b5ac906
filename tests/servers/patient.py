"""This machine, asked by somebody who counts the questions and has time: a busy machine answers late."""

from weighbridge.host.linux_live import LinuxLive
from weighbridge.host.live import HttpAnswer, SocketListener

_SECONDS = 60.0


class Counting(LinuxLive):
    """`asked` has the path of every GET of this one; whatever else looks at the same server does not count."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = _SECONDS) -> HttpAnswer:
        self.asked.append(path)
        return super().get(listener, path, limit=limit, seconds=seconds)


class Patient(Counting):
    """Waits for every answer, whatever the limit of the product is."""

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = _SECONDS) -> HttpAnswer:
        return super().get(listener, path, limit=limit, seconds=max(seconds, _SECONDS))
