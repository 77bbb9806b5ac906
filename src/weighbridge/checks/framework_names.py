"""Which modules belong to the framework whose configuration names them.

Sources: skops `skops/io/_trusted_types.py` (types that it loads without being asked), NVIDIA NeMo and Lightning
configurations (`_target_`), MLflow's built-in flavors (`mlflow.pyfunc` loader modules), peft `auto_mapping`
(`parent_library` is the module of the base model's class). A class of the framework itself
is what its files are made of; a function of it is not.
"""

from weighbridge.formats.word_list import words

OWN: dict[str, tuple[str, ...]] = {
    "skops": (
        "sklearn", "numpy", "scipy", "skops", "joblib.numpy_pickle", "pandas", "xgboost", "lightgbm", "catboost",
        "quantile_forest", "imblearn",
    ),
    "hydra": (
        "nemo.collections", "nemo.core", "megatron.core", "torch.nn", "torch.optim", "lightning", "pytorch_lightning",
        "omegaconf", "transformers", "torchmetrics", "torchaudio", "torchvision", "diffusers", "nemo_text_processing",
    ),
    "mlflow": ("mlflow",),
    "peft": ("peft", "transformers", "diffusers", "timm", "torch.nn", "torchvision", "sentence_transformers"),
    "sentence-transformers": ("sentence_transformers", "transformers", "torch.nn"),
    "keras": ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", "keras_core"),
}  # fmt: skip
"""Framework to the modules whose classes (names that begin with a capital letter) only hold or compute."""

PLAIN_FUNCTIONS: dict[str, frozenset[str]] = {
    "skops": words("""
        ndarray dtype generic matrix ufunc csr_matrix csc_matrix coo_matrix bsr_matrix dia_matrix csr_array csc_array
        coo_array float64 float32 float16 int64 int32 int16 int8 uint8 uint16 uint32 uint64 bool_ str_ bytes_ interp1d
        rv_frozen rv_continuous_frozen rv_discrete_frozen randint uniform loguniform expit logit exp log log1p expm1
        sqrt square
    """)
}
"""Names in small letters that are classes or mathematics all the same."""

LIBRARIES = words("""
    numpy torch tensorflow scipy pandas joblib dill cloudpickle requests yaml IPython jax flax fsspec urllib3 httpx
    aiohttp paramiko fabric invoke plumbum sh psutil boto3 git docker transformers huggingface_hub datasets sklearn
    mlflow keras tf_keras nemo pytorch_lightning lightning hydra omegaconf
""")
"""Libraries that are usually installed beside models: a function of theirs can be called by naming it."""
