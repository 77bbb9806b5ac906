"""Configuration files for tests: a fleet, files that say something of each section, and applying them."""

from tests.fleet.small_fleet import AT, LAPTOP

from weighbridge.fleet import config_apply, config_plan
from weighbridge.fleet.config_files import read_files
from weighbridge.fleet.config_section import Reference, Work

WHOLE = f"""
settings:
  records_days: 90
  rings:
    - {{percent: 0, groups: [canary], hours: 4}}
    - {{percent: 100}}
groups:
  - name: canary
    rule: label:ring=canary
  - name: people
    note: laptops with an owner
    rule: owner:ada OR owner:bob
enrollment:
  - name: laptops
    group: people
    labels: {{site: berlin}}
    uses: 50
repositories:
  - {{name: "https://github.com/acme/app.git", owner: ada, data_class: restricted}}
endpoints:
  - endpoint: {LAPTOP}
    owner: eve
    data_class: confidential
    labels: {{ring: canary}}
accounts:
  - {{name: Auditor, role: viewer, groups: [people]}}
"""


def work(secrets=None, now=AT, who=None):
    """Return who applies files; `secrets`: by variable or file."""
    known = secrets or {}
    return Work(now=now, who=who, secret=lambda one: known.get(one.env or one.file))


def applied(store, text, *, prune=False, file="fleet.yaml", **more):
    """Apply one file."""
    files = read_files({file: text.encode()})
    return store.write_now(lambda connection: config_apply.apply(connection, work(**more), files, prune=prune))


def planned(store, text, *, prune=False, **more):
    """Return what applying one file would change."""
    files = read_files({"fleet.yaml": text.encode()})
    return store.read_now(lambda connection: config_plan.plan(connection, work(**more), files, prune=prune))


def said(plan):
    """Return changes in short."""
    return [(one.action, one.section, one.item) for one in plan.changes]


__all__ = ["WHOLE", "Reference", "applied", "planned", "said", "work"]
