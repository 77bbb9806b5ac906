"""Estimators of scikit-learn as pickle and joblib write them, raw and under every compressor."""

import pickle
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COMPRESSORS = ("zlib", "gzip", "bz2", "xz", "lzma", "lz4")
FILES = {
    "logistic.pkl": "framework",
    "forest.pkl": "framework",
    "forest.joblib": "framework",
    "boosting.joblib": "framework",
    "pipeline.joblib": "framework",
    "vectorizer.pkl": "framework",
    "protocol2.pkl": "framework",
} | {f"forest-{compressor}.joblib": "framework" for compressor in COMPRESSORS}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(4)
    samples = generator.random((40, 3))
    labels = (samples.sum(axis=1) > 1.5).astype(int)
    forest = RandomForestClassifier(n_estimators=3, max_depth=3, random_state=1).fit(samples, labels)
    logistic = LogisticRegression().fit(samples, labels)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(samples, labels)
    boosting = GradientBoostingClassifier(n_estimators=2, random_state=1).fit(samples, labels)
    vectorizer = TfidfVectorizer().fit(["the scale of a bridge", "a truck on the bridge"])
    (folder / "logistic.pkl").write_bytes(pickle.dumps(logistic))
    (folder / "protocol2.pkl").write_bytes(pickle.dumps(logistic, 2))
    (folder / "forest.pkl").write_bytes(pickle.dumps(forest))
    (folder / "vectorizer.pkl").write_bytes(pickle.dumps(vectorizer))
    joblib.dump(forest, folder / "forest.joblib")
    joblib.dump(boosting, folder / "boosting.joblib")
    joblib.dump(pipeline, folder / "pipeline.joblib")
    for compressor in COMPRESSORS:
        joblib.dump(forest, folder / f"forest-{compressor}.joblib", compress=(compressor, 3))
