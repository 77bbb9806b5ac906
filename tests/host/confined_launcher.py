"""Starts `confined_child` with the folder of the tests to import from, too."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.path.insert(0, sys.argv[1])
    from weighbridge.host.confined_child import main

    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]), *sys.argv[6:7]))
