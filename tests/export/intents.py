"""Intents for tests: the shipped policies over a small catalog."""

from dataclasses import replace

from tests.policy_texts import PERMIT, artifact, forbid, policy_of, shipped

from weighbridge.export.intent import Intent, intent_of
from weighbridge.export.product import Product
from weighbridge.model.finding import Assessment
from weighbridge.policy.weigh import weigh

CATALOG = (
    Product(
        id="claude_code",
        title="Claude Code",
        kind="agent",
        confidence="source",
        executables=("*/.local/share/claude/versions/*",),
        process_names=("claude", "claude.exe"),
        configuration=("~/.claude/settings.json",),
        risky_arguments=("--dangerously-skip-permissions",),
    ),
    Product(
        id="ollama",
        title="Ollama",
        kind="runtime",
        confidence="source",
        process_names=("ollama", "ollama app.exe"),
        command_lines=(r"\bollama(\.exe)?\s+serve\b",),
        ports=(11434,),
        units=("ollama.service",),
        configuration=("~/.ollama/server.json",),
        hardening=(("OLLAMA_HOST", "127.0.0.1:11434"), ("OLLAMA_NO_CLOUD", "1")),
    ),
)


def strict() -> Intent:
    """Return an intent in which everything is asked for: a denied product, a blocked digest, open listeners."""
    policy = policy_of(
        PERMIT,
        forbid('resource.name == "ollama"', rule="no-ollama", head="principal, action, resource is Runtime"),
        forbid("!resource.loopback", rule="no-open", head="principal, action, resource is Listener"),
        forbid('resource.assessment == "malicious"', rule="no-malice"),
        settings='organization: "A & B <x>"\ncontact: "security: \'team\' #1"\n',
    )
    bad = replace(artifact(Assessment.MALICIOUS), sha256="ab" * 32)
    return intent_of(policy, CATALOG, [replace(bad, verdict=weigh(bad, policy))])


def ordinary() -> list[Intent]:
    """Return the intents of the packs that ship."""
    return [intent_of(shipped(name), CATALOG) for name in ("observe", "balanced", "regulated")]
