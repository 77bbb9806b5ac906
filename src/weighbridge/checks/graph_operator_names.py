"""Operators that reach outside of the graph, by framework.

Sources: TensorFlow `tensorflow/core/ops/{io_ops,script_ops,debug_ops,dataset_ops,experimental_dataset_ops}.cc` (file,
Python, dataset and debugging operators), ONNX Runtime extensions (`PyOp`) and ONNX Runtime training (`PythonOp`),
PaddlePaddle `fluid/operators` (`py_func`, `load`, `save`, `print` to file).
TFLite runs TensorFlow operators through its Flex delegate under the same names.
"""

from weighbridge.formats.word_list import words

_TENSORFLOW_FILES = words("""
    ReadFile WriteFile MatchingFiles Save SaveSlices WholeFileReader WholeFileReaderV2 FixedLengthRecordReader
    FixedLengthRecordReaderV2 TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader
    ReaderRead ReaderReadV2 ReaderReadUpTo ReaderReadUpToV2 TextLineDataset TFRecordDataset
    TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 SqlDataset CSVDataset CSVDatasetV2
    ExperimentalCSVDataset ExperimentalSqlDataset LMDBDataset ExperimentalLMDBDataset MatchingFilesDataset
    ExperimentalMatchingFilesDataset SaveDataset SaveDatasetV2 LoadDataset SnapshotDataset SnapshotDatasetV2
    DatasetToTFRecord ExperimentalDatasetToTFRecord CacheDataset CacheDatasetV2 DebugIdentityV2 DebugIdentityV3
    DebugIdentity DebugNanCount DebugNumericSummary WriteAudioSummary WriteGraphSummary WriteHistogramSummary
    WriteImageSummary WriteRawProtoSummary WriteScalarSummary WriteSummary CreateSummaryFileWriter CreateSummaryDbWriter
    ImportEvent DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset
    RegisterDatasetV2 DistributedSave RpcCall RpcServer RpcClient FileSystemSetConfiguration
    DumpTensor LoadAndRemapMatrix CalibrationStatisticsSaver ListSnapshotChunksDataset SnapshotChunkDataset PrintV2
    SnapshotDatasetReader SnapshotNestedDatasetReader RpcServerRegister RpcServerStart RpcCheckStatus RpcGetValue
""")

_TENSORFLOW_PYTHON = words("PyFunc PyFuncStateless EagerPyFunc")

FILES_AND_PROCESSES: dict[str, frozenset[str]] = {
    "tensorflow": _TENSORFLOW_FILES,
    "tflite": _TENSORFLOW_FILES,
    "paddle": words("load save load_combine save_combine read_file py_reader listen_and_serv send recv fetch_barrier"),
    "onnx": words("AzureAudioToText AzureTextToText AzureTritonInvoker OpenAIAudioToText"),
}

PYTHON: dict[str, frozenset[str]] = {
    "tensorflow": _TENSORFLOW_PYTHON,
    "tflite": _TENSORFLOW_PYTHON,
    "paddle": words("py_func py_layer pylayer run_program"),
    "onnx": frozenset(),
}
"""Operators that call back into Python. ONNX's `PyOp` and `PythonOp` name functions that the host program must have
registered itself, so they stay a review."""

COMPILED = frozenset({("r", "code"), ("keras", "code"), ("tensorrt", "engine"), ("tensorrt", "plugin")})
"""Framework and domain under which readers report code that is compiled for one runtime."""
