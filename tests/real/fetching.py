"""Downloads a repository with the stock client: `python -m tests.real.fetching REPOSITORY FOLDER`."""

import sys

from huggingface_hub import snapshot_download

repository, folder = sys.argv[1:]
snapshot_download(repository)
snapshot_download(repository, local_dir=folder)
