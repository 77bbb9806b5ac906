"""Custom compliance for Intune: scripts that look, and the settings that they must find.

Source: Microsoft Intune, "Custom compliance JSON files" (keys, operators, at most 100 kB and 100 rules) and "Discovery
scripts for custom compliance" (one line of JSON; PowerShell ends in `ConvertTo-Json -Compress`). What is not compliant
may lose access, so rules are written only where the policy enforces; the scripts are written in every mode.
"""

import json
from collections.abc import Iterator

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.intune_scripts import DENIED, OPEN, WEIGHTS, linux, windows
from weighbridge.export.wording import one_line

MORE = "https://github.com/weighbridge"


def write(intent: Intent) -> dict[str, str]:
    """Return one script per platform, and rules for both if the policy stops something."""
    files = {"linux/weighbridge.sh": linux(intent), "windows/weighbridge.ps1": windows(intent)}
    if rules := list(_rules(intent)):
        text = json.dumps({"Rules": rules}, indent=2, ensure_ascii=True) + "\n"
        files["linux/weighbridge.rules.json"] = files["windows/weighbridge.rules.json"] = text
    return files


def _rules(intent: Intent) -> Iterator[dict[str, object]]:
    listener = intent.open_listener
    if intent.stops(listener) and listener.rule is not None:
        yield _rule(OPEN, "A model server is open to other machines", listener.rule.remedy)
    if intent.enforced and intent.denied:
        titles = ", ".join(one_line(product.title) for product in intent.denied)
        yield _rule(DENIED, "A product that the policy denies runs", f"Stop and remove it: {titles}.")
    if intent.enforced and intent.blocked:
        yield _rule(WEIGHTS, "Model weights that the policy denies lie here", "Delete the file that `wb scan` names.")


def _rule(setting: str, title: str, remedy: str) -> dict[str, object]:
    return {
        "SettingName": setting,
        "Operator": "IsEquals",
        "DataType": "Boolean",
        "Operand": False,
        "MoreInfoUrl": MORE,
        "RemediationStrings": [{"Language": "en_US", "Title": title, "Description": one_line(remedy)}],
    }


EXPORT = Export(
    id="intune",
    title="Intune custom compliance",
    write=write,
    validated_by="shellcheck, a run of the script, and Intune's keys and limits",
    next_step="Upload the script and, where there are any, the rules to a compliance policy.",
)
