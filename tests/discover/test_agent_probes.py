import re

from tests.samples.agent_homes import faulty

from weighbridge.discover.agent_probes import agent_probes
from weighbridge.pipeline.agent_audit import audit_agents


def pattern(declared: str) -> re.Pattern[str]:
    text = (
        re.escape(declared).replace(re.escape("~"), "/home/ada").replace(re.escape("<project>"), "/home/ada/src/shop")
    )
    text = text.replace(r"/\*\*/", "(?:/.*)?/").replace(r"/\*\*", "(?:/.*)?").replace(r"\*", "[^/]*")
    return re.compile(text + "$")


def test_no_content_is_read_that_is_not_declared() -> None:
    machine = faulty()
    audit_agents(machine)
    declared = [pattern(text) for probe in agent_probes() if probe.id != "tools" for text in probe.declaration.reads]
    read = {one.path.decode() for one in machine.reads if one.operation in ("read", "open", "peek", "digest")}
    versions = {path for path in read if path.endswith("/package.json")} | {"/var/lib/dpkg/status"}
    assert [path for path in sorted(read - versions) if not any(one.match(path) for one in declared)] == []


def test_every_agent_and_the_shared_places_are_declared() -> None:
    probes = agent_probes()
    assert len(probes) == 38
    assert [probe.id for probe in probes if not probe.declaration.reads] == ["docker_agent", "plandex_sweagent"]
    assert all(probe.declaration.purpose for probe in probes)
