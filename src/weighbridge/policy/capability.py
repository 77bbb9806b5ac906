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
        "nemo",
        "pickle",
        "torch-legacy",
        "torch-mar",
        "torch-tar",
        "torch-zip",
        "torchscript",
    }
)

CODE_CHECKS = frozenset({"unsafe-import"})
