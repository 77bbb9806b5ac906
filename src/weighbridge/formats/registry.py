"""All readers, sorted by id. Order does not matter: every reader that recognizes a source reads it."""

from weighbridge.formats.gguf import READER as GGUF
from weighbridge.formats.reader import Reader
from weighbridge.formats.safetensors import READER as SAFETENSORS

READERS: tuple[Reader, ...] = (
    GGUF,
    SAFETENSORS,
)
