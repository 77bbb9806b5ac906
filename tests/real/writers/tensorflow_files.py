"""Models as TensorFlow writes them: SavedModel, checkpoint, TFLite, frozen graph."""

from pathlib import Path

import tensorflow as tf

FILES = {
    "saved_model/saved_model.pb": "data",
    "saved_model/fingerprint.pb": "beside",
    "saved_model/variables/variables.index": "beside",
    "saved_model/variables/variables.data-00000-of-00001": "beside",
    "checkpoint/model-1.index": "data",
    "checkpoint/model-1.data-00000-of-00001": "beside",
    "checkpoint/checkpoint": "beside",
    "model.tflite": "data",
}


class _Scale(tf.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = tf.Variable(tf.random.stateless_normal([4, 2], seed=(1, 2)))

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        return tf.nn.relu(tf.matmul(x, self.weight))


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    module = _Scale()
    tf.saved_model.save(module, str(folder / "saved_model"))
    (folder / "checkpoint").mkdir()
    tf.train.Checkpoint(module=module).save(str(folder / "checkpoint" / "model"))
    function = module.__call__.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], module)
    (folder / "model.tflite").write_bytes(converter.convert())
