"""Where a machine keeps things, on every platform."""

from types import SimpleNamespace

import pytest

from weighbridge.host.machine import Mount
from weighbridge.host.surroundings import is_placeholder, parse_mountinfo, state_folder


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, b"/home/a/.local/state/weighbridge"),
        ("linux", {"XDG_STATE_HOME": "/var/a"}, b"/var/a/weighbridge"),
        ("linux", {"XDG_STATE_HOME": "relative"}, b"/home/a/.local/state/weighbridge"),
        ("linux", {"WEIGHBRIDGE_STATE": "/x"}, b"/x"),
        ("darwin", {"XDG_STATE_HOME": "/var/a"}, b"/home/a/Library/Application Support/weighbridge"),
        ("windows", {}, b"/home/a\\AppData\\Local\\weighbridge"),
        ("windows", {"LOCALAPPDATA": "D:\\Local"}, b"D:\\Local\\weighbridge"),
    ],
)
def test_the_state_folder(platform, variables, folder):
    assert state_folder(platform, variables.get, b"/home/a") == folder


def test_mountinfo_with_optional_fields_and_escapes():
    text = (
        b"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        b"36 22 0:30 / /mnt/my\\040share\\011x\\134 rw master:2 propagate_from:3 - nfs4 host:/ rw\n"
        b"37 22 0:31 / /proc rw - proc proc rw\n"
        b"broken line\n\n"
    )
    assert parse_mountinfo(text) == (
        Mount(b"/", "ext4"),
        Mount(b"/mnt/my share\tx\\", "nfs4"),
        Mount(b"/proc", "proc"),
    )


@pytest.mark.parametrize(
    ("platform", "fields", "answer"),
    [
        ("darwin", {"st_flags": 0x40000000, "st_blocks": 0, "st_size": 5}, True),
        ("darwin", {"st_flags": 0x20, "st_blocks": 0, "st_size": 5}, False),
        ("darwin", {"st_blocks": 0, "st_size": 5}, True),
        ("darwin", {"st_blocks": 8, "st_size": 5}, False),
        ("windows", {"st_file_attributes": 0x400000}, True),
        ("windows", {"st_file_attributes": 0x20}, False),
        ("linux", {"st_blocks": 0, "st_size": 5}, False),
    ],
)
def test_cloud_placeholders(platform, fields, answer):
    assert is_placeholder(SimpleNamespace(**fields), platform) is answer
