import pytest

from weighbridge.model.agent import AgentEvidence, InstalledAgent


@pytest.mark.parametrize(
    ("kinds", "installed"),
    [((), False), (("configuration",), False), (("package", "configuration"), True), (("program",), True)],
)
def test_a_configuration_alone_does_not_make_an_agent_installed(kinds: tuple[str, ...], installed: bool) -> None:
    evidence = tuple(AgentEvidence(kind=kind, detail="x", path=b"/x") for kind in kinds)
    assert InstalledAgent(id="codex", title="Codex", evidence=evidence).installed == installed
