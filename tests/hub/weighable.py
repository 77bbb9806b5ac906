"""Small models for tests that weigh releases: real files of each kind, built here."""

from tests.samples.safetensors_file import small
from tests.samples.torch_files import storage, torch_zip

from weighbridge.hub.hub import Hub
from weighbridge.hub.worker import do_next
from weighbridge.hub.works import WORKS

CARD = b"---\nlicense: apache-2.0\n---\n# Tiny\nA model for tests.\n"
CLEAN = {"README.md": CARD, "config.json": b'{"model_type":"llama"}', "model.safetensors": small()}
"""What policy alone approves."""
EVIL = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R."
"""A pickle that starts a program."""
MALICIOUS = {"README.md": CARD, "pytorch_model.bin": torch_zip(EVIL)}
UNLICENSED = {"model.safetensors": small()}
CHECKPOINT = {
    "README.md": CARD,
    "pytorch_model.bin": torch_zip(b"\x80\x02}q\x00X\x01\x00\x00\x00w" + storage("0", 4) + b"s."),
}


async def work(hub: Hub, most: int = 50) -> int:
    """Do every job that is due; return how many."""
    done = 0
    while done < most and await do_next(hub, WORKS):
        done += 1
    return done
