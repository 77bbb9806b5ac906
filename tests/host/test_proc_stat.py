"""The kernel's texts about one process. Expected values are worked out by hand from proc_pid_stat(5)."""

import os

import pytest

from weighbridge.host.proc_stat import (
    parse_bytes_read,
    parse_container,
    parse_stat,
    parse_units,
    parse_user,
    split_words,
)

REST = b" S 1 77 77 34816 -1 4194304 9 8 7 6 250 50 0 0 20 0 1 0 9876 1048576 300 18446744073709551615 1 1 0\n"
ID = "0123456789abcdef" * 4


@pytest.mark.parametrize("name", [b"llama-server", b"a b", b"x) R 9 (y", b""])
def test_a_name_may_hold_anything(name: bytes) -> None:
    entry = parse_stat(b"42 (" + name + b")" + REST, 1000)
    assert (entry.pid, entry.name, entry.parent, entry.session, entry.terminal) == (42, name, 1, 77, 34816)
    assert (entry.cpu_ticks, entry.started, entry.virtual_bytes) == (300, 9876, 1048576)
    assert entry.resident_bytes == 300 * os.sysconf("SC_PAGE_SIZE")
    assert entry.user == 1000


@pytest.mark.parametrize("text", [b"", b"42 (a", b"42 (a) S 1", b"x (a)" + REST])
def test_a_text_that_makes_no_sense_raises_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        parse_stat(text, None)


def test_the_real_user_is_the_first_of_four() -> None:
    assert parse_user(b"Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t1\n") == 1000
    assert parse_user(b"Name:\tx\n") is None


def test_bytes_read_count_what_came_from_memory_too() -> None:
    assert parse_bytes_read(b"rchar: 123\nwchar: 4\nread_bytes: 0\n") == 123
    with pytest.raises(ValueError, match="rchar"):
        parse_bytes_read(b"")


@pytest.mark.parametrize(
    ("text", "container"),
    [
        (f"0::/system.slice/docker-{ID}.scope\n", ID),
        (f"12:memory:/docker/{ID}\n", ID),
        (f"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope\n", ID),
        (f"0::/user.slice/user-1000.slice/user@1000.service/libpod-{ID}.scope/container\n", ID),
        ("0::/lxc.payload.web/init.scope\n", "web"),
        ("0::/user.slice/user-1000.slice/session-2.scope\n", None),
        (f"0::/user.slice/run-{ID}ff.scope\n", None),
        ("0::/\n", None),
    ],
)
def test_a_container_is_known_by_its_control_group(text: str, container: str | None) -> None:
    assert parse_container(text.encode()) == container


def test_words_end_with_zero_bytes() -> None:
    assert split_words(b"serve\0-m\0\0x y\0") == (b"serve", b"-m", b"", b"x y")
    assert split_words(b"nginx: master process\0\0\0\0") == (b"nginx: master process",)
    assert split_words(b"") == split_words(b"\0\0") == ()


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (b"0::/system.slice/ollama.service\n", "ollama.service"),
        (b"0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope"),
        (
            b"0::/user.slice/user-1000.slice/user@1000.service/app.slice/openclaw-gateway.service\n",
            "user@1000.service/openclaw-gateway.service",
        ),
        (b"4:memory:/x.service\n1:name=systemd:/system.slice/a.service\n", "a.service"),
        (b"0::/\n", None),
        (b"4:memory:/x.service\n", None),
        (b"", None),
    ],
)
def test_units(text: bytes, units: str | None) -> None:
    assert parse_units(text) == units
