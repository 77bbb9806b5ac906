"""Policies that ship with Weighbridge, as folders of data: `observe` (the default), `balanced`, `regulated`.

In: nothing. Out: nothing; `weighbridge.pipeline.policies` reads them. They are meant to be copied and changed.
`observe` holds the rules of `balanced`, so that it tells what `balanced` would do, and blocks nothing.
"""

BUILT_IN = ("observe", "balanced", "regulated")
"""Packs that ship with Weighbridge; the first one is the default."""

COMPILED = "compiled.json"
"""In every pack: its settings and rules as they are after reading, see `weighbridge.policy.compiled`."""

FILES = (
    "artifacts.cedar",
    "data.cedar",
    "licenses.cedar",
    "permissions.cedar",
    "policy.yaml",
    "schema.cedarschema",
    "services.cedar",
    "sources.cedar",
    "tests/artifacts.yaml",
    "tests/data.yaml",
    "tests/licenses.yaml",
    "tests/services.yaml",
    "tests/sources.yaml",
)
"""What each pack consists of."""
