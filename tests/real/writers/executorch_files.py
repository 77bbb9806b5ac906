"""Programs as ExecuTorch writes them."""

from pathlib import Path

import torch
from executorch.exir import to_edge

FILES = {"program.pte": "data"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    exported = torch.export.export(torch.nn.Linear(4, 2).eval(), (torch.ones(1, 4),))
    program = to_edge(exported).to_executorch()
    (folder / "program.pte").write_bytes(program.buffer)
