"""Custom compliance for Intune: scripts that look, and the settings that they must find.

Source: Microsoft Intune, "Custom compliance JSON files" (keys, operators, at most 100 kB and 100 rules) and "Discovery
scripts for custom compliance" (one line of JSON; PowerShell ends in `ConvertTo-Json -Compress`). What is not compliant
may lose access, so rules are written only where the policy enforces; the scripts are written in every mode.
"""

import json
from collections.abc import Iterator

from weighbridge.bom.text import web_address
from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.intune_scripts import DENIED, MOST_DIGESTS, OPEN, WEIGHTS, linux, windows
from weighbridge.export.left_out import counted, untold
from weighbridge.export.matching import Platform, file_names, path_patterns
from weighbridge.export.product import Product
from weighbridge.export.wording import comment, one_line

_MORE = "https://learn.microsoft.com/intune/intune-service/protect/compliance-use-custom-settings"
"""Where a person reads on if the policy's contact is no web address; Intune wants one."""


def write(intent: Intent) -> dict[str, str]:
    """Return one script per platform, and rules for both if the policy stops something."""
    said = comment(intent, EXPORT)
    files = {"linux/weighbridge.sh": linux(intent, said), "windows/weighbridge.ps1": windows(intent, said)}
    if rules := list(_rules(intent)):
        text = json.dumps({"Rules": rules}, indent=2, ensure_ascii=True) + "\n"
        files["linux/weighbridge.rules.json"] = files["windows/weighbridge.rules.json"] = text
    return files


def _rules(intent: Intent) -> Iterator[dict[str, object]]:
    listener = intent.open_listener
    if intent.stops(listener) and listener.rule is not None:
        yield _rule(intent, OPEN, "A model server is open to other machines", listener.rule.remedy)
    if intent.enforced and intent.denied:
        titles = ", ".join(one_line(product.title) for product in intent.denied)
        yield _rule(intent, DENIED, "A product that the policy denies runs", f"Stop and remove it: {titles}.")
    if intent.enforced and intent.blocked:
        yield _rule(
            intent, WEIGHTS, "Model weights that the policy denies lie here", "Delete the file that `wb scan` names."
        )


def _rule(intent: Intent, setting: str, title: str, remedy: str) -> dict[str, object]:
    return {
        "SettingName": setting,
        "Operator": "IsEquals",
        "DataType": "Boolean",
        "Operand": False,
        "MoreInfoUrl": web_address(intent.contact) or _MORE,
        "RemediationStrings": [{"Language": "en_US", "Title": title, "Description": one_line(remedy)}],
    }


def _told(product: Product) -> bool:
    platforms: tuple[Platform, ...] = ("linux", "windows")
    return any(file_names([product], one) or path_patterns([product], one) for one in platforms)


def _partly(intent: Intent) -> Iterator[str]:
    if intent.blocked:
        yield "digests outside of the stores that name files by them (Ollama, Hugging Face)"
    over = max(0, len(intent.blocked) - MOST_DIGESTS)
    yield from counted(over, len(intent.blocked), "digests: a script is at most 1 MB long")
    yield from untold("denied products without a path or name", intent.denied, _told)


EXPORT = Export(
    id="intune",
    title="Intune custom compliance",
    write=write,
    carries=frozenset(("digests", "products", "listeners")),
    told_by="digest in a blob's name, path, name",
    blocks=True,
    partly=_partly,
    validated_by="shellcheck, a run of the script, and Intune's keys and limits",
    next_step="Upload the script and, where there are any, the rules to a compliance policy.",
)
