"""How long `wb --version` and `wb --help` take over a bare interpreter: `python -m bench.cold_start`."""

import sys

from bench.paired import WEIGHBRIDGE, paired, save, summarize


def main() -> None:
    """Run the three in turn and save medians; the ratio is to the bare interpreter."""
    commands = {
        "interpreter": [sys.executable, "-c", "pass"],
        "version": [*WEIGHBRIDGE, "--version"],
        "help": [*WEIGHBRIDGE, "--help"],
    }
    summary = summarize(paired(commands, rounds=25), base="interpreter")
    for values in summary.values():
        values["over_interpreter_ms"] = round(1000 * (values["processor"] - summary["interpreter"]["processor"]), 1)
    print(summary)
    save("cold_start", summary)


if __name__ == "__main__":
    main()
