"""What a child gives up, in a process of its own: afterwards it opens no file, or its own alone."""

import subprocess
import sys

import pytest

from weighbridge.host import landlock

_SCRIPT = """
import socket, sys
from weighbridge.host.few_rights import give_up
secret, mine, reads = sys.argv[1], sys.argv[2], sys.argv[3:]
give_up((("RLIMIT_CORE", 0), ("RLIMIT_NO_SUCH", 1)), reads=reads or None)
def tried(job):
    try:
        job()
    except OSError:
        return "refused"
    return "did it"
print(tried(lambda: open(secret).close()), tried(lambda: open(mine).close()), tried(socket.socket), sep=",", end="")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="filters as on Linux")
@pytest.mark.parametrize("some", [True, False])
def test_files_and_sockets_are_gone(tmp_path, some: bool) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "mine" / "own").write_text("x")
    reads = [str(tmp_path / "mine"), str(tmp_path / "not-there")] if some else []
    given = [str(tmp_path / "secret"), str(tmp_path / "mine" / "own"), *reads]
    said = subprocess.run([sys.executable, "-c", _SCRIPT, *given], capture_output=True, text=True, check=True).stdout
    outside = "refused" if landlock.version() or not some else "did it"
    assert said.split(",") == [outside, "did it" if some else "refused", "refused"]
