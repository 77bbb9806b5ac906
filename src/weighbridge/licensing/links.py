"""Links to license texts: what an address alone says.

In: a link as declared. Out: the license that its address names, and whether it leads to terms that nobody here has
read. Nobody follows a link, so what it names may restrict and never grants.
"""

import re

from weighbridge.formats.license_names import is_license_name
from weighbridge.licensing.table import license_entry

_LONGEST = 300
_SCHEME = re.compile(r"(?i)\A[a-z][a-z0-9+.-]{0,20}://(?:www\.)?")
_COMMONS = re.compile(r"\Acreativecommons\.org/(?:licenses|publicdomain)/([a-z-]{2,12})/(\d\.\d)(?:/|\Z)")
_ENDING = re.compile(r"(?:[-_.](?:license|html?|txt|md|php|en))+\Z")
_HOSTS_OF_FILES = frozenset({
    "github.com", "gitlab.com", "hf.co", "huggingface.co", "modelscope.cn", "modelscope.com",
    "raw.githubusercontent.com",
})  # fmt: skip
"""Where repositories stand; a file named as a license there is the one that stands beside the model."""


def license_of_link(link: str) -> str | None:
    """Return the table id of the license whose page the address is, None if it names none."""
    address = _SCHEME.sub("", link.strip()[:_LONGEST].lower()).split("?")[0].split("#")[0].rstrip("/")
    if "/" not in address:
        return None
    commons = _COMMONS.match(address)
    if commons is not None:
        code = "cc0" if commons[1] == "zero" else f"cc-{commons[1]}"
        names = [f"{code}-{commons[2]}"]
    else:
        last, before = (address.split("/")[-at] for at in (1, 2))
        plain = _ENDING.sub("", last)
        names = [plain, f"{before}-{plain}", plain.replace("license-", "apache-") if "apache.org" in address else ""]
    found = (license_entry(name) for name in names if name)
    return next((entry.id for entry in found if entry is not None), None)


def leads_elsewhere(link: str) -> bool:
    """Tell whether a link leads to terms that are neither a known license's nor in the model's own license file."""
    address = link.strip()[:_LONGEST]
    path = _SCHEME.sub("", address).split("?")[0].split("#")[0].rstrip("/")
    host, _, _ = path.partition("/")
    own_file = is_license_name(path.rpartition("/")[2].encode("utf-8", "replace"))
    if own_file and (_SCHEME.match(address) is None or host.lower() in _HOSTS_OF_FILES):
        return False
    return license_of_link(link) is None
