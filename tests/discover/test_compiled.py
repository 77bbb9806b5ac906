from tools.discover_data import TARGET, generated

from weighbridge.discover.compiled import compiled_data


def test_the_committed_file_is_what_the_toml_files_say():
    assert TARGET.read_text(encoding="utf-8") == generated(), "run `python tools/discover_data.py`"


def test_it_is_read_once():
    assert compiled_data() is compiled_data()
    assert {"noise", "signatures"} == compiled_data().keys()
