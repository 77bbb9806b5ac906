"""A llama.cpp server in this process, until stdin ends. Arguments: model, host or socket, port, `mmap` or `read`.

The model `-` is the path in the first line of stdin; `--model` before it is passed over.
"""

import sys


def main() -> None:
    """Serve as the command line says, and print `up` when it answers."""
    import xllamacpp

    model, host, port, load = (word for word in sys.argv[1:] if word != "--model")
    model = sys.stdin.readline().strip() if model == "-" else model
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = [host]
    parameters.port = int(port)
    parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = 256, 1, 1
    parameters.warmup = False
    modes = xllamacpp.llama_load_mode
    if load == "read":
        parameters.load_mode = modes.LLAMA_LOAD_MODE_NONE
    server = xllamacpp.Server(parameters)
    print("up", flush=True)
    sys.stdin.read()
    del server


if __name__ == "__main__":
    main()
