from tools.discover_data import (
    AGENTS_TARGET,
    RUNTIMES_TARGET,
    TARGET,
    generated,
    generated_agents,
    generated_runtimes,
)

from weighbridge.discover.compiled import compiled_agents, compiled_data, compiled_runtimes


def test_the_committed_file_is_what_the_toml_files_say():
    assert TARGET.read_text(encoding="utf-8") == generated(), "run `python tools/discover_data.py`"
    assert RUNTIMES_TARGET.read_text(encoding="utf-8") == generated_runtimes(), "run `python tools/discover_data.py`"
    assert AGENTS_TARGET.read_text(encoding="utf-8") == generated_agents(), "run `python tools/discover_data.py`"


def test_it_is_read_once():
    assert compiled_data() is compiled_data()
    assert {"noise", "signatures"} == compiled_data().keys()
    assert compiled_runtimes() is compiled_runtimes()
    assert {"rules", "runtimes"} == compiled_runtimes().keys()
    assert compiled_agents() is compiled_agents()
    assert {"actor_names", "agents", "key_formats", "key_places", "known_bad", "tools"} == compiled_agents().keys()
