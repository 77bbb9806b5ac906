"""Every kind of target, sorted by id."""

from weighbridge.fleet import (
    target_cef,
    target_chat,
    target_jira,
    target_otlp,
    target_splunk,
    target_syslog,
    target_webhook,
)
from weighbridge.fleet.target import Target

TARGETS: dict[str, Target] = {
    target.id: target
    for target in (
        target_cef.TARGET,
        target_jira.TARGET,
        target_otlp.TARGET,
        target_chat.SLACK,
        target_splunk.TARGET,
        target_syslog.TARGET,
        target_chat.TEAMS,
        target_webhook.TARGET,
    )
}
