"""Places and endings that exports look at: where credentials lie that no agent needs, and how models end.

Sources: ssh(1), aws-cli "Configuration and credential file settings", gcloud "config directory", kubectl "kubeconfig",
docker "config.json", gpg(1), netrc(5), git-credential-store(1), npm "npmrc", PyPA ".pypirc", huggingface_hub "token".
"""

WEIGHT_ENDINGS = (".gguf", ".safetensors", ".llamafile")
"""Endings that only models have: `.pth` is on every machine with Python, `.onnx` and `.bin` come with browsers."""
FOLDERS = (".ssh", ".aws", ".azure", ".config/gcloud", ".kube", ".gnupg")
"""Below a home."""
FILES = (
    *(".docker/config.json", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".cargo/credentials.toml"),
    ".cache/huggingface/token",
)
"""Below a home."""
