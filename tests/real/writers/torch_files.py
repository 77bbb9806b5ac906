"""Files as PyTorch writes them: current and old layouts, data and whole objects."""

import random
import warnings
from collections import OrderedDict
from pathlib import Path

import torch

FILES = {
    "state_dict.pt": "data",
    "state_dict.pth": "data",
    "pytorch_model.bin": "data",
    "half.pt": "data",
    "quantized.pt": "data",
    "sparse.pt": "data",
    "checkpoint.ckpt": "data",
    "legacy.pt": "data",
    "legacy-checkpoint.pth": "data",
    "full_module.pt": "framework",
    "legacy_module.pt": "framework",
    "scripted.pt": "framework",
    "traced.pt": "framework",
    "exported.pt2": "framework",
    "tensor.pkl": "data",
}


def _network() -> torch.nn.Sequential:
    return torch.nn.Sequential(
        OrderedDict(first=torch.nn.Linear(4, 8), act=torch.nn.ReLU(), last=torch.nn.Linear(8, 2))
    )


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    torch.manual_seed(1)
    warnings.simplefilter("ignore")
    network = _network()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
    network(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    scheduler.step()
    checkpoint = {
        "epoch": 3,
        "model": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "rng": torch.get_rng_state(),
        "python_rng": random.Random(1).getstate(),
        "device": torch.device("cpu"),
        "dtype": torch.bfloat16,
        "shape": torch.Size([4, 8]),
        "loss": torch.tensor(0.5),
        "parameter": torch.nn.Parameter(torch.ones(2)),
    }
    torch.save(network.state_dict(), folder / "state_dict.pt")
    torch.save(network.state_dict(), folder / "state_dict.pth", pickle_protocol=4)
    torch.save(dict(network.state_dict()), folder / "pytorch_model.bin")
    torch.save({name: value.half() for name, value in network.state_dict().items()}, folder / "half.pt")
    torch.save({"w": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.quint8)}, folder / "quantized.pt")
    torch.save({"w": torch.eye(4).to_sparse()}, folder / "sparse.pt")
    torch.save(checkpoint, folder / "checkpoint.ckpt")
    torch.save(network.state_dict(), folder / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(checkpoint, folder / "legacy-checkpoint.pth", _use_new_zipfile_serialization=False)
    torch.save(network, folder / "full_module.pt")
    torch.save(network, folder / "legacy_module.pt", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(network.eval()), str(folder / "scripted.pt"))
    torch.jit.save(torch.jit.trace(network.eval(), torch.ones(1, 4)), str(folder / "traced.pt"))
    torch.export.save(torch.export.export(network.eval(), (torch.ones(1, 4),)), folder / "exported.pt2")
    torch.save(torch.arange(6), folder / "tensor.pkl")
