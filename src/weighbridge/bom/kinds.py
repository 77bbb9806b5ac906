"""Which kind of component a format makes."""

from weighbridge.bom.component import Kind

_DATA = frozenset({"npy", "npz"})
_FILES = frozenset(
    {
        "adapter-config",
        "bzip2",
        "chat-template",
        "go-template",
        "gzip",
        "hydra-config",
        "keras-json",
        "keras-metadata",
        "license-text",
        "lz4",
        "lzma",
        "mergekit-config",
        "mlflow",
        "model-card",
        "modelfile",
        "opaque-archive",
        "python-code",
        "seven-zip",
        "sentence-modules",
        "stand-in",
        "tar",
        "tokenizer-config",
        "transformers-config",
        "weights-index",
        "xz",
        "zip",
        "zlib",
        "zstd",
    }
)
"""Configuration, code, and archives: models inside an archive are components of their own."""


def kind_of(format_id: str) -> Kind:
    """Return the kind of an artifact in this format; what is not listed is a model."""
    if format_id in _FILES:
        return Kind.FILE
    return Kind.DATA if format_id in _DATA else Kind.MODEL
