"""All exports, sorted by id. An export's module loads only when it is asked for."""

from importlib import import_module

from weighbridge.export.export import EventExport, Export

EXPORTS: dict[str, str] = {
    "app-control": "weighbridge.export.app_control",
    "apparmor": "weighbridge.export.apparmor",
    "auditd": "weighbridge.export.auditd",
    "baseline": "weighbridge.export.baseline",
    "elastic": "weighbridge.export.elastic",
    "falco": "weighbridge.export.falco",
    "fleet": "weighbridge.export.fleet",
    "intune": "weighbridge.export.intune",
    "osquery": "weighbridge.export.osquery",
    "santa": "weighbridge.export.santa",
    "sigma": "weighbridge.export.sigma",
    "systemd": "weighbridge.export.systemd",
    "wazuh": "weighbridge.export.wazuh",
    "wazuh-sca": "weighbridge.export.wazuh_sca",
}
"""From a policy."""
EVENTS: dict[str, str] = {
    "ai-tools": "weighbridge.export.ai_tools",
    "cef": "weighbridge.export.cef",
    "ecs": "weighbridge.export.ecs",
    "ocsf": "weighbridge.export.ocsf",
    "syslog": "weighbridge.export.syslog",
}
"""From a report, or from records."""


def export(name: str) -> Export:
    """Return an export by id. Raises KeyError for any other name."""
    found = import_module(EXPORTS[name]).EXPORT
    assert isinstance(found, Export)  # noqa: S101  (a registry line that names no export is our bug)
    return found


def event_export(name: str) -> EventExport:
    """Return a format of events by id. Raises KeyError for any other name."""
    found = import_module(EVENTS[name]).EXPORT
    assert isinstance(found, EventExport)  # noqa: S101  (a registry line that names no export is our bug)
    return found
