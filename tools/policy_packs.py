"""Write what is generated from the shipped policy packs: schema, `observe` from `balanced`, compiled forms, pages.

Run from the checkout: `python tools/policy_packs.py`. A test fails when the committed files differ.
"""

import re
from pathlib import Path

from weighbridge.pipeline.policies import built_in_files
from weighbridge.policy.compiled import compiled
from weighbridge.policy.pack import read_policy
from weighbridge.policy.packs import BUILT_IN, COMPILED
from weighbridge.policy.render import html, markdown
from weighbridge.policy.schema import SCHEMA_FILE, schema_text

PACKS = Path(__file__).parent.parent / "src/weighbridge/policy/packs"
GOLDEN = Path(__file__).parent.parent / "tests/golden/policy"
NOTE = "# Nothing is blocked: whatever the rules decide, the verdict is at most a warning.\n"


def generated() -> dict[Path, str]:
    """Return every generated file of the packs with its text."""
    texts = {PACKS / pack / SCHEMA_FILE: schema_text() for pack in BUILT_IN}
    for rules in sorted((PACKS / "balanced").glob("*.cedar")):
        texts[PACKS / "observe" / rules.name] = rules.read_text(encoding="utf-8")
    for tests in sorted((PACKS / "balanced" / "tests").glob("*.yaml")):
        lowered = re.sub(r"decision: (deny|pending)\b", "decision: warn", tests.read_text(encoding="utf-8"))
        texts[PACKS / "observe" / "tests" / tests.name] = NOTE + lowered
    return texts


def compiled_packs() -> dict[Path, str]:
    """Return the compiled form of every pack; a scan weighs by it."""
    return {PACKS / pack / COMPILED: compiled(read_policy(built_in_files(pack), pack)) for pack in BUILT_IN}


def pages() -> dict[Path, str]:
    """Return the acceptable-use page of every pack with the place of its golden copy."""
    policies = {pack: read_policy(built_in_files(pack), pack) for pack in BUILT_IN}
    texts = {GOLDEN / f"{pack}.md": markdown(policy) for pack, policy in policies.items()}
    return texts | {GOLDEN / "balanced.html": html(policies["balanced"])}


if __name__ == "__main__":
    for make in (generated, compiled_packs, pages):
        for path, text in make().items():
            path.write_text(text, encoding="utf-8")
