"""Where credentials lie that no agent needs: the places that exports shield or watch.

Sources: ssh(1), aws-cli "Configuration and credential file settings", gcloud "config directory", kubectl "kubeconfig",
docker "config.json", gpg(1), netrc(5), git-credential-store(1), npm "npmrc", PyPA ".pypirc", huggingface_hub "token".
"""

FOLDERS = (".ssh", ".aws", ".azure", ".config/gcloud", ".kube", ".gnupg")
"""Below a home."""
FILES = (
    *(".docker/config.json", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".cargo/credentials.toml"),
    ".cache/huggingface/token",
)
"""Below a home."""
