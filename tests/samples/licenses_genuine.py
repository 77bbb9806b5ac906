"""Genuine license texts in the ways in which people write them down."""

from importlib.metadata import distribution

from tests.samples.license_case import TextCase
from tests.samples.license_texts import FORMS, in_readme, rewrapped, spdx

USUAL = {
    "mit": "MIT",
    "apache-2.0": "Apache-2.0",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc0-1.0": "CC0-1.0",
    "unlicense": "Unlicense",
    "gpl-3.0": "GPL-3.0-only",
}
"""Those that stand beside most models, in every form."""
OTHERS = {
    "0bsd": "0BSD",
    "afl-3.0": "AFL-3.0",
    "agpl-3.0": "AGPL-3.0-only",
    "artistic-2.0": "Artistic-2.0",
    "bsl-1.0": "BSL-1.0",
    "cc-by-3.0": "CC-BY-3.0",
    "cc-by-nc-3.0": "CC-BY-NC-3.0",
    "cc-by-nc-nd-3.0": "CC-BY-NC-ND-3.0",
    "cc-by-nc-nd-4.0": "CC-BY-NC-ND-4.0",
    "cc-by-nc-sa-3.0": "CC-BY-NC-SA-3.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
    "cc-by-nd-4.0": "CC-BY-ND-4.0",
    "cc-by-sa-3.0": "CC-BY-SA-3.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cdla-permissive-2.0": "CDLA-Permissive-2.0",
    "ecl-2.0": "ECL-2.0",
    "gpl-2.0": "GPL-2.0-only",
    "isc": "ISC",
    "lgpl-2.1": "LGPL-2.1-only",
    "mit-0": "MIT-0",
    "mpl-2.0": "MPL-2.0",
    "ms-pl": "MS-PL",
    "ncsa": "NCSA",
    "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
    "polyform-noncommercial-1.0.0": "PolyForm-Noncommercial-1.0.0",
    "postgresql": "PostgreSQL",
    "wtfpl": "WTFPL",
    "zlib": "Zlib",
}
SHIPPED = {
    "anyio": ("mit", "licenses/LICENSE"),
    "attrs": ("mit", "licenses/LICENSE"),
    "boolean-py": ("bsd-2-clause", "licenses/LICENSE.txt"),
    "cedarpy": ("apache-2.0", "licenses/LICENSE"),
    "click": ("bsd-3-clause", "licenses/LICENSE.txt"),
    "cyclonedx-python-lib": ("apache-2.0", "licenses/LICENSE"),
    "execnet": ("mit", "licenses/LICENSE"),
    "executing": ("mit", "licenses/LICENSE.txt"),
    "fastjsonschema": ("bsd-3-clause", "licenses/LICENSE"),
    "fqdn": ("mpl-2.0", "licenses/LICENSE"),
    "gguf": ("mit", "licenses/LICENSE"),
    "grimp": ("bsd-2-clause", "licenses/LICENSE"),
    "h5py": ("bsd-3-clause", "licenses/LICENSE"),
    "idna": ("bsd-3-clause", "licenses/LICENSE.md"),
    "import-linter": ("bsd-2-clause", "licenses/LICENSE"),
    "inflate64": ("lgpl-2.1", "licenses/COPYING"),
    "iniconfig": ("mit", "licenses/LICENSE"),
    "inline-snapshot": ("mit", "licenses/LICENSE"),
    "isoduration": ("isc", "LICENSE"),
    "jinja2": ("bsd-3-clause", "licenses/LICENSE.txt"),
    "jsonschema": ("mit", "licenses/COPYING"),
    "lib4sbom": ("apache-2.0", "licenses/LICENSE"),
    "lightgbm": ("mit", "licenses/LICENSE"),
    "lz4": ("bsd-3-clause", "licenses/LICENSE"),
    "markdown-it-py": ("mit", "licenses/LICENSE"),
    "msgspec": ("bsd-3-clause", "licenses/LICENSE"),
    "multivolumefile": ("lgpl-2.1", "LICENSE"),
    "narwhals": ("mit", "licenses/LICENSE.md"),
    "onnx": ("apache-2.0", "licenses/LICENSE"),
    "pathspec": ("mpl-2.0", "licenses/LICENSE"),
    "urllib3": ("mit", "licenses/LICENSE.txt"),
    "webcolors": ("bsd-3-clause", "licenses/LICENSE"),
    "zipp": ("mit", "licenses/LICENSE"),
    "zstandard": ("bsd-3-clause", "licenses/LICENSE"),
}
"""Copies as projects ship them: distribution of the test environment -> license and file."""


def shipped(name: str, file: str) -> str:
    """Return the text of a license file of an installed distribution."""
    text = distribution(name).read_text(file)
    if text is None:
        raise FileNotFoundError(f"{name} ships no {file}; take another distribution")
    return text


def _forms():
    for license_id, name in USUAL.items():
        for form, change in FORMS.items():
            yield TextCase(
                id=f"genuine/{license_id}-{form}",
                build=lambda name=name, change=change: change(spdx(name)),
                genuine=True,
                license=license_id,
            )
        yield TextCase(
            id=f"genuine/{license_id}-in-readme",
            build=lambda name=name: in_readme(spdx(name)),
            genuine=True,
            license=license_id,
            lesson="a long description says nothing of terms",
        )
        yield TextCase(
            id=f"genuine/{license_id}-after-a-line",
            build=lambda name=name, license_id=license_id: (
                f"This model is released under the {license_id} license:\n\n{spdx(name)}"
            ),
            genuine=True,
            license=license_id,
            lesson="naming the license adds nothing",
        )
    for license_id, name in OTHERS.items():
        for form, change in (("plain", str), ("rewrapped", rewrapped), ("upper", str.upper)):
            yield TextCase(
                id=f"genuine/{license_id}-{form}",
                build=lambda name=name, change=change: change(spdx(name)),
                genuine=True,
                license=license_id,
            )


CASES = (
    *_forms(),
    *(
        TextCase(
            id=f"shipped/{name}",
            build=lambda name=name, file=file: shipped(name, file),
            genuine=True,
            license=license_id,
            lesson="a copy in the wild, with its own holders and layout",
        )
        for name, (license_id, file) in SHIPPED.items()
    ),
)
