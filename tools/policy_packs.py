"""Write what is generated in the shipped policy packs: their schema, and `observe` from `balanced`.

Run from the checkout: `python tools/policy_packs.py`. A test fails when the committed files differ.
"""

import re
from pathlib import Path

from weighbridge.policy.pack import BUILT_IN
from weighbridge.policy.schema import SCHEMA_FILE, schema_text

PACKS = Path(__file__).parent.parent / "src/weighbridge/policy/packs"
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


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
