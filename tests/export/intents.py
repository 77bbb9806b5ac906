"""Intents for tests: the shipped policies over a small catalog."""

from dataclasses import replace

from tests.policy_texts import PERMIT, artifact, forbid, policy_of, shipped

from weighbridge.export.intent import Answer, Intent, intent_of
from weighbridge.export.product import Product
from weighbridge.model.finding import Assessment
from weighbridge.policy.weigh import weigh

HOSTILE = "a|b=c\\d\"e]f'g\n<h>&\r\t{i}%\x00\x1b[31m\u202e$(j)`k`;l--#é✓ m: [n]"
"""One text with everything that some format would act on."""
PRINTABLE = "a|b=c\\d\"e]f'g<h>&{i}%$(j)`k`;l--#é✓ m: n"
CATALOG = (
    Product(
        id="claude_code",
        title="Claude Code",
        kind="agent",
        confidence="source",
        executables=("*/.local/share/claude/versions/*",),
        process_names=("claude", "claude.exe"),
        signers=("Q6L2SF6YDW:com.anthropic.claude-code",),
        scripts=("*/node_modules/@anthropic-ai/claude-code/*",),
        configuration=("~/.claude/settings.json",),
        risky_arguments=("--dangerously-skip-permissions",),
    ),
    Product(
        id="ollama",
        title="Ollama",
        kind="runtime",
        confidence="source",
        executables=("*/Programs/Ollama/*",),
        process_names=("ollama", "ollama app.exe"),
        signers=("3MU9H2V9Y9:ai.ollama.ollama",),
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


def hostile() -> Intent:
    """Return an intent whose every name holds what the formats act on."""
    made = strict()
    catalog = tuple(
        replace(
            product,
            title=HOSTILE,
            process_names=(HOSTILE, PRINTABLE, "A & B's", "a*b?", "x'y\"z"),
            executables=(f"*/{HOSTILE}/*", f"*/{PRINTABLE}/*"),
            scripts=(f"*/{HOSTILE}/*", f"*/{PRINTABLE}"),
            signers=(HOSTILE, f"Q6L2SF6YDW:{PRINTABLE}"),
            configuration=(f"~/{HOSTILE}", f"/etc/{HOSTILE}"),
            risky_arguments=(f"--{PRINTABLE}",),
            units=("ollama.service",) if product.units else (),
            hardening=(("NAME", HOSTILE),) if product.hardening else (),
        )
        for product in made.products
    )
    return replace(
        made,
        organization=HOSTILE,
        contact=HOSTILE,
        products=catalog,
        blocked=tuple(replace(one, name=HOSTILE, reason=HOSTILE) for one in made.blocked),
        open_listener=_worded(made.open_listener),
        unsupervised_agent=_worded(made.unsupervised_agent),
    )


def _worded(answer: Answer) -> Answer:
    rule = answer.rule
    return answer if rule is None else replace(answer, rule=replace(rule, reason=HOSTILE, remedy=HOSTILE))


def everything() -> Intent:
    """Return an intent in which the policy denies all that exports ask."""
    policy = policy_of(
        PERMIT,
        forbid('resource.name == "ollama"', rule="no-ollama", head="principal, action, resource is Runtime"),
        forbid("!resource.loopback", rule="no-open", head="principal, action, resource is Listener"),
        forbid("resource.code_capable", rule="no-code"),
        forbid("!principal.supervised", rule="no-agents", head="principal is Agent, action, resource is Tool"),
        forbid("!principal.supervised", rule="no-secrets", head="principal is Agent, action, resource is Dataset"),
        forbid("!resource.internal", rule="no-outside", head="principal, action, resource is Host"),
    )
    return replace(intent_of(policy, CATALOG), blocked=strict().blocked)


def ordinary() -> list[Intent]:
    """Return the intents of the packs that ship."""
    return [intent_of(shipped(name), CATALOG) for name in ("observe", "balanced", "regulated")]
