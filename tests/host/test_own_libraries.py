"""What a confined process may read beside its folder: the interpreter and its libraries, and no folder of people."""

import os

from weighbridge.host.own_libraries import library_paths


def test_the_interpreter_is_in_it_and_neither_the_root_nor_what_people_keep() -> None:
    paths = library_paths()
    assert os.path.realpath(os.path.dirname(os.__file__)) in paths
    kept = {"/", "/etc", "/home", "/root", "/tmp", "/usr", "/var", os.path.expanduser("~")}
    assert not kept & set(paths)
    assert all(os.path.isabs(path) for path in paths)
