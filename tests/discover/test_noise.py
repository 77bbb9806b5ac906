"""What a walk leaves out."""

import pytest

from weighbridge.discover.noise import noise_data, noise_of
from weighbridge.host.fake import FakeMachine


def test_mounts_are_sorted_by_type():
    machine = FakeMachine()
    for path, filesystem in (
        (b"/a", "nfs4"),
        (b"/b", "tmpfs"),
        (b"/c", "cgroup2"),
        (b"/d", "fuse.sshfs"),
        (b"/e", "ext4"),
    ):
        machine.mount(path, filesystem)
    noise = noise_of(machine)
    assert noise.network == {b"/a": "nfs4", b"/d": "fuse.sshfs"}
    assert {b"/c", b"/proc", machine.state_folder} <= noise.silent
    assert not {b"/b", b"/e"} & noise.silent


@pytest.mark.parametrize("kind", ["network", "pseudo"])
def test_the_lists_are_sorted_and_disjoint(kind):
    listed = noise_data()[kind]["filesystems"]
    assert listed == sorted(set(listed))
    assert not set(noise_data()["network"]["filesystems"]) & set(noise_data()["pseudo"]["filesystems"])


@pytest.mark.parametrize("folder", [".git", "node_modules", "Trash"])
def test_nothing_where_a_model_could_hide_is_left_out(folder):
    for listed in noise_data()["folders"].values():
        assert not any(path.endswith(folder) for path in listed)
