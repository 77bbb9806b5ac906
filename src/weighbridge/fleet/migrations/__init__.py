"""Every change of the database's tables, in order. Each has a way up and a way back; none is changed once released.

To add one: declare the table in its context, then `python tools/migration.py WORDS` writes the difference.
"""

from weighbridge.fleet.migrations import (
    m0001_epoch,
    m0002_endpoints,
    m0003_triage,
    m0004_policies_of_the_fleet,
    m0005_outbox_and_export_targets,
    m0006_what_records_are_found_by,
    m0007_what_is_configured,
    m0008_spread_and_runs_by_digest,
    m0009_keys_of_endpoints_change,
    m0010_revocations,
    m0011_who_looked_at_an_endpoint,
    m0012_digests_of_targets,
    m0013_replays_of_policies,
    m0014_counts_of_findings,
    m0015_identities,
    m0016_saved_views,
    m0017_what_retention_looks_for,
    m0018_passkeys,
    m0019_findings_by_day,
    m0020_agents_of_endpoints,
    m0021_catalog_of_the_hub,
    m0022_jobs_of_the_hub,
    m0023_words_of_records,
)

MIGRATIONS = (
    m0001_epoch,
    m0002_endpoints,
    m0003_triage,
    m0004_policies_of_the_fleet,
    m0005_outbox_and_export_targets,
    m0006_what_records_are_found_by,
    m0007_what_is_configured,
    m0008_spread_and_runs_by_digest,
    m0009_keys_of_endpoints_change,
    m0010_revocations,
    m0011_who_looked_at_an_endpoint,
    m0012_digests_of_targets,
    m0013_replays_of_policies,
    m0014_counts_of_findings,
    m0015_identities,
    m0016_saved_views,
    m0017_what_retention_looks_for,
    m0018_passkeys,
    m0019_findings_by_day,
    m0020_agents_of_endpoints,
    m0021_catalog_of_the_hub,
    m0022_jobs_of_the_hub,
    m0023_words_of_records,
)
"""A revision is the name of its module."""
