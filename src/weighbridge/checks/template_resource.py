"""Chat templates that cost more time or memory than any conversation.

What it finds: loops over enormous ranges, loops in loops that multiply to millions of turns, texts multiplied or padded
to gigabytes, values that double again and again, powers of enormous length.

Why it matters: servers render the template for every request. One such template stops a service, and no sandbox of the
template language counts work.

Example: `{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}`.

What to do: do not load the model with this template; take the one of the model's author.

Known misses: loops whose length comes from the conversation itself.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import TemplateProgram


def judge(program: TemplateProgram, subject: Subject) -> Iterator[Finding]:
    """Yield one hostile finding if anything in the template is heavy."""
    if not program.heavy:
        return
    seen = "; ".join(program.heavy[:4])
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"The chat template in {subject.name} would exhaust whoever renders it: {seen[:160]}.",
        remedy="Do not render this template; take the one of the model's author, or set a template of your own.",
        implies=Assessment.HOSTILE,
        evidence=Evidence(offset=program.offset, member=program.member, key=program.key, value=seen[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="template-resource",
    title="Chat template is a resource attack",
    wants=(TemplateProgram,),
    judge=judge,
    atlas="AML.T0029",
)
