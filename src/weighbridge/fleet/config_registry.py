"""Every section of the configuration, in the order in which they are applied: what others refer to comes first."""

from weighbridge.fleet import (
    config_accounts,
    config_endpoints,
    config_enrollment,
    config_groups,
    config_repositories,
    config_settings,
    config_targets,
    config_views,
)
from weighbridge.fleet.config_section import Section

SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        config_settings.SECTION,
        config_groups.SECTION,
        config_enrollment.SECTION,
        config_repositories.SECTION,
        config_endpoints.SECTION,
        config_targets.SECTION,
        config_views.SECTION,
        config_accounts.SECTION,
    )
}
