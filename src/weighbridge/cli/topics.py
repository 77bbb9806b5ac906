"""Everything that `wb explain` can explain, by id."""

from weighbridge.cli.error_codes import ERROR_CODES
from weighbridge.cli.exits import MEANINGS
from weighbridge.cli.glossary import GLOSSARY
from weighbridge.discover.probe import Probe
from weighbridge.discover.registry import PROBES
from weighbridge.formats.registry import READERS
from weighbridge.licensing.table import entries
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import APPROVED_RULE, DEPRECATED_RULE, Decision
from weighbridge.report import check_pages

ASSESSMENTS: dict[Assessment, str] = {
    Assessment.CLEAN: "Fully examined; holds data only. Loading it runs no code of its own.",
    Assessment.REVIEW: "It needs code or makes a claim that a person or a policy must accept: a framework class in a"
    " pickle, custom code in a repository. Not an accusation. Read the findings; prefer a safetensors or GGUF version.",
    Assessment.INCOMPLETE: "Not everything could be read: encrypted, truncated, an unknown codec, a limit. Weighbridge"
    " fails closed and says what was not read. Fetch the file again, or unpack it, and scan that.",
    Assessment.HOSTILE: "Malformed on purpose or a resource attack; no honest writer makes this. Do not load it.",
    Assessment.MALICIOUS: "It runs or reaches what no model needs when it is loaded. Do not load it; find out where it"
    " came from and whether somebody already did.",
    Assessment.NOT_A_MODEL: "It was looked at and holds no model; it is listed because of what stands in the findings.",
}

DECISIONS: dict[Decision, str] = {
    Decision.ALLOW: "Within policy.",
    Decision.WARN: "Policy has an objection but does not forbid it. With `--fail-on warn` the exit code is 20.",
    Decision.PENDING: "Somebody must decide, or something must be known first; the remedy says what.",
    Decision.DENY: "Policy forbids it. The exit code is 21. The verdict names the rules and what to do.",
}

NOTES: dict[str, str] = {
    APPROVED_RULE: "The fleet's catalog approved this digest, for the data and until the day that it says; signed, and"
    " by this machine's own clock. Where the policy says `catalog: accepts`, that counts as accepted, and never for"
    " what attacks, could not be read in full, or is revoked.",
    DEPRECATED_RULE: "The hub that was set up here would like something else to be used. It forbids nothing.",
}
"""What a verdict says beside its decision."""


def store_page(probe: Probe) -> str:
    """Return what a probe declares: what it reads, where and why."""
    declaration = probe.declaration
    lines = [f"Store: {probe.title}.", declaration.purpose, "", "Reads:", *(f"  {name}" for name in declaration.reads)]
    if declaration.environment:
        lines.append(f"Variables: {', '.join(declaration.environment)}")
    lines.append(f"Platforms: {', '.join(declaration.platforms)}. Cost: {declaration.cost}.")
    return "\n".join(lines)


def topics() -> dict[str, str]:
    """Return every topic id with one line or more about it; of a check only its title, see `text_of` for the page."""
    from weighbridge.cli.agent_topics import agent_titles  # with the catalog of agents
    from weighbridge.cli.runtime_topics import runtime_titles  # with the catalog of products
    from weighbridge.ledger.entry import KINDS  # with what reads the ledger

    listed = check_pages.titles()
    listed |= ERROR_CODES
    listed |= {assessment.value: text for assessment, text in ASSESSMENTS.items()}
    listed |= {decision.value: text for decision, text in DECISIONS.items()}
    listed |= NOTES
    listed |= {str(int(code)): text for code, text in MEANINGS.items()}
    listed |= {reader.id: f"Format: {reader.title}." for reader in READERS if reader.id not in listed}
    listed |= {probe.id: f"Store: {probe.title}." for probe in PROBES if probe.id not in listed}
    products = runtime_titles() | agent_titles()
    listed |= {name: line for name, line in products.items() if name not in listed}
    listed |= {word: text for word, text in GLOSSARY.items() if word not in listed}
    listed |= {entry.id: f"License: {entry.name}." for entry in entries() if entry.id not in listed}
    listed |= {kind: f"Record of the ledger: {text}" for kind, text in KINDS.items() if kind not in listed}
    listed["exit-codes"] = "\n".join(f"{int(code):>4}  {text}" for code, text in MEANINGS.items())
    return listed


def text_of(topic: str) -> str | None:
    """Return the page on a topic, None if there is none."""
    if (text := check_pages.text_of(topic)) is not None:
        return _unwrapped(text)
    from weighbridge.cli.agent_topics import agent_page  # with the catalog of agents
    from weighbridge.cli.runtime_topics import runtime_page  # with the catalog of products

    stores = [store_page(probe) for probe in PROBES if probe.id == topic]
    if pages := [page for page in (runtime_page(topic), agent_page(topic), *stores) if page]:
        return "\n\n".join(pages)
    from weighbridge.cli.license_topics import license_page  # with the license table

    listed = topics().get(topic)
    return license_page(topic) or listed if listed is None or listed.startswith("License: ") else listed


def _unwrapped(text: str) -> str:
    """Return a docstring with one line for each paragraph, to be folded to another width."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
