"""All readers, sorted by id. Order does not matter: every reader that recognizes a source reads it."""

from weighbridge.formats.bzip2 import READER as BZIP2
from weighbridge.formats.catboost import READER as CATBOOST
from weighbridge.formats.executorch import READER as EXECUTORCH
from weighbridge.formats.frozen_graph import READER as FROZEN_GRAPH
from weighbridge.formats.gguf import READER as GGUF
from weighbridge.formats.gzip import READER as GZIP
from weighbridge.formats.keras_h5 import READER as KERAS_H5
from weighbridge.formats.keras_metadata import READER as KERAS_METADATA
from weighbridge.formats.keras_v3 import READER as KERAS_V3
from weighbridge.formats.lightgbm import READER as LIGHTGBM
from weighbridge.formats.lz4 import READER as LZ4
from weighbridge.formats.lzma import READER as LZMA
from weighbridge.formats.onnx import READER as ONNX
from weighbridge.formats.opaque_archive import READER as OPAQUE_ARCHIVE
from weighbridge.formats.pickle import READER as PICKLE
from weighbridge.formats.reader import Reader
from weighbridge.formats.safetensors import READER as SAFETENSORS
from weighbridge.formats.saved_model import READER as SAVED_MODEL
from weighbridge.formats.seven_zip import READER as SEVEN_ZIP
from weighbridge.formats.tar import READER as TAR
from weighbridge.formats.tf_checkpoint import READER as TF_CHECKPOINT
from weighbridge.formats.tflite import READER as TFLITE
from weighbridge.formats.xgboost import READER as XGBOOST
from weighbridge.formats.xz import READER as XZ
from weighbridge.formats.zip import READER as ZIP
from weighbridge.formats.zlib import READER as ZLIB
from weighbridge.formats.zstd import READER as ZSTD

READERS: tuple[Reader, ...] = (
    BZIP2,
    CATBOOST,
    EXECUTORCH,
    FROZEN_GRAPH,
    GGUF,
    GZIP,
    KERAS_H5,
    KERAS_METADATA,
    KERAS_V3,
    LIGHTGBM,
    LZ4,
    LZMA,
    ONNX,
    OPAQUE_ARCHIVE,
    PICKLE,
    SAFETENSORS,
    SAVED_MODEL,
    SEVEN_ZIP,
    TAR,
    TFLITE,
    TF_CHECKPOINT,
    XGBOOST,
    XZ,
    ZIP,
    ZLIB,
    ZSTD,
)
