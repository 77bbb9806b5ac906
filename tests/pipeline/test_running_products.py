"""What processes are, looked at once."""

import pytest

from weighbridge.discover.process_view import look
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.pipeline import running_products
from weighbridge.pipeline.running_products import Products


def test_products_and_agents_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    live = FakeLive()
    live.machine.add_file(b"/opt/lib/libllama.so", b"\x7fELF")
    live.add(FakeProcess(pid=5, name=b"bash", executable=b"/bin/bash"))
    live.add(FakeProcess(pid=6, name=b"claude", executable=b"/usr/local/bin/claude", command_line=(b"claude",)))
    server = live.add(FakeProcess(pid=7, name=b"worker"))
    live.map(7, b"/opt/lib/libllama.so", executable=True)
    products = Products()
    views = look(live)
    found, agents = products.find(views)
    assert found[7].runtime == "llama_cpp"
    assert 5 not in found
    assert agents == {6: "claude_code"}

    looked: list[int] = []
    plain = running_products.identity_of
    monkeypatch.setattr(running_products, "identity_of", lambda facts: (looked.append(facts.pid), plain(facts))[1])
    server.cpu_ticks += 1
    assert products.find(look(live, views)) == (found, agents)
    assert looked == [7]
