"""The server of llama.cpp out of the xllamacpp wheel, behind the few arguments of `llama-server` that tests give it.

python llama_server.py -hf MODEL --port PORT ...; serves until it is ended.
"""

import argparse
import os
import signal
import sys

import xllamacpp


def main() -> None:
    """Load what is named, wherever it comes from, and serve it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-hf", required=True)
    parser.add_argument("--port", type=int, required=True)
    given, _ = parser.parse_known_args()
    parameters = xllamacpp.CommonParams()
    parameters.model.hf_repo = given.hf
    # The binding asks for a path before it asks the downloader, which replaces it.
    parameters.model.path = "replaced"
    # `llama-server` takes the token from there while it reads its arguments.
    parameters.hf_token = os.environ["HF_TOKEN"]
    parameters.hostnames, parameters.port = ["127.0.0.1"], given.port
    parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = 256, 1, 1
    parameters.warmup = False
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        sys.exit(str(error))
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
