"""A small hub, a home and a pull, for the tests of what brings models here."""

from pathlib import Path
from random import Random

from tests.pipeline.hub_server import SmallHub

from weighbridge.host.real import RealMachine
from weighbridge.model.events import silent
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_pull import Pulled, pull
from weighbridge.pipeline.hub_wanted import wanted

WEIGHTS = Random(7).randbytes(3 << 20)
FILES = {
    "config.json": b"{}",
    "model.gguf": WEIGHTS,
    "nested/same.gguf": WEIGHTS,
    "nested/ü.txt": b"text",
    "README.md": b"# Coder",
}


def pulled(hub: SmallHub, include=(), version="main") -> Pulled:
    access = HubAccess(url=hub.url, token="hf_" + "a" * 40)
    client = hub_client(access, 4)
    try:
        found = wanted(client, access, hub.name, version, include)
        return pull(RealMachine(), access, client, found, wait=lambda _: None, listener=silent)
    finally:
        client.close()


def repository(home: Path) -> Path:
    return home / "hf" / "hub" / "models--acme--coder"
