"""A process with few rights: what it cannot do, and what its parent says of its end."""

import asyncio
import os
import sys

import pytest

from weighbridge.host.confined import ConfinedError, Limits, confinement, run_confined

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and filters as on Linux")


def run(request: bytes, folder, limits: Limits | None = None, module: str = "tests.host.confined_samples") -> bytes:
    (folder / "output").mkdir(exist_ok=True)
    given = limits or Limits(seconds=120.0)
    output = str(folder / "output") if given.most_written else ""
    return asyncio.run(run_confined(module, request, str(folder), given, output))


@pytest.fixture(autouse=True)
def _importable(monkeypatch) -> None:
    """The child knows the package alone; these tests give it the folder of the samples, too."""
    import weighbridge.host.confined as confined

    real = confined.confined_child.__file__
    launcher = os.path.join(os.path.dirname(__file__), "confined_launcher.py")
    monkeypatch.setattr(confined.confined_child, "__file__", launcher)
    assert real.endswith("confined_child.py")


def test_it_answers(tmp_path) -> None:
    assert run(b"echo", tmp_path) == b"echo"


@pytest.mark.parametrize("act", [b"socket", b"program", b"write", b"unlink"])
def test_it_can_do_nothing_beyond_reading(tmp_path, act: bytes) -> None:
    (tmp_path / "there").write_bytes(b"x")
    assert run(act, tmp_path) == b"refused"
    assert (tmp_path / "there").read_bytes() == b"x"


def test_it_writes_as_much_as_it_may(tmp_path) -> None:
    assert run(b"write", tmp_path, Limits(most_written=1000, seconds=120.0)) == b"did it"
    assert run(b"write-much", tmp_path, Limits(most_written=1000, seconds=120.0)) == b"refused"


@pytest.mark.skipif(bool(confinement()), reason=confinement())
def test_it_reads_its_folder_and_no_other_file_of_its_user(tmp_path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    (folder / "inside").write_bytes(b"x")
    secret = tmp_path / "secret"
    secret.write_bytes(b"of the server")
    (folder / "way-out").symlink_to(secret)
    assert run(b"read inside", folder) == b"did it"
    for path in (str(secret), "way-out", "../secret", f"/proc/self/root{secret}", f"/proc/{os.getpid()}/environ"):
        assert run(f"read {path}".encode(), folder) == b"refused", path
    assert run(f"list {tmp_path}".encode(), folder) == b"refused"


@pytest.mark.skipif(bool(confinement()), reason=confinement())
def test_it_changes_nothing_beside_its_output_even_where_it_may_write(tmp_path) -> None:
    (tmp_path / "blob").write_bytes(b"of the store, by a second name")
    may_write = Limits(most_written=1000, seconds=120.0)
    assert run(b"truncate blob", tmp_path) == b"refused"
    assert run(b"truncate blob", tmp_path, may_write) == b"refused"
    assert run(b"write", tmp_path, may_write) == b"did it"
    assert run(b"truncate output/written", tmp_path, may_write) == b"did it"
    assert (tmp_path / "blob").read_bytes() == b"of the store, by a second name"


def test_it_knows_nothing_of_the_servers_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_DATABASE", "postgresql://secret@host/x")
    said = run(b"environment", tmp_path)
    assert b"secret" not in said
    assert str(tmp_path).encode() in said


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (b"fail", "it is *odd* ?[31m really"),
        (b"exit", "ended"),
        (b"killed", "signal 9"),
        (b"memory", "more than 512 MiB"),
        (b"much", "longer than any"),
    ],
)
def test_an_end_without_an_answer_says_why(tmp_path, act: bytes, said: str) -> None:
    with pytest.raises(ConfinedError) as caught:
        run(act, tmp_path, Limits(memory=512 << 20, seconds=120.0))
    assert said in str(caught.value)


def test_it_is_ended_when_it_computes_for_too_long(tmp_path) -> None:
    with pytest.raises(ConfinedError, match="signal"):
        run(b"compute", tmp_path, Limits(processor_seconds=1, seconds=120.0))
    with pytest.raises(ConfinedError, match="no answer within"):
        run(b"sleep", tmp_path, Limits(seconds=1.5))


def test_a_module_that_there_is_not_is_said(tmp_path) -> None:
    with pytest.raises(ConfinedError, match="no_such"):
        run(b"", tmp_path, module="tests.host.no_such_module")
