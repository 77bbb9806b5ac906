import subprocess
import sys

from weighbridge.host.lean import give_memory_back, leave_out_openssl

SCRIPT = """
import sys
from weighbridge.host.lean import leave_out_openssl
left_out = leave_out_openssl()
import hashlib, hmac, secrets
assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf")
assert hashlib.blake2b(b"abc").hexdigest().startswith("ba80a53f")
assert hmac.new(b"k", b"m", "sha256").hexdigest()
assert left_out == (sys.modules["_hashlib"] is None)
print(left_out)
"""


def test_hashes_are_the_same_without_openssl() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout in ("True\n", "False\n")
    assert done.stderr == ""


def test_it_is_too_late_once_openssl_is_loaded() -> None:
    before = sys.modules.get("_hashlib")
    sys.modules["_hashlib"] = sys
    try:
        assert not leave_out_openssl()
    finally:
        del sys.modules["_hashlib"]
        if before is not None:
            sys.modules["_hashlib"] = before


def test_memory_is_given_back_wherever_this_runs() -> None:
    give_memory_back()
