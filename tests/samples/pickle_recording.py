"""CPython's own C unpickler, told to resolve nothing: it answers with the names that it was asked for.

`python -m tests.samples.pickle_recording` reads one stream per line in base64 and answers each with a JSON list of
[module, name]. Nothing is imported or called: every name resolves to a stand-in. Memory and processor time are limited.
"""

import base64
import io
import json
import pickle
import resource
import sys


class StandIn:
    """Takes the place of whatever a stream imports; accepts everything."""

    def __new__(cls, *_operands: object, **_keywords: object) -> "StandIn":
        return super().__new__(cls)

    def __init__(self, *_operands: object, **_keywords: object) -> None:
        pass

    def __call__(self, *_operands: object, **_keywords: object) -> "StandIn":
        return StandIn()

    def __setstate__(self, state: object) -> None:
        pass

    def __setitem__(self, key: object, item: object) -> None:
        pass

    def append(self, item: object) -> None:
        pass

    def extend(self, items: object) -> None:
        pass

    def add(self, item: object) -> None:
        pass


class Recording(pickle.Unpickler):
    """The C unpickler with its door to the outside closed."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.names: list[tuple[str, str]] = []

    def find_class(self, module: str, name: str) -> type:
        self.names.append((module, name))
        return StandIn

    def persistent_load(self, _identity: object) -> StandIn:
        return StandIn()


def names_of(content: bytes) -> list[tuple[str, str]]:
    """Return the names that the C unpickler asks for before it ends or fails."""
    unpickler = Recording(io.BytesIO(content))
    try:
        unpickler.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
    return unpickler.names


def main() -> None:
    """Answer line by line."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for line in sys.stdin:
        print(json.dumps(names_of(base64.b64decode(line))), flush=True)


if __name__ == "__main__":
    main()
