"""What the name of a file beside weights says: which reader it asks for, and whether it is plainly data."""

from weighbridge.formats.license_names import is_license_folder, is_license_name
from weighbridge.pipeline.repository import CONFIGURATION_NAMES, YAML_NAMES

# fmt: off
_DATA_ENDINGS = frozenset({
    b".arrow", b".avi", b".bmp", b".c", b".cc", b".cfg", b".cpp", b".css", b".csv", b".flac", b".gif",
    b".go", b".h", b".heic", b".html", b".ipynb", b".java", b".jpeg", b".jpg", b".json", b".jsonl", b".lab", b".log",
    b".m4a", b".map", b".md", b".mkv", b".mp3", b".mp4", b".npy", b".ogg", b".parquet", b".pdf", b".png", b".po",
    b".rs", b".rst", b".srt", b".svg", b".tif", b".tiff", b".toml", b".ts", b".tsv", b".ttf", b".txt", b".wav",
    b".webm", b".webp", b".woff2", b".xml", b".yaml", b".yml",
})
# fmt: on
"""Endings of files that no system runs by opening them; data sets and sources have thousands of them."""


def is_data(relative: bytes) -> bool:
    """Tell whether a file is named as a picture, a table, a text or the like."""
    return relative[relative.rfind(b".") :].lower() in _DATA_ENDINGS


def expected(relative: bytes) -> str | None:
    """Return the reader that the name of a file asks for."""
    name = relative.rpartition(b"/")[2]
    if name.lower() == b"readme.md":
        return "model-card"  # the sweep does not see it where one file was asked for
    if name in YAML_NAMES:
        return "hydra-config"
    if name.endswith((b".jinja", b".jinja2", b".j2")):
        return "chat-template"
    return CONFIGURATION_NAMES.get(name) or ("license-text" if _is_license(relative) else None)


def _is_license(relative: bytes) -> bool:
    """Tell whether a file is named as a license, or is a text in a folder of licenses."""
    folder, _, name = relative.rpartition(b"/")
    return is_license_name(name) or (is_license_folder(folder) and name.lower().endswith((b".txt", b".md")))
