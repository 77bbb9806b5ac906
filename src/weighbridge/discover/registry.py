"""All probes, sorted by id: those with a file of their own, and those that `signatures/` describes."""

from weighbridge.discover import docker_model_runner, huggingface_cache, huggingface_folder, oci_layout, ollama
from weighbridge.discover.probe import Probe
from weighbridge.discover.store import plain_stores

_OWN = (docker_model_runner.PROBE, huggingface_cache.PROBE, huggingface_folder.PROBE, oci_layout.PROBE, ollama.PROBE)

PROBES: tuple[Probe, ...] = tuple(sorted((*_OWN, *plain_stores()), key=lambda probe: probe.id))
