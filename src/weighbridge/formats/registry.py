"""All readers, sorted by id. Order does not matter: every reader that recognizes a source reads it."""

from weighbridge.formats.bzip2 import READER as BZIP2
from weighbridge.formats.executorch import READER as EXECUTORCH
from weighbridge.formats.gguf import READER as GGUF
from weighbridge.formats.gzip import READER as GZIP
from weighbridge.formats.keras_h5 import READER as KERAS_H5
from weighbridge.formats.keras_v3 import READER as KERAS_V3
from weighbridge.formats.lz4 import READER as LZ4
from weighbridge.formats.lzma import READER as LZMA
from weighbridge.formats.onnx import READER as ONNX
from weighbridge.formats.reader import Reader
from weighbridge.formats.safetensors import READER as SAFETENSORS
from weighbridge.formats.tar import READER as TAR
from weighbridge.formats.tflite import READER as TFLITE
from weighbridge.formats.xz import READER as XZ
from weighbridge.formats.zip import READER as ZIP
from weighbridge.formats.zlib import READER as ZLIB
from weighbridge.formats.zstd import READER as ZSTD

READERS: tuple[Reader, ...] = (
    BZIP2,
    EXECUTORCH,
    GGUF,
    GZIP,
    KERAS_H5,
    KERAS_V3,
    LZ4,
    LZMA,
    ONNX,
    SAFETENSORS,
    TAR,
    TFLITE,
    XZ,
    ZIP,
    ZLIB,
    ZSTD,
)
