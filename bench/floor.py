"""The least that any scanner in Python pays: `python bench/floor.py stat|read FOLDER` walks, and prints the count."""

import os
import sys


def walk(folder: bytes, read: bool) -> int:
    """Return how many files are below `folder`, each with its stat taken and, if asked, 512 bytes read."""
    waiting, count = [folder], 0
    while waiting:
        with os.scandir(waiting.pop()) as listing:
            for entry in listing:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                entry.stat(follow_symlinks=False)
                count += 1
                if read and entry.is_file(follow_symlinks=False):
                    with open(entry.path, "rb", buffering=0) as file:
                        file.read(512)
    return count


if __name__ == "__main__":
    print(walk(os.fsencode(sys.argv[2]), sys.argv[1] == "read"))
