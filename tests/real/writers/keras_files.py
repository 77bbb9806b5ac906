"""Models as Keras 3 writes them: .keras, HDF5, weights only."""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras

FILES = {
    "sequential.keras": "data",
    "functional.keras": "data",
    "model.h5": "data",
    "only.weights.h5": "data",
    "architecture.json": "beside",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    keras.utils.set_random_seed(5)
    layers = keras.layers
    sequential = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(2)])
    image = keras.Input((8, 8, 1))
    flat = layers.Flatten()(layers.Conv2D(2, 3, name="convolution")(image))
    both = layers.Concatenate()([flat, layers.Dropout(0.5)(flat)])
    functional = keras.Model(image, layers.Dense(3, activation="softmax", kernel_regularizer="l2")(both))
    sequential.save(folder / "sequential.keras")
    functional.save(folder / "functional.keras")
    functional.save(folder / "model.h5")
    sequential.save_weights(folder / "only.weights.h5")
    (folder / "architecture.json").write_text(functional.to_json())
