"""Which formats and which findings mean that loading may run code.

Data for two attributes: `code_capable` (by format) and `runs_code` (by what inspection found). The names are reader
ids and check ids; a test compares them with the registries.
"""

CODE_CAPABLE_FORMATS = frozenset(
    {
        "joblib",
        "keras-h5",
        "keras-v3",
        "llamafile",
        "mar",
        "mlflow",
        "nemo",
        "pickle",
        "r-data",
        "torch-tar",
        "torch-zip",
    }
)
"""Loaders of these run what the file names unless they are told not to."""

CODE_CHECKS = frozenset(
    {
        "class-reference",
        "code-object",
        "computed-call",
        "computed-import",
        "embedded-code",
        "graph-operator",
        "import-tampering",
        "remote-code",
        "repository-code",
        "script-operation",
        "template-escape",
        "unknown-class",
        "unsafe-call",
        "unsafe-import",
    }
)
"""Findings of code that the file brings or names, beyond the classes of known frameworks."""
