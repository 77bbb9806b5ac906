"""All readers, sorted by id. Order does not matter: every reader that recognizes a source reads it."""

from weighbridge.formats.adapter_config import READER as ADAPTER_CONFIG
from weighbridge.formats.bzip2 import READER as BZIP2
from weighbridge.formats.catboost import READER as CATBOOST
from weighbridge.formats.catboost_json import READER as CATBOOST_JSON
from weighbridge.formats.chat_template import READER as CHAT_TEMPLATE
from weighbridge.formats.coreml import READER as COREML
from weighbridge.formats.coreml_package import READER as COREML_PACKAGE
from weighbridge.formats.executorch import READER as EXECUTORCH
from weighbridge.formats.flax_msgpack import READER as FLAX_MSGPACK
from weighbridge.formats.frozen_graph import READER as FROZEN_GRAPH
from weighbridge.formats.ggml import READER as GGML
from weighbridge.formats.gguf import READER as GGUF
from weighbridge.formats.go_template import READER as GO_TEMPLATE
from weighbridge.formats.gzip import READER as GZIP
from weighbridge.formats.hydra_config import READER as HYDRA_CONFIG
from weighbridge.formats.joblib import READER as JOBLIB
from weighbridge.formats.keras_h5 import READER as KERAS_H5
from weighbridge.formats.keras_json import READER as KERAS_JSON
from weighbridge.formats.keras_metadata import READER as KERAS_METADATA
from weighbridge.formats.keras_v3 import READER as KERAS_V3
from weighbridge.formats.license_text import READER as LICENSE_TEXT
from weighbridge.formats.lightgbm import READER as LIGHTGBM
from weighbridge.formats.llamafile import READER as LLAMAFILE
from weighbridge.formats.lz4 import READER as LZ4
from weighbridge.formats.lzma import READER as LZMA
from weighbridge.formats.mar import READER as MAR
from weighbridge.formats.mergekit_config import READER as MERGEKIT_CONFIG
from weighbridge.formats.mlflow import READER as MLFLOW
from weighbridge.formats.model_card import READER as MODEL_CARD
from weighbridge.formats.modelfile import READER as MODELFILE
from weighbridge.formats.mxnet_params import READER as MXNET_PARAMS
from weighbridge.formats.mxnet_symbol import READER as MXNET_SYMBOL
from weighbridge.formats.nemo import READER as NEMO
from weighbridge.formats.npy import READER as NPY
from weighbridge.formats.npz import READER as NPZ
from weighbridge.formats.onnx import READER as ONNX
from weighbridge.formats.opaque_archive import READER as OPAQUE_ARCHIVE
from weighbridge.formats.openvino import READER as OPENVINO
from weighbridge.formats.ort_flatbuffer import READER as ORT_FLATBUFFER
from weighbridge.formats.paddle import READER as PADDLE
from weighbridge.formats.pickle import READER as PICKLE
from weighbridge.formats.pmml import READER as PMML
from weighbridge.formats.r_data import READER as R_DATA
from weighbridge.formats.reader import Reader
from weighbridge.formats.safetensors import READER as SAFETENSORS
from weighbridge.formats.saved_model import READER as SAVED_MODEL
from weighbridge.formats.saved_model_text import READER as SAVED_MODEL_TEXT
from weighbridge.formats.sentence_modules import READER as SENTENCE_MODULES
from weighbridge.formats.seven_zip import READER as SEVEN_ZIP
from weighbridge.formats.skops import READER as SKOPS
from weighbridge.formats.stand_in import READER as STAND_IN
from weighbridge.formats.tar import READER as TAR
from weighbridge.formats.tensorrt import READER as TENSORRT
from weighbridge.formats.tf_checkpoint import READER as TF_CHECKPOINT
from weighbridge.formats.tflite import READER as TFLITE
from weighbridge.formats.tokenizer_config import READER as TOKENIZER_CONFIG
from weighbridge.formats.torch7 import READER as TORCH7
from weighbridge.formats.torch_export import READER as TORCH_EXPORT
from weighbridge.formats.torch_tar import READER as TORCH_TAR
from weighbridge.formats.torch_zip import READER as TORCH_ZIP
from weighbridge.formats.transformers_config import READER as TRANSFORMERS_CONFIG
from weighbridge.formats.weights_index import READER as WEIGHTS_INDEX
from weighbridge.formats.xgboost import READER as XGBOOST
from weighbridge.formats.xz import READER as XZ
from weighbridge.formats.zip import READER as ZIP
from weighbridge.formats.zlib import READER as ZLIB
from weighbridge.formats.zstd import READER as ZSTD

READERS: tuple[Reader, ...] = (
    ADAPTER_CONFIG,
    BZIP2,
    CATBOOST,
    CATBOOST_JSON,
    CHAT_TEMPLATE,
    COREML,
    COREML_PACKAGE,
    EXECUTORCH,
    FLAX_MSGPACK,
    FROZEN_GRAPH,
    GGML,
    GGUF,
    GO_TEMPLATE,
    GZIP,
    HYDRA_CONFIG,
    JOBLIB,
    KERAS_H5,
    KERAS_JSON,
    KERAS_METADATA,
    KERAS_V3,
    LICENSE_TEXT,
    LIGHTGBM,
    LLAMAFILE,
    LZ4,
    LZMA,
    MAR,
    MERGEKIT_CONFIG,
    MLFLOW,
    MODEL_CARD,
    MODELFILE,
    MXNET_PARAMS,
    MXNET_SYMBOL,
    NEMO,
    NPY,
    NPZ,
    ONNX,
    OPAQUE_ARCHIVE,
    OPENVINO,
    ORT_FLATBUFFER,
    PADDLE,
    PICKLE,
    PMML,
    R_DATA,
    SAFETENSORS,
    SAVED_MODEL,
    SAVED_MODEL_TEXT,
    SENTENCE_MODULES,
    SEVEN_ZIP,
    SKOPS,
    STAND_IN,
    TAR,
    TENSORRT,
    TF_CHECKPOINT,
    TFLITE,
    TOKENIZER_CONFIG,
    TORCH_EXPORT,
    TORCH_TAR,
    TORCH_ZIP,
    TORCH7,
    TRANSFORMERS_CONFIG,
    WEIGHTS_INDEX,
    XGBOOST,
    XZ,
    ZIP,
    ZLIB,
    ZSTD,
)
