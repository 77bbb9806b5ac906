"""Every query of evidence by its name, sorted. Packs name them; a pack cannot ask anything that is not here."""

from collections.abc import Callable, Mapping

from weighbridge.fleet import (
    evidence_endpoints,
    evidence_findings,
    evidence_inventory,
    evidence_ledger,
    evidence_people,
    evidence_policy,
    evidence_rulings,
    evidence_use,
)
from weighbridge.fleet.evidence import Answer
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.permissions import Permission
from weighbridge.model.record import record


@record
class Query:
    """One query. `permission`: what the asker must be allowed to read. `whole`: it knows no scope of endpoints."""

    ask: Callable[[Asking], Answer]
    permission: Permission = Permission.FLEET_READ
    whole: bool = False


QUERIES: Mapping[str, Query] = {
    "access": Query(ask=evidence_people.access, permission=Permission.ACCOUNTS_MANAGE, whole=True),
    "agents": Query(ask=evidence_inventory.agents),
    "changes": Query(ask=evidence_people.changes, permission=Permission.AUDIT_READ, whole=True),
    "control-coverage": Query(ask=evidence_endpoints.control_coverage),
    "decisions": Query(ask=evidence_people.decisions),
    "endpoint-register": Query(ask=evidence_endpoints.endpoint_register),
    "evidence-currency": Query(ask=evidence_endpoints.evidence_currency),
    "exceptions": Query(ask=evidence_people.exceptions),
    "granted-exceptions": Query(ask=evidence_rulings.granted_exceptions),
    "harmful-models": Query(ask=evidence_inventory.harmful_models),
    "incidents": Query(ask=evidence_findings.incidents),
    "integrity": Query(ask=evidence_findings.integrity),
    "inventory-completeness": Query(ask=evidence_inventory.inventory_completeness),
    "ledger-gaps": Query(ask=evidence_ledger.ledger_gaps),
    "ledger-integrity": Query(ask=evidence_ledger.ledger_integrity),
    "licenses": Query(ask=evidence_inventory.licenses),
    "log-retention": Query(ask=evidence_ledger.log_retention),
    "model-register": Query(ask=evidence_inventory.model_register),
    "open-by-check": Query(ask=evidence_findings.open_by_check),
    "open-severe": Query(ask=evidence_findings.open_severe),
    "policy-changes": Query(ask=evidence_policy.policy_changes, permission=Permission.POLICY_READ),
    "policy-coverage": Query(ask=evidence_policy.policy_coverage),
    "revocations": Query(ask=evidence_rulings.revocations),
    "silent-endpoints": Query(ask=evidence_endpoints.silent_endpoints),
    "time-to-triage": Query(ask=evidence_findings.time_to_triage),
    "trend": Query(ask=evidence_findings.trend),
    "unapproved-models": Query(ask=evidence_inventory.unapproved_models),
    "use": Query(ask=evidence_use.use),
}
