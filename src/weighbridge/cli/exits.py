"""Exit codes: a table that the documentation is printed from, and the rule that picks one."""

from enum import IntEnum
from typing import TYPE_CHECKING

from weighbridge.model.artifact import Scan
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision

if TYPE_CHECKING:
    from weighbridge.model.running import Snapshot


class Exit(IntEnum):
    """What the process tells its caller. A code that is not listed means failure."""

    WITHIN_POLICY = 0
    FAILED = 1
    USAGE = 2
    NOTHING = 3
    UNEXAMINED = 4
    WARN = 20
    DENY = 21
    LEDGER = 30
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.WITHIN_POLICY: "Everything that was weighed is within policy.",
    Exit.FAILED: "Weighbridge failed: a bug, or an environment in which it cannot work.",
    Exit.USAGE: "The command line or a configuration file is wrong.",
    Exit.NOTHING: "Nothing was found to weigh.",
    Exit.UNEXAMINED: "Some items could not be examined in full; everything else is within policy."
    " Or nobody has decided yet on what `wb request --wait` waited for.",
    Exit.WARN: "The strictest verdict is warn or pending (with `--fail-on warn`), `wb bom --diff` found a change,"
    " `wb fleet drift` a difference, or `wb agent audit --fail-on` something.",
    Exit.DENY: "The strictest verdict is deny, `wb verify` found that something is not as signed, or the hub refuses a"
    " model.",
    Exit.LEDGER: "The ledger does not verify.",
    Exit.INTERRUPTED: "Interrupted; the report is correct for what was weighed until then.",
}


def exit_for(scan: Scan, *, fail_on_warn: bool = False, verdicts: bool = True) -> Exit:
    """Return the exit code of a finished scan.

    Args:
        scan: complete or partial result.
        fail_on_warn: whether the verdicts warn and pending count.
        verdicts: False for formats whose consumers read verdicts from the document (SARIF): then 0 to 4 only.
    """
    if scan.interrupted:
        return Exit.INTERRUPTED
    decisions = {artifact.verdict.decision for artifact in scan.artifacts if artifact.verdict is not None}
    if verdicts and Decision.DENY in decisions:
        return Exit.DENY
    if verdicts and fail_on_warn and decisions & {Decision.WARN, Decision.PENDING}:
        return Exit.WARN
    assessments = {item.assessment for item in scan.artifacts} | {item.assessment for item in scan.repositories}
    if scan.unexamined or Assessment.INCOMPLETE in assessments:
        return Exit.UNEXAMINED
    return Exit.WITHIN_POLICY if scan.artifacts else Exit.NOTHING


def exit_for_processes(snapshot: "Snapshot", *, fail_on_warn: bool = False) -> Exit:
    """Return the exit code of a look at what runs. Where nothing was found, what was hidden counts.

    Args:
        snapshot: what runs.
        fail_on_warn: whether the verdicts warn and pending count.
    """
    decisions = {process.verdict.decision for process in snapshot.processes if process.verdict is not None}
    if Decision.DENY in decisions:
        return Exit.DENY
    if fail_on_warn and decisions & {Decision.WARN, Decision.PENDING}:
        return Exit.WARN
    for process in snapshot.processes:
        if process.not_visible or any(weights.sha256 is None for weights in process.weights):
            return Exit.UNEXAMINED
    if snapshot.processes:
        return Exit.WITHIN_POLICY
    return Exit.UNEXAMINED if snapshot.not_visible else Exit.NOTHING
