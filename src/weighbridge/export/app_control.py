"""A policy for App Control for Business (Windows): products that the policy denies.

Source: Microsoft, "Understand App Control policy rules and file rules" and the published block rules (order of
elements, ids, versions, `Enabled:Audit Mode`). Paths with two wildcards need Windows 11 22H2. File rules by hash need
the Authenticode hash of a program, which the digest of the file is not: digests are named in a comment only.
"""

import re
from collections.abc import Iterator
from html import escape
from uuid import NAMESPACE_URL, uuid5

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.left_out import untold
from weighbridge.export.matching import file_names, path_parts
from weighbridge.export.product import Product
from weighbridge.export.wording import head, one_line, xml_comment

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/app-control")
_RUNS = frozenset({"llamafile"})
_PLATFORM = "{2E07F7E4-194C-4D20-B7C9-6F44A6C5A234}"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
"""What no Windows path holds (Microsoft, "Naming Files, Paths, and Namespaces")."""
_OPTIONS = ("Enabled:UMCI", "Enabled:Unsigned System Integrity Policy", "Enabled:Update Policy No Reboot")
_AUDIT = "Enabled:Audit Mode"
_HINT = "Programs are told by path and name, which a user can change."
_MOST_DIGESTS = 20


def write(intent: Intent) -> dict[str, str]:
    """Return one policy; none if no product is denied. It stops programs only where the policy enforces."""
    denies = [one for product in intent.denied for one in _told(product)]
    if not denies:
        return {}
    return {"weighbridge.appcontrol.xml": _document(intent, denies)}


def _told(product: Product) -> Iterator[tuple[str, str, str]]:
    """Yield friendly name, attribute and value of each rule, paths before names."""
    title = one_line(product.title)
    for part in path_parts([product], "windows"):
        if not _FORBIDDEN.search(part.text):
            yield f"{title}, by path", "FilePath", f"*{part.text}" if part.ends else f"*{part.text}*"
    for name in file_names([product], "windows"):
        if not _FORBIDDEN.search(name) and "\\" not in name:
            yield f"{title}, by file path", "FilePath", f"*\\{name}"
            yield f"{title}, by original file name", "FileName", name


def _document(intent: Intent, denies: list[tuple[str, str, str]]) -> str:
    ids = [f"ID_DENY_WEIGHBRIDGE_{number:X}" for number in range(1, len(denies) + 1)]
    options = _OPTIONS if intent.enforced else (*_OPTIONS, _AUDIT)
    rules = [
        f'    <Deny ID="{rule_id}" FriendlyName="{_quoted(title)}" {kind}="{_quoted(value)}"'
        + (' MinimumFileVersion="0.0.0.0" MaximumFileVersion="65535.65535.65535.65535"' if kind == "FileName" else "")
        + " />"
        for rule_id, (title, kind, value) in zip(ids, denies, strict=True)
    ]
    reference = [f'          <FileRuleRef RuleID="{rule_id}" />' for rule_id in ("ID_ALLOW_A_1", *ids)]
    policy_id = "{" + str(uuid5(_SPACE, intent.policy)).upper() + "}"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<!-- {xml_comment(' '.join((*head(intent, EXPORT), _HINT)))} -->",
        '<SiPolicy xmlns="urn:schemas-microsoft-com:sipolicy" PolicyType="Base Policy">',
        "  <VersionEx>1.0.0.0</VersionEx>",
        f"  <PlatformID>{_PLATFORM}</PlatformID>",
        "  <Rules>",
        *(f"    <Rule>\n      <Option>{option}</Option>\n    </Rule>" for option in options),
        "  </Rules>",
        "  <EKUs />",
        "  <FileRules>",
        '    <Allow ID="ID_ALLOW_A_1" FriendlyName="Everything else" FileName="*" />',
        *rules,
        "  </FileRules>",
        "  <Signers />",
        "  <SigningScenarios>",
        '    <SigningScenario Value="131" ID="ID_SIGNINGSCENARIO_KMCI" FriendlyName="Drivers">',
        "      <ProductSigners>",
        "        <FileRulesRef>",
        '          <FileRuleRef RuleID="ID_ALLOW_A_1" />',
        "        </FileRulesRef>",
        "      </ProductSigners>",
        "    </SigningScenario>",
        '    <SigningScenario Value="12" ID="ID_SIGNINGSCENARIO_UMCI" FriendlyName="Programs">',
        "      <ProductSigners>",
        "        <FileRulesRef>",
        *reference,
        "        </FileRulesRef>",
        "      </ProductSigners>",
        "    </SigningScenario>",
        "  </SigningScenarios>",
        "  <UpdatePolicySigners />",
        "  <CiSigners />",
        "  <HvciOptions>0</HvciOptions>",
        f"  <BasePolicyID>{policy_id}</BasePolicyID>",
        f"  <PolicyID>{policy_id}</PolicyID>",
        "</SiPolicy>",
    ]
    return "\n".join(lines) + "\n"


def _partly(intent: Intent) -> Iterator[str]:
    programs = [one.sha256 for one in intent.blocked if one.format in _RUNS]
    if programs:
        more = f" and {len(programs) - _MOST_DIGESTS:,} more" if len(programs) > _MOST_DIGESTS else ""
        yield f"programs whose Authenticode hash is not known: {', '.join(programs[:_MOST_DIGESTS])}{more}"
    yield from untold("denied products without a path or name on Windows", intent.denied, lambda one: any(_told(one)))


def _quoted(text: str) -> str:
    return escape(text, quote=True)


EXPORT = Export(
    id="app-control",
    title="App Control for Business policy",
    write=write,
    carries=frozenset(("products",)),
    told_by="path, original name",
    blocks=True,
    partly=_partly,
    validated_by="an XML Schema of its parts and the structure of Microsoft's published policies",
    next_step="Convert it with ConvertFrom-CIPolicy and deploy it in audit mode first.",
)
